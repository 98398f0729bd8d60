"""Two reports in, one comparison out."""

from __future__ import annotations

from collections.abc import Iterator

from arcdiag.report.compare.causes import cause_changes
from arcdiag.report.compare.items import item_changes
from arcdiag.report.compare.tokens import has_token, same
from arcdiag.report.compare.wire import SCHEMA_VERSION, ComparisonDoc, SideDoc
from arcdiag.report.wire import ReportDoc

_BAD = ("problem", "inconclusive")


def compare(before: ReportDoc, after: ReportDoc, seen: frozenset[str] = frozenset()) -> ComparisonDoc:
    """What is different; `seen` as in `cause_changes`.

    `worse` if anything is new, worse, or good before and no longer evaluated.
    """
    causes, items = tuple(cause_changes(before, after, seen)), tuple(item_changes(before, after))
    fell = before.verdict not in _BAD and after.verdict in _BAD
    changes = [*(c.change for c in causes), *(i.change for i in items)]
    return ComparisonDoc(
        schema_version=SCHEMA_VERSION,
        worse=fell or any(change.is_worse for change in changes),
        before=_side(before),
        after=_side(after),
        notes=tuple(_notes(before, after)),
        causes=causes,
        items=items,
    )


def _side(report: ReportDoc) -> SideDoc:
    case = report.case
    return SideDoc(
        name=case.name,
        host=case.host,
        now=case.now,
        verdict=report.verdict,
        agent_version=case.agent_version,
        tool_version=report.tool.version,
        rules_version=report.tool.rules_version,
    )


def _notes(before: ReportDoc, after: ReportDoc) -> Iterator[str]:
    """Keys of what makes the two hard to compare."""
    if before.tool.version != after.tool.version:
        yield "other-tool"
    if before.tool.rules_version != after.tool.rules_version:
        yield "other-rules"
    one, two = before.case, after.case
    if one.host and two.host and not same(one.host.lower(), two.host.lower()):
        yield "other-host"
    elif one.identity.vm_id and two.identity.vm_id and not same(one.identity.vm_id, two.identity.vm_id):
        yield "other-identity"
    if any(has_token(name) for case in (one, two) for name in (case.host, case.identity.vm_id)):
        yield "names-replaced"
    if one.now and two.now and one.now[-1:] == two.now[-1:] and one.now > two.now:
        yield "order"
    if before.endpoints and not after.endpoints:
        yield "no-probes"
