"""What became of the current causes of an earlier report. Not seen again is not resolved: something has to show it."""

from __future__ import annotations

from collections.abc import Iterator

from arcdiag.report.compare.tokens import unpaired
from arcdiag.report.compare.wire import CauseChange, Change
from arcdiag.report.wire import CauseDoc, ReportDoc

_ON_THE_WAY = frozenset(f"probe.{layer}" for layer in ("endpoint", "dns", "tcp", "proxy", "connect", "tls", "http"))
"""Facts that only an endpoint that is reached to its last layer shows to be well."""


def cause_changes(before: ReportDoc, after: ReportDoc, seen: frozenset[str] = frozenset()) -> Iterator[CauseChange]:
    """Causes that are current in one of the two, those of the later report first.

    `seen`: names of the facts that were known later, where more of them are known than the report shows.
    """
    old = {c.id: c for c in before.causes if c.state == "current"}
    new = {c.id: c for c in after.causes if c.state == "current"}
    past = {c.id: c for c in after.causes if c.state == "past"}
    for id_, cause in new.items():
        yield _made(cause, Change.NEW, None, cause, "new") if id_ not in old else _still(old[id_], cause)
    for id_, cause in old.items():
        if id_ not in new:
            yield _gone(cause, past.get(id_), after, seen)


def _still(old: CauseDoc, new: CauseDoc) -> CauseChange:
    fewer, more = unpaired(old.subjects, new.subjects)
    if more:
        return _made(new, Change.WORSE, old, new, "more-subjects")
    if fewer:
        return _made(new, Change.BETTER, old, new, "fewer-subjects")
    if old.confidence != new.confidence:
        return _made(new, Change.STILL, old, new, "confidence")
    return _made(new, Change.STILL, old, new, "same")


def _gone(old: CauseDoc, past: CauseDoc | None, after: ReportDoc, seen: frozenset[str]) -> CauseChange:
    if past is not None:
        return _made(old, Change.RESOLVED, old, past, "past")
    folded = next(
        (c.id for c in after.causes if c.state == "current" and any(e.id == old.id for e in c.explains)), None
    )
    if folded is not None:
        return _made(old, Change.CHANGED, old, None, "folded")
    if _works(old, after, seen):
        return _made(old, Change.RESOLVED, old, None, "works")
    return _made(old, Change.UNKNOWN, old, None, "not-looked-at")


def _works(old: CauseDoc, after: ReportDoc, seen: frozenset[str]) -> bool:
    """Whether the later report shows that what this cause broke works now."""
    live = [e for e in old.evidence if e.kind != "log"]
    if live:
        return all(_looked_at(e.signal, old.subjects, after, seen) for e in live)
    newest = {a.step: a.outcome for a in after.attempts}
    return any(newest.get(step) == "ok" for step in old.steps)


def _looked_at(fact: str, subjects: tuple[str, ...], after: ReportDoc, seen: frozenset[str]) -> bool:
    """Whether the later report holds what showed the cause; as it names the cause no more, it shows otherwise now."""
    if fact in seen and fact not in _ON_THE_WAY:
        return True
    if fact.startswith(("probe.", "check.")):
        ends = [e for e in after.endpoints if any(layer.status != "not_evaluated" for layer in e.layers)]
        about = [e for e in ends if e.host in subjects] or ends
        return bool(about) and all(e.failing_layer is None for e in about)
    return any(f.id == fact and f.status in ("ok", "absent") for f in after.facts)


def _made(cause: CauseDoc, change: Change, old: CauseDoc | None, new: CauseDoc | None, because: str) -> CauseChange:
    return CauseChange(
        id=cause.id,
        title=cause.title,
        change=change,
        before=old.confidence if old else None,
        after=new.confidence if new else None,
        subjects=cause.subjects,
        because=because,
    )
