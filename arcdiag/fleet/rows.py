"""A diagnosis as rows of the tables: nothing but plain values, scrubbed of secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from functools import lru_cache

from arcdiag.diagnose.portrait import first_value, names_of
from arcdiag.fleet.tables import TABLES, Row
from arcdiag.knowledge.version import parse_version
from arcdiag.model.diagnosis import Cause, Diagnosis, EndpointSeen, State
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.stamp import Stamp
from arcdiag.report.clean_text import clean_text
from arcdiag.report.visible import one_line
from arcdiag.report.words import Words

Rows = dict[str, list[Row]]
MOST_TRAITS, MOST_ROWS, LONGEST = 60, 500, 400
_GROUP = re.compile(r"/resourceGroups/([^/]+)/", re.I)
_TRAIT_FACTS = ("policy.", "security.")


def rows_of(d: Diagnosis, words: Words) -> Rows:
    """Rows of every table, without the columns `bundle` and `run`, and of `machines` without those of the source."""
    made: Rows = {
        "machines": [_machine(d)],
        "causes": [_cause(rank, cause, words) for rank, cause in enumerate(d.causes, 1)],
        "codes": [
            {"code": c.code, "meaning": words.text(c.meaning), "count": c.count, "explained_by": c.explained_by}
            for c in d.codes
        ],
        "endpoints": [_endpoint(endpoint) for endpoint in d.endpoints],
        "traits": [],
    }
    made["traits"] = [{"name": name, "value": value} for name, value in _traits(d, made["machines"][0])]
    return {table: [_clean(row) for row in rows[:MOST_ROWS]] for table, rows in made.items()}


def error_row(error: str, again: bool) -> Rows:
    """The row of a bundle that has no diagnosis; `again` if another try may have one."""
    row: Row = {"error": error, "again": again}
    return {table: [_clean(row)] if table == "machines" else [] for table in TABLES}


def shown(text: str, most: int = LONGEST) -> str:
    """A text from outside as it may stand in a table: on one line, visible, without secrets, not endless."""
    return _shown(text[: most * 4])[:most]


@lru_cache(maxsize=1024)
def _shown(text: str) -> str:
    """Kept: titles and meanings are the same for most machines, and the look for secrets is what a row costs."""
    return clean_text(one_line(text))


def _clean(row: Row) -> Row:
    return {name: _cleaned(value) for name, value in row.items()}


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return shown(value)
    return [shown(str(item)) for item in value] if isinstance(value, tuple) else value


def _machine(d: Diagnosis) -> Row:
    case, identity = d.case, d.case.identity
    current = [cause for cause in d.causes if cause.state is State.CURRENT]
    first = current[0] if current else None
    group = _GROUP.search(identity.resource_id or "")
    names = names_of(case.facts)
    return {
        "host": case.host,
        "name": case.host or names.get("resource-name") or (identity.resource_id or "").rsplit("/", 1)[-1] or None,
        "os": case.os,
        "agent_version": case.agent_version,
        "vm_id": _lower(identity.vm_id),
        "cert_thumbprint": identity.cert_thumbprint,
        "tenant": _lower(identity.tenant),
        "subscription": _lower(identity.subscription),
        "resource_group": names.get("resource-group") or (group[1] if group else None),
        "resource_id": identity.resource_id,
        "region": _lower(identity.region),
        "cloud": identity.cloud,
        "proxy": identity.proxy,
        "status": first_value(case.facts, "agent.show", "status"),
        "verdict": d.verdict.value,
        "exit_code": d.verdict.exit_code,
        "cause": first.id if first else None,
        "causes": len(current),
        **_times("onset", first.since if first else None),
        **_times("now", case.now),
        "again": False,
        "tool_version": d.tool_version,
        "rules_version": d.rules_version,
    }


def _cause(rank: int, cause: Cause, words: Words) -> Row:
    return {
        "rank": rank,
        "cause": cause.id,
        "title": words.text(cause.title),
        "layer": cause.layer,
        "confidence": cause.confidence.value,
        "state": cause.state.value,
        "impact": cause.impact.value,
        "subject": cause.subjects[0] if cause.subjects else None,
        "subjects": cause.subjects,
        "steps": cause.steps,
        **_times("since", cause.since),
        **_times("last_seen", cause.last_seen),
        "summary": words.text(cause.summary),
    }


def _endpoint(endpoint: EndpointSeen) -> Row:
    failing = next((layer for layer in endpoint.layers if layer.layer == endpoint.failing_layer), None)
    times = [layer.ms for layer in endpoint.layers if layer.ms is not None]
    return {
        "host": endpoint.host,
        "role": endpoint.role,
        "required": endpoint.required,
        "path": endpoint.path,
        "failing_layer": endpoint.failing_layer,
        "detail": failing.detail if failing else None,
        "milliseconds": sum(times) if times else None,
    }


def _traits(d: Diagnosis, machine: Row) -> Iterator[tuple[str, str]]:
    """What the machine may share with others; what names it alone is left out."""
    for name in ("proxy", "subscription", "tenant", "resource_group", "region", "cloud", "os"):
        if machine[name] and machine[name] != "unknown":
            yield name, str(machine[name])
    minor = (parse_version(d.case.agent_version) or ())[:2]
    if len(minor) == 2:
        yield "agent_version", f"{minor[0]}.{minor[1]}"
    if not machine["proxy"] and any(_tells_of_proxy(fact) for fact in d.case.facts):
        yield "proxy", "none"
    seen = [fact for fact in d.facts if fact.id.startswith(_TRAIT_FACTS) and fact.status == FactStatus.OK]
    for fact in seen[:MOST_TRAITS]:
        yield (f"{fact.id} {fact.subject}" if fact.subject else fact.id), fact.value


def _tells_of_proxy(fact: Fact) -> bool:
    """Whether a fact would name the proxy if there were one."""
    known = fact.fact == "agent.proxy" or (fact.fact == "agent.show" and "https_proxy" in fact.value)
    return known and fact.status is FactStatus.OK


def _times(name: str, stamp: Stamp | None) -> Row:
    """A point in time twice: as a moment where its offset is known, and as the report writes it."""
    moment = stamp.at.astimezone(UTC).replace(tzinfo=None) if stamp is not None and stamp.is_utc else None
    return {name: moment, f"{name}_text": stamp.iso() if stamp is not None else None}


def _lower(text: str | None) -> str | None:
    return text.lower() if text else None
