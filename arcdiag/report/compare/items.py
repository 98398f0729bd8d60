"""Checks, endpoints and facts of two reports, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from arcdiag.report.compare.tokens import paired, same
from arcdiag.report.compare.wire import Change, ItemChange
from arcdiag.report.wire import EndpointDoc, ReportDoc

Kind = Literal["check", "endpoint", "fact"]
Key = tuple[str, str | None]

_RANK = {"pass": 0, "info": 0, "warn": 1, "fail": 2}
"""How bad a status is; what has no rank was not evaluated."""
_ENDPOINT_CHECK = "endpoint"


def item_changes(before: ReportDoc, after: ReportDoc) -> Iterator[ItemChange]:
    """What differs, the worse first within each kind; what is the same is left out."""
    pairs: tuple[tuple[Kind, Mapping[Key, str], Mapping[Key, str]], ...] = (
        ("endpoint", _endpoints(before), _endpoints(after)),
        ("check", _checks(before), _checks(after)),
    )
    for kind, old, new in pairs:
        found = [_status(kind, *one) for one in paired(old, new)]
        yield from sorted((c for c in found if c), key=lambda c: not c.change.is_worse)
    for (id_, subject), was, now in paired(_facts(before), _facts(after)):
        if not same(was, now) and before.facts and after.facts:
            yield ItemChange(kind="fact", id=id_, subject=subject, change=Change.CHANGED, before=was, after=now)


def _status(kind: Kind, key: Key, old: str | None, new: str | None) -> ItemChange | None:
    if old == new:
        return None
    was, now = _RANK.get(_word(old)), _RANK.get(_word(new))
    if was is not None and now is not None:
        change = Change.WORSE if now > was else Change.BETTER if now < was else Change.CHANGED
    elif was is not None:
        # What had failed and is not looked at any more is no loss of a good sign, but no repair either.
        change = Change.LOST if was == 0 else Change.UNKNOWN
    elif now is not None:
        change = Change.NEW if now > 0 else Change.CHANGED
    else:
        return None
    return ItemChange(kind=kind, id=key[0], subject=key[1], change=change, before=old, after=new)


def _word(status: str | None) -> str:
    return (status or "").split(":")[0]


def _checks(report: ReportDoc) -> dict[Key, str]:
    return {(c.id, c.subject): c.status for c in report.checks if c.id != _ENDPOINT_CHECK}


def _endpoints(report: ReportDoc) -> dict[Key, str]:
    return {(e.host, e.role): _standing(e) for e in report.endpoints}


def _standing(endpoint: EndpointDoc) -> str:
    """`pass`, `fail: tls` (a `warn` where it is not required), or `not_evaluated`."""
    if endpoint.failing_layer:
        return f"{'fail' if endpoint.required else 'warn'}: {endpoint.failing_layer}"
    reached = bool(endpoint.layers) and endpoint.layers[-1].status == "pass"
    return "pass" if reached else "not_evaluated"


def _facts(report: ReportDoc) -> dict[Key, str]:
    return {(f.id, f.subject): f.value if f.status == "ok" else f.status for f in report.facts}
