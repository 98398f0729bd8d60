"""Facts whose meaning hangs on the day, judged at the case's own time: certificates, support of the system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.systems import system_support
from arcdiag.logs.times import parse_time
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.stamp import Stamp


def dated_facts(rules: RuleSet, facts: Sequence[Fact], now: Stamp | None) -> list[Fact]:
    """The facts, `identity.certificate` with `state` and `days_left`, and `machine.support` added.

    Without a time of its own (UTC) a case keeps them as they are.
    """
    if now is None or not now.is_utc:
        return list(facts)
    out = []
    for fact in facts:
        if fact.fact == "identity.certificate" and fact.status is FactStatus.OK:
            fact = replace(fact, value={**fact.value, **_certificate(rules, fact, now)})
        out.append(fact)
        if fact.fact == "machine.host" and fact.status is FactStatus.OK:
            out += _support(rules, fact, now)
    return out


def _certificate(rules: RuleSet, fact: Fact, now: Stamp) -> dict[str, Any]:
    """`state`: valid, renewal-due, expired, not-yet-valid; of one whose dates cannot be read too-old or None."""
    begin, end = _days(fact, "not_before", now), _days(fact, "not_after", now)
    if end is not None:
        if end < 0:
            state = "expired"
        elif begin is not None and begin > 0:
            state = "not-yet-valid"
        else:
            due = rules.limits.get("certificate_renewal_from_days_left", 45)
            state = "renewal-due" if end <= due else "valid"
        return {"state": state, "days_left": int(end // 1)}
    written = _days(fact, "written", now)
    # It is written anew whenever it is renewed, and lives for a fixed time.
    old = written is not None and -written > rules.limits.get("certificate_valid_days", 90)
    return {"state": "too-old" if old else None, "days_left": None}


def _days(fact: Fact, key: str, now: Stamp) -> float | None:
    """Days from the case's now to a time of the fact; negative for the past."""
    stamp = parse_time(str(fact.value.get(key) or ""))
    gap = now.gap(stamp) if stamp else None
    return gap.total_seconds() / 86400 if gap is not None else None


def _support(rules: RuleSet, fact: Fact, now: Stamp) -> list[Fact]:
    value = fact.value
    words = [str(value.get(key) or "") for key in ("os", "os_id", "os_version", "arch")]
    found = system_support(rules, words[0], words[1], words[2], words[3], now.at.date())
    if found is None:
        return []
    rule = found.rule
    shown = {
        "system": rule.system if rule else f"{words[1]} {words[2]}",
        "support": found.support,
        "arch_listed": found.arch_listed,
        "limited_from": rule.limited_from if rule else None,
        "until": rule.until if rule else None,
        "last_agent": rule.last_agent if rule else None,
        "asked": now.at.date().isoformat(),
    }
    return [Fact("machine.support", fact.subject, FactStatus.OK, shown, by="calendar")]
