"""The tables of a folder as an overview, by SQL where they are large."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arcdiag.fleet.overview.model import AgentVersion, CauseGroup, Clone, Machine, Overview, Shared
from arcdiag.fleet.overview.onset import chart, clusters
from arcdiag.fleet.overview.shared import FEWEST, shared_values
from arcdiag.fleet.store import REPORTS, report_file
from arcdiag.fleet.views import connected
from arcdiag.knowledge.releases import defects_of, released, supported
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.version import parse_version

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_CLONES, MOST_HOSTS, MOST_SUBJECTS = 100, 12, 3
_SETUP = """
CREATE TEMP TABLE fleet AS SELECT * FROM latest;
CREATE TEMP TABLE ill AS SELECT DISTINCT c.bundle, c.cause, c.impact, c.subject, c.since, c.rank
  FROM causes c SEMI JOIN fleet USING (bundle, run) WHERE c.state = 'current';
CREATE TEMP TABLE held AS SELECT DISTINCT t.bundle, t.name, t.value FROM traits t SEMI JOIN fleet USING (bundle, run);
"""
# A value is compared among those machines of which the trait is known at all.
_SHARED = f"""
WITH mine AS (SELECT i.cause, h.name, h.value, count(DISTINCT h.bundle) AS n
              FROM ill i JOIN held h USING (bundle) GROUP BY ALL),
 of_cause AS (SELECT i.cause, h.name, count(DISTINCT h.bundle) AS n FROM ill i JOIN held h USING (bundle) GROUP BY ALL),
 holders AS (SELECT name, value, count(*) AS n FROM held GROUP BY ALL),
 known AS (SELECT name, count(DISTINCT bundle) AS n FROM held GROUP BY ALL)
SELECT b.cause, b.name, b.value, b.n, o.n, h.n, o.n - b.n, k.n - h.n
FROM mine b JOIN of_cause o USING (cause, name) JOIN holders h USING (name, value) JOIN known k USING (name)
WHERE b.n >= {FEWEST} AND k.n > h.n ORDER BY ALL"""
_CLONES = """
SELECT kind, id, count(DISTINCT host), list(DISTINCT host ORDER BY host)
FROM (SELECT 'vm_id' AS kind, vm_id AS id, lower(split_part(host, '.', 1)) AS host FROM fleet
      UNION ALL SELECT 'cert_thumbprint', upper(cert_thumbprint), lower(split_part(host, '.', 1)) FROM fleet)
WHERE id IS NOT NULL AND host IS NOT NULL AND host <> ''
GROUP BY kind, id HAVING count(DISTINCT host) > 1 ORDER BY 3 DESC, 1 DESC, 2"""
_MACHINES = """
SELECT f.bundle, coalesce(f.name, regexp_extract(f.source, '[^/\\\\]*$')), f.verdict, coalesce(i.causes, []),
       f.agent_version, f.proxy, f.onset_text, f.source
