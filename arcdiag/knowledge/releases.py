"""The release calendar: when an agent version came out, whether it is supported, and which defects it has."""

from __future__ import annotations

from datetime import date

from arcdiag.knowledge.data_types import DefectRule
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.version import in_range, parse_version


def released(rules: RuleSet, version: str | None) -> str | None:
    """The month (`yyyy-mm`) in which a version was published; None for one that the calendar does not hold."""
    numbers = parse_version(version)
    if numbers is None or len(numbers) < 2:
        return None
    return rules.releases.get(f"{numbers[0]}.{numbers[1]}")


def supported(rules: RuleSet, version: str | None, at_date: date) -> bool | None:
    """Whether a version was supported on that day; None if it cannot be told.

    The calendar knows months, not days: in the month in which support ends a version still counts as supported.
    A version newer than the calendar is as young as its newest one, or younger; one older is as old as its oldest.
    """
    numbers = parse_version(version)
    if numbers is None or len(numbers) < 2 or not rules.releases:
        return None
    month = released(rules, version)
    if month is not None:
        return _young(rules, month, at_date)
    known = sorted((n, key) for key in rules.releases if (n := parse_version(key)) is not None)
    if numbers[:2] < known[0][0] and not _young(rules, rules.releases[known[0][1]], at_date):
        return False
    if numbers[:2] > known[-1][0] and _young(rules, rules.releases[known[-1][1]], at_date):
        return True
    return None


def _young(rules: RuleSet, month: str, at_date: date) -> bool:
    year, number = (int(part) for part in month.split("-"))
    age_months = (at_date.year - year) * 12 + at_date.month - number
    return age_months <= rules.supported_months


def defects_of(rules: RuleSet, version: str | None, os: str | None) -> tuple[DefectRule, ...]:
    """Known defects of a version, in the order of the rules; of every OS if `os` is neither windows nor linux."""
    numbers = parse_version(version)
    if numbers is None:
        return ()
    systems = ("any", os) if os in ("windows", "linux") else ("any", "windows", "linux")
    return tuple(d for d in rules.defects.values() if d.os in systems and in_range(numbers, d.affected))
