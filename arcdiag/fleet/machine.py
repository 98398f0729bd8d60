"""One machine of a fleet, opened again from where its bundle lies."""

from __future__ import annotations

import re
from pathlib import Path

from arcdiag.case.open import open_case
from arcdiag.diagnose.run import diagnose
from arcdiag.errors import InputError
from arcdiag.fleet.fetch import fetched
from arcdiag.fleet.rows import shown
from arcdiag.fleet.task import Kind, Source
from arcdiag.fleet.views import connected
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Diagnosis

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(?:::|://)")
_FIND = """SELECT bundle, source, name FROM machines
WHERE error IS NULL AND (lower(name) = lower(?) OR starts_with(bundle, lower(?)) OR source = ?)
ORDER BY (lower(name) = lower(?)) DESC, now DESC NULLS LAST, run DESC, bundle"""
_SHORTEST = 6


def diagnosis_of(folder: Path, who: str, rules: RuleSet) -> Diagnosis:
    """The diagnosis of the newest bundle of a machine, made anew; `who`: its name, its source, or its bundle's hash.

    Raises InputError if there is none, if its bundle is no longer there, or if that has changed since.
    """
    bundle, where = _found(folder, who)
    with fetched(source_at(where)) as (path, now, _):
        if now != bundle:
            raise InputError(f"{shown(where)} has changed since it was analysed; run arcdiag fleet analyze again")
        with open_case(str(path)) as case:
            return diagnose(case, rules)


def source_at(where: str) -> Source:
    """The source that a path or URL of the tables names."""
    if _URL.match(where):
        return Source(where, Kind.REMOTE)
    return Source(where, Kind.FOLDER if Path(where).is_dir() else Kind.FILE)


def _found(folder: Path, who: str) -> tuple[str, str]:
    prefix = who if len(who) >= _SHORTEST else "-"
    with connected(folder) as connection:
        rows = connection.execute(_FIND, [who, prefix, who, who]).fetchall()
    if not rows:
        raise InputError(f"no machine {shown(who)!r} in {folder}; names stand in the column name of the table machines")
    others = {name for _, _, name in rows if name} - {rows[0][2]}
    if others and (rows[0][2] or "").lower() != who.lower():
        raise InputError(f"{shown(who)!r} is the beginning of the ids of {len(rows)} bundles; name more of it")
    return rows[0][0], rows[0][1]