FROM fleet f LEFT JOIN (SELECT bundle, list(cause ORDER BY rank) AS causes FROM ill GROUP BY bundle) i USING (bundle)
LEFT JOIN (SELECT cause, count(*) AS n FROM fleet GROUP BY cause) c ON c.cause = f.cause
ORDER BY CASE f.verdict WHEN 'problem' THEN 0 WHEN 'inconclusive' THEN 1 WHEN 'recovered' THEN 2 ELSE 3 END,
         c.n DESC NULLS LAST, f.cause, f.onset NULLS LAST, f.name, f.bundle"""


def overview(folder: Path, rules: RuleSet) -> Overview:
    """What the tables in a folder say together. Raises InputError if there are none."""
    with connected(folder) as connection:
        connection.execute(_SETUP)
        machines = tuple(_machines(connection, folder))
        newest = _one(connection, "SELECT max(now) FROM fleet")
        onsets = _onsets(connection)
        clones = list(_clones(connection))
        made_by = (
            _one(connection, "SELECT max(tool_version) FROM fleet"),
            _one(connection, "SELECT max(rules_version) FROM fleet"),
        )
        undated = _one(connection, "SELECT count(*) FROM ill WHERE since IS NULL")
        verdicts = dict(connection.execute("SELECT verdict, count(*) FROM fleet GROUP BY 1 ORDER BY 1").fetchall())
        return Overview(
            bundles=_one(connection, "SELECT count(*) FROM machines"),
            verdicts=verdicts,
            newest=newest,
            causes=tuple(_causes(connection, onsets)),
            clones=tuple(clones[:MOST_CLONES]),
            onsets=chart(onsets, undated),
            versions=tuple(_versions(connection, rules, newest)),
            machines=machines,
            errors=tuple(
                connection.execute(
                    "SELECT source, error FROM machines WHERE error IS NOT NULL ORDER BY source"
                ).fetchall()
            ),
            tool_version=made_by[0] or "",
            rules_version=made_by[1] or "",
            all_clones=len(clones),
        )


def _one(connection: DuckDBPyConnection, sql: str) -> Any:
    row = connection.execute(sql).fetchone()
    return row[0] if row else None


def _onsets(connection: DuckDBPyConnection) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = defaultdict(list)
    for cause, at in connection.execute(
        "SELECT cause, since FROM ill WHERE since IS NOT NULL ORDER BY 1, 2"
    ).fetchall():
        found[cause].append(at)
    return dict(found)


def _causes(connection: DuckDBPyConnection, onsets: dict[str, list[datetime]]) -> Iterator[CauseGroup]:
    shared = shared_values((row[0], Shared(*row[1:])) for row in connection.execute(_SHARED).fetchall())
    close = clusters(onsets)
    answers = dict(
        connection.execute("SELECT cause, count(*) FROM fleet WHERE cause IS NOT NULL GROUP BY 1").fetchall()
    )
    subjects: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for cause, subject, number in connection.execute(
        "SELECT cause, subject, count(DISTINCT bundle) FROM ill WHERE subject <> '' GROUP BY 1, 2 ORDER BY 3 DESC, 2"
    ).fetchall():
        subjects[cause].append((subject, number))
    for cause, number, impact in connection.execute(
        "SELECT cause, count(DISTINCT bundle), min(impact) FROM ill GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall():
        some = tuple(subjects[cause][:MOST_SUBJECTS])
        yield CauseGroup(cause, number, answers.get(cause, 0), impact, some, shared.get(cause, ()), close.get(cause))


def _clones(connection: DuckDBPyConnection) -> Iterator[Clone]:
    for kind, id_, number, hosts in connection.execute(_CLONES).fetchall():
        yield Clone(kind, id_, number, tuple(hosts[:MOST_HOSTS]))


def _versions(connection: DuckDBPyConnection, rules: RuleSet, newest: datetime | None) -> Iterator[AgentVersion]:
    """Newest version first."""
    counted: dict[tuple[int, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for version, os, number, problems in connection.execute(
        "SELECT agent_version, os, count(*), count(*) FILTER (verdict = 'problem') FROM fleet GROUP BY 1, 2"
    ).fetchall():
        minor = (parse_version(version) or ())[:2]
        if len(minor) == 2:
            here = counted[minor]
            here[0], here[1] = here[0] + number, here[1] + problems
            here[2] = max(here[2], len(defects_of(rules, version, os)))
    for minor in sorted(counted, reverse=True):
        name = f"{minor[0]}.{minor[1]}"
        known = supported(rules, name, newest.date()) if newest else None
        yield AgentVersion(name, counted[minor][0], counted[minor][1], released(rules, name), known, counted[minor][2])


def _machines(connection: DuckDBPyConnection, folder: Path) -> Iterator[Machine]:
    written = {path.name for path in (folder / REPORTS).glob("*.html")}
    for bundle, name, verdict, causes, agent, proxy, onset, source in connection.execute(_MACHINES).fetchall():
        report = report_file(folder, bundle).name in written
        yield Machine(bundle, name or bundle[:12], verdict, tuple(causes), agent, proxy, onset, source, report)
