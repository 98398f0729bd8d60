"""The small tables of the page as CSV inside links, so that they can be saved without any script."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from arcdiag.fleet.overview.model import Overview
from arcdiag.fleet.query import csv_cell


def csv_links(o: Overview) -> dict[str, str]:
    """`data:` addresses by table: causes, shared, clones, versions, errors. Ids and English, whatever the language."""
    return {
        "causes": _link(
            ("cause", "machines", "first_cause_of", "impact", "subjects"),
            ((c.cause, c.machines, c.answers, c.impact, ", ".join(name for name, _ in c.subjects)) for c in o.causes),
        ),
        "shared": _link(
            ("cause", "trait", "value", "with_cause", "of_cause", "sharing", "others_with_cause", "others"),
            (
                (c.cause, s.trait, s.value, s.with_cause, s.of_cause, s.sharing, s.others_with_cause, s.others)
                for c in o.causes
                for s in c.shared
            ),
        ),
        "clones": _link(
            ("kind", "id", "hosts", "names"), ((c.kind, c.id, c.number, ", ".join(c.hosts)) for c in o.clones)
        ),
        "versions": _link(
            ("version", "machines", "problems", "released", "supported", "defects"),
            ((v.version, v.machines, v.problems, v.released, v.supported, v.defects) for v in o.versions),
        ),
        "errors": _link(("source", "error"), o.errors[:MOST_ERRORS]),
    }


MOST_ERRORS = 1000


def _link(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(head)
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    return "data:text/csv;charset=utf-8," + quote("\ufeff" + made.getvalue())
