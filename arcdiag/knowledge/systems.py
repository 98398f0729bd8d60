"""Whether an operating system is supported on a day, by the catalogue of `rules/systems.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arcdiag.knowledge.data_types import SystemRule
from arcdiag.knowledge.rule_set import RuleSet

_ARCH = {"x86_64": "x64", "amd64": "x64", "x64": "x64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True, slots=True)
class SystemSupport:
    """`support`: listed, limited (no newer agent comes), ended, unlisted; `rule` is None for the last."""

    support: str
    rule: SystemRule | None
    arch_listed: bool | None


def system_support(rules: RuleSet, os: str, os_id: str, version: str, arch: str, at_date: date) -> SystemSupport | None:
    """What the catalogue says of a system on that day; None if it cannot tell.

    Versions of Windows that it does not name may be client systems or newer ones: nothing is said of them.
    """
    rule = next((r for r in rules.systems.values() if r.os == os and _fits(r, os_id, version)), None)
    if rule is None:
        return SystemSupport("unlisted", None, None) if os == "linux" and rules.systems and version else None
    known = _ARCH.get(arch.lower())
    listed = known in rule.arch if known else False
    if rule.until is not None:
        ended = at_date > date.fromisoformat(rule.until)
        return SystemSupport("ended" if ended else "limited", rule, listed)
    limited = rule.limited_from is not None and at_date >= date.fromisoformat(rule.limited_from)
    return SystemSupport("limited" if limited else "listed", rule, listed)


def _fits(rule: SystemRule, os_id: str, version: str) -> bool:
    if os_id.lower() not in rule.ids:
        return False
    return any(version == start or version.startswith(start + ".") for start in rule.versions)
