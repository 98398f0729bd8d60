"""Facts that follow from other facts and the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from arcdiag.diagnose.clock import Clock
from arcdiag.diagnose.history import History
from arcdiag.knowledge.releases import defects_of, released, supported
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.subjects import host_part, normal_proxy
from arcdiag.logs.times import parse_time
from arcdiag.model.attempt import Outcome
from arcdiag.model.diagnosis import State
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.stamp import Stamp
from arcdiag.model.subject import SubjectKind

_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})


def support_fact(rules: RuleSet, version: str | None, now: Stamp | None) -> list[Fact]:
    """`agent.support`: whether the agent's version was supported at the case's own time."""
    if version is None or now is None:
        return []
    state = supported(rules, version, now.at.date())
    if state is None:
        return []
    value = {
        "version": version,
        "released": released(rules, version),
        "supported": state,
        "asked": now.at.date().isoformat(),
    }
    return [Fact("agent.support", None, FactStatus.OK, value, by="calendar")]


def defect_facts(rules: RuleSet, version: str | None, os: str, history: History) -> list[Fact]:
    """`agent.defect` for each known defect of this version whose own signal is seen now."""
    if version is None:
        return []
    seen = {o.group.signal for o in history.occurrences if o.state is State.CURRENT}
    facts = []
    for defect in defects_of(rules, version, os):
        if seen & set(defect.signals):
            value = {"defect": defect.defect, "fixed_in": defect.fixed_in, "seen": True, "version": version}
            facts.append(Fact("agent.defect", None, FactStatus.OK, value, by="calendar"))
    return facts


def stale_shows(facts: Sequence[Fact], now: Stamp | None, clock: Clock, minutes: int) -> list[Fact]:
    """The facts, with `heartbeat_stale` on `agent.show`: no heartbeat for `minutes` before the case's now."""
    out = []
    for fact in facts:
        if fact.fact == "agent.show" and fact.status is FactStatus.OK:
            beat = parse_time(str(fact.value.get("last_heartbeat", "")))
            gap = clock.gap(beat, now)
            stale = gap is not None and gap > timedelta(minutes=minutes)
            fact = Fact(
                fact.fact, fact.subject, fact.status, {**fact.value, "heartbeat_stale": stale},
                fact.path, fact.at, fact.by, fact.user, fact.reason, fact.raw,
            )  # fmt: skip
        out.append(fact)
    return out


def shown_proxy_facts(history: History, facts: Sequence[Fact]) -> list[Fact]:
    """`proxy.env` of kind `shown` where the last error that `show` prints is of another proxy than the one it names.

    Names are held against names only: one proxy has a name and addresses.
    """
    found = []
    failed = {t.source: t for t in history.failing if t.shown}
    for fact in facts:
        attempt = failed.get(fact.raw or "") if fact.fact == "agent.show" else None
        named = [normal_proxy(str(fact.value.get(key) or "")) for key in ("https_proxy", "upstream_proxy")]
        named = [url for url in named if url]
        if attempt is None or not named or not all(_is_name(url) for url in named):
            continue
        used = [g.subject.id for g in attempt.groups if g.subject and g.subject.kind is SubjectKind.PROXY]
        hosts = {host_part(url) for url in named}
        other = next((url for url in used if _is_name(url) and host_part(url) not in hosts), None)
        if other and not hosts & _LOCAL:
            value = {"kind": "shown", "url": named[0], "used": other, "same_as_agent": False}
            found.append(Fact("proxy.env", None, FactStatus.OK, value, at=fact.at, by="show", raw=fact.raw))
    return found


def _is_name(proxy: str) -> bool:
    return any(c.isalpha() for c in host_part(proxy)) and not proxy.startswith(("«ip", "["))


def history_facts(history: History) -> list[Fact]:
    """`history.failed` for each step whose newest attempt failed, `history.succeeded` for each that ever went well.

    For causes that say "and nothing failed", or "on a machine whose VM agent works".
    """
    failed = {t.step for t in history.failing if t.step and not t.shown}
    worked = {t.step for t in history.tries if t.step and t.outcome is Outcome.OK}
    return [
        Fact(name, None, FactStatus.OK, {"step": step}, by="history")
        for name, steps in (("history.failed", failed), ("history.succeeded", worked))
        for step in sorted(steps)
    ]
