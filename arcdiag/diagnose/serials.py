"""Negative serial numbers of certificates: which agents refuse them, and from when on all do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from arcdiag.diagnose.candidate import Machine
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.version import in_range, parse_version
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.stamp import Stamp

_DEFECT = "negative-serial-certificates"
_LIMIT = "negative_serial_rejected_from_yyyymm"


def judged_serials(rules: RuleSet, facts: Sequence[Fact], machine: Machine, now: Stamp | None) -> list[Fact]:
    """The facts; `probe.tls` of a chain with a negative serial number gets `serial`: refused, accepted or unknown.

    Where this agent accepts such a number on the case's day, the result is that of everything but the number. Unknown:
    neither the agent's version nor the day decides it.
    """
    verdict = _verdict(rules, machine, now)
    return [_judged(fact, verdict) if _is_negative(fact) else fact for fact in facts]


def _is_negative(fact: Fact) -> bool:
    seen = fact.fact == "probe.tls" and fact.status is FactStatus.OK
    return seen and fact.value.get("result") == "negative-serial"


def _judged(fact: Fact, verdict: str) -> Fact:
    apart = fact.value.get("but_for_serial")
    if verdict == "accepted" and apart:
        return replace(fact, value={**fact.value, "serial": verdict, "result": apart})
    return replace(fact, value={**fact.value, "serial": "unknown" if verdict == "accepted" else verdict})


def _verdict(rules: RuleSet, machine: Machine, now: Stamp | None) -> str:
    defect, limit, version = rules.defects.get(_DEFECT), rules.limits.get(_LIMIT), parse_version(machine.agent_version)
    if defect is None or limit is None:
        return "unknown"
    if now is not None and now.at.year * 100 + now.at.month >= limit:
        return "refused"
    if version is None:
        return "unknown"
    if in_range(version, defect.affected):
        return "refused"
    return "unknown" if now is None else "accepted"
