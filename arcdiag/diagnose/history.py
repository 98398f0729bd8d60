"""All readings as one history: what is over, what goes on, and what each signal therefore counts for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from arcdiag.diagnose.clock import Clock, Point
from arcdiag.diagnose.foreign import CALLS
from arcdiag.diagnose.groups import Group, Groups
from arcdiag.diagnose.machines import Machines, machines_of
from arcdiag.diagnose.reading import Reading
from arcdiag.diagnose.tries import Try
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.logs.times import parse_time
from arcdiag.model.attempt import Impact, Outcome
from arcdiag.model.diagnosis import State
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.subject import SubjectKind

_LOOSE_FOR = timedelta(hours=24)
_OF_THE_HOST = ("host.", "clock.")
_SAME_RUN = timedelta(minutes=5)
"""Two sources can tell of one run (a console and a log) with clocks that differ a little."""
_SHOW_KINDS = ("show-text", "show-json")


@dataclass(frozen=True)
class Occurrence:
    """A group of signals and what it counts for. `strong`: on a deciding record; `home`: its attempt, if any.

    `healed`: success came so soon that the failure is noise, except to a cause that `recurs`.
    """

    group: Group
    state: State
    step: str | None
    impact: Impact
    strong: bool
    home: Try | None
    source: str
    healed: bool = False


@dataclass(frozen=True)
class History:
    """`failing`: attempts that failed and were not followed by success. Failures that healed at once are in neither."""

    tries: tuple[Try, ...]
    failing: tuple[Try, ...]
    past: tuple[Try, ...]
    occurrences: tuple[Occurrence, ...]
    alive: bool
    unfinished: Try | None
    machines: Machines = field(default_factory=Machines)


def build_history(rules: RuleSet, readings: Sequence[Reading], facts: Iterable[Fact], clock: Clock) -> History:
    """Order everything, close what later success closes, and weigh the signals."""
    machines = machines_of(facts := list(facts), {r.source: r.host for r in readings})
    shown = [t for fact in facts if (t := _shown(fact, readings)) is not None]
    tries = [t for r in readings for t in r.tries] + shown
    tries.sort(key=lambda t: (clock.sort_key(t.end), t.source, t.line))
    failing, past, healed = _judge(rules, tries, clock, machines)
    occurrences = [
        *_of_tries(rules, failing, State.CURRENT),
        *_of_tries(rules, past, State.PAST),
        *(replace(o, healed=True) for o in _of_tries(rules, healed, State.PAST)),
        *_of_loose(rules, readings, tries, clock, machines),
    ]
    ended = [t for t in tries if t.step]
    newest = ended[-1] if ended else None
    unfinished = newest if newest and newest.outcome is Outcome.UNKNOWN and _matters(rules, newest) else None
    alive = any(t.outcome is Outcome.OK for t in tries) or any(r.alive for r in readings)
    return History(tuple(tries), tuple(failing), tuple(past), tuple(occurrences), alive, unfinished, machines)


def _matters(rules: RuleSet, attempt: Try) -> bool:
    """An end is missed only where the step prints one, and where its failure cuts the machine off."""
    step = rules.steps.get(attempt.step or "")
    return bool(step and step.ok and step.rule.impact == "offline" and not step.rule.routine)


def _shown(fact: Fact, readings: Sequence[Reading]) -> Try | None:
    """`azcmagent show` as an attempt at a heartbeat: Connected is a success at its time, Disconnected a failure."""
    if fact.fact != "agent.show" or fact.status is not FactStatus.OK:
        return None
    status = str(fact.value.get("status", "")).lower()
    if status not in ("connected", "disconnected", "expired") or fact.value.get("never_connected") is True:
        return None
    beat = parse_time(str(fact.value.get("last_heartbeat", "")))
    source = fact.raw or fact.fact
    if status == "connected":
        return Try("heartbeat", source, 1, 1, beat, beat, Outcome.OK)
    time = parse_time(str(fact.value.get("error_time", ""))) or parse_time(fact.at or "") or beat
    mine = [r for r in readings if r.source == source and r.kind in _SHOW_KINDS]
    groups = Groups()
    for reading in mine:
        for loose in reading.loose.values():
            groups.merge(loose)
        reading.loose.clear()
    made = Try("heartbeat", source, 1, 1, time, time, Outcome.FAILED, groups=groups, shown=True)
    made.last_error = 1
    made.codes.update(g.signal.removeprefix("code.") for g in groups if g.signal.startswith("code."))
    return made


def _point(attempt: Try) -> Point:
    return Point(attempt.source, attempt.end_line, attempt.end)


def _judge(
    rules: RuleSet, tries: list[Try], clock: Clock, machines: Machines
) -> tuple[list[Try], list[Try], list[Try]]:
    failing: list[Try] = []
    past: list[Try] = []
    healed: list[Try] = []
    successes = [t for t in tries if t.outcome is Outcome.OK and t.step]
    for attempt in tries:
        if attempt.outcome is not Outcome.FAILED or attempt.step is None:
            continue
        closing = [
            s
            for s in successes
            if s.step
            and attempt.step in rules.steps[s.step].rule.closes
            and not machines.apart(s.source, attempt.source)
            and clock.is_later(Point(s.source, s.end_line, s.end), _point(attempt))
        ]
        if not closing:
            (past if _superseded(rules, attempt, tries, clock, machines) else failing).append(attempt)
        elif _healed(rules, attempt, closing, clock):
            healed.append(attempt)
        else:
            past.append(attempt)
    return failing, past, healed


def _superseded(rules: RuleSet, attempt: Try, tries: Sequence[Try], clock: Clock, machines: Machines) -> bool:
    """Only the last try counts: a later failure of the same step tells what is wrong now.

    Of routine steps those within the healing time of the newest failure count together. `azcmagent show` without a
    reason supersedes nothing.
    """
    rule = rules.steps[attempt.step].rule if attempt.step else None
    leeway = timedelta(minutes=rule.heals_within if rule else 0)
    for other in tries:
        if other is attempt or other.step != attempt.step or other.outcome is not Outcome.FAILED:
            continue
        if machines.apart(other.source, attempt.source):
            continue
        if other.shown and not any(not g.signal.startswith("code.") for g in other.groups):
            continue
        gap = clock.gap(attempt.end, other.begin)
        if other.source == attempt.source:
            if clock.stands_behind(attempt.source, other.line, attempt.end_line) and (
                gap is None or gap >= leeway or not leeway
            ):
                return True
        elif gap is not None and gap > max(leeway, _SAME_RUN):
            return True
    return False


def _healed(rules: RuleSet, attempt: Try, closing: list[Try], clock: Clock) -> bool:
    minutes = rules.steps[attempt.step].rule.heals_within if attempt.step else 0
    gaps = [clock.gap(attempt.begin, s.begin) for s in closing if s.step == attempt.step]
    return bool(minutes) and any(gap is not None and timedelta(0) <= gap <= timedelta(minutes=minutes) for gap in gaps)


def _impact(rules: RuleSet, step: str | None) -> Impact:
    return Impact(rules.steps[step].rule.impact) if step and step in rules.steps else Impact.OFFLINE


def _of_tries(rules: RuleSet, tries: Iterable[Try], state: State) -> Iterable[Occurrence]:
    for attempt in tries:
        deciding = {id(group) for group in attempt.deciding()}
        coded_only = not deciding
        for group in attempt.groups:
            is_code = group.signal.startswith("code.")
            strong = coded_only if is_code else id(group) in deciding and group.rank >= 1
            yield Occurrence(group, state, attempt.step, _impact(rules, attempt.step), strong, attempt, attempt.source)


def _of_loose(
    rules: RuleSet, readings: Sequence[Reading], tries: list[Try], clock: Clock, machines: Machines
) -> Iterable[Occurrence]:
    for reading in readings:
        own = [t for t in tries if not machines.apart(t.source, reading.source)]
        well = max((t.end for t in own if t.outcome is Outcome.OK and t.end), key=clock.sort_key, default=None)
        for step, groups in reading.loose.items():
            for group in groups:
                proven = step or proven_by(rules, group)
                closed = proven is not None and _closed(rules, reading, group, proven, own, clock)
                age = clock.gap(group.last, reading.newest)
                if group.signal.startswith(_OF_THE_HOST):
                    # What went well since then had room, memory and the time.
                    age = clock.gap(group.last, well) or age
                old = age is not None and age > _LOOSE_FOR
                state = State.PAST if closed or old else State.CURRENT
                strong = group.rank >= 1
                yield Occurrence(group, state, step, _impact(rules, step), strong, None, reading.source)


def proven_by(rules: RuleSet, group: Group) -> str | None:
    """The step whose success shows that a failed call is over, for one that belongs to no step: a quoted line, a test.

    A heartbeat needs the proxy, and the hosts of the service and of the sign-in.
    """
    proxy = group.subject is not None and group.subject.kind is SubjectKind.PROXY
    rule = rules.endpoints.get(group.role or "")
    needed = rule is not None and rule.required and rule.when == "always" and not (group.role or "").startswith("guest")
    return "heartbeat" if group.signal.startswith(CALLS) and (proxy or needed) else None


def _closed(rules: RuleSet, reading: Reading, group: Group, step: str, tries: list[Try], clock: Clock) -> bool:
    place = Point(reading.source, group.line, group.last)
    return any(
        t.outcome is Outcome.OK
        and t.step is not None
        and step in rules.steps[t.step].rule.closes
        and clock.is_later(_point(t), place)
        for t in tries
    )
