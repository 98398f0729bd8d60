"""Facts about settings that only some versions of the agent suffer from, and names that fail beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from arcdiag.diagnose.candidate import Machine
from arcdiag.diagnose.history import History
from arcdiag.knowledge.endpoints import role_of
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.version import in_range, parse_version
from arcdiag.model.diagnosis import State
from arcdiag.model.fact import Fact, FactPath, FactStatus
from arcdiag.model.subject import SubjectKind

_SHOWN = 6


def judged_risks(rules: RuleSet, facts: Sequence[Fact], machine: Machine) -> list[Fact]:
    """The facts; those that a cause for certain agent versions warns about get `agent_affected` and `agent_version`.

    Both are left out where the agent's version is not known. A setting that was seen without its source gets that of an
    equal one (a registry does not tell which group policy wrote it, a policy report does).
    """
    ranges = {
        entry.id: cause.rule.applies.agent
        for cause in rules.causes.values()
        for entry in cause.warns
        if entry.kind == "fact" and cause.rule.applies.agent
    }
    version = parse_version(machine.agent_version)
    out = []
    for fact in facts:
        limits = ranges.get(fact.fact)
        if limits and fact.status is FactStatus.OK:
            value = {**fact.value, **_source(fact, facts)}
            if version is not None:
                value |= {"agent_affected": in_range(version, limits), "agent_version": machine.agent_version}
            fact = replace(fact, value=value)
        out.append(fact)
    return out


def _source(fact: Fact, facts: Sequence[Fact]) -> dict[str, object]:
    if fact.value.get("source", "unknown") != "unknown":
        return {}
    own = {k: v for k, v in fact.value.items() if k not in ("source", "gpo")}
    for other in facts:
        known = other.fact == fact.fact and other.status is FactStatus.OK
        if known and other.value.get("source", "unknown") != "unknown":
            theirs = {k: v for k, v in other.value.items() if k not in ("source", "gpo")}
            if theirs == own:
                return {k: other.value[k] for k in ("source", "gpo") if k in other.value}
    return {}


def names_fact(rules: RuleSet, history: History, facts: Sequence[Fact]) -> Fact:
    """`history.names`: `failing`, how many names that the agent needs do not resolve now, and the first of them.

    Probes count for every name that the agent asks for, logs only for those that every machine needs: the line about a
    host of old agents can have another reason than DNS.
    """
    failing = {f.subject.id for f in facts if f.subject and _fails_to_resolve(f) and _is_asked(rules, f.subject.id)}
    for occurrence in history.occurrences:
        group = occurrence.group
        about = group.subject if group.subject and group.subject.kind is SubjectKind.ENDPOINT else None
        rule = rules.endpoints.get(group.role or "")
        if group.signal.startswith("dns.") and occurrence.state is State.CURRENT and about and rule and rule.required:
            failing.add(about.id)
    value = {"failing": len(failing), "names": sorted(failing)[:_SHOWN]}
    return Fact("history.names", None, FactStatus.OK, value, by="history")


def _fails_to_resolve(fact: Fact) -> bool:
    seen = fact.fact == "probe.dns" and fact.status is FactStatus.OK and fact.path is FactPath.AGENT
    return seen and fact.value.get("result") != "ok"


def _is_asked(rules: RuleSet, host: str) -> bool:
    rule = rules.endpoints.get(role_of(rules, host) or "")
    return rule is not None and (rule.required or rule.when == "always")
