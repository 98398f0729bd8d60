"""One cause held against the evidence, for one state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from arcdiag.diagnose.clock import Clock
from arcdiag.diagnose.history import Occurrence
from arcdiag.diagnose.truth import Evidence, Finding, Truth, judged
from arcdiag.knowledge.entry import Entry
from arcdiag.knowledge.rule_set import CompiledCause, RuleSet
from arcdiag.knowledge.version import in_range, parse_version
from arcdiag.logs.times import parse_time
from arcdiag.model.attempt import Impact
from arcdiag.model.diagnosis import Confidence, State
from arcdiag.model.fact import Fact, FactPath
from arcdiag.model.message import Msg
from arcdiag.model.subject import Subject

_STILL_FAILING = timedelta(minutes=10)


@dataclass(frozen=True)
class Machine:
    """What limits inference (`windows`, `linux` or `unknown`; the agent's version) and what fills commands.

    `names`: values for placeholders such as `<tenant-id>`, as the machine's own identity gives them.
    """

    os: str
    agent_version: str | None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """A cause that some evidence supports. `refuted`: facts that speak against it though it stays."""

    cause: CompiledCause
    state: State
    confidence: Confidence
    occurrences: tuple[Occurrence, ...]
    facts: tuple[Fact, ...]
    unknown: tuple[Finding, ...] = ()
    doubts: tuple[Msg, ...] = ()
    refuted: tuple[Fact, ...] = ()
    context: tuple[Fact, ...] = ()

    @property
    def id(self) -> str:
        """The cause's id."""
        return self.cause.rule.cause

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Subjects in order of first sight: logs first."""
        found = [o.group.subject for o in self.occurrences] + [f.subject for f in self.facts]
        return tuple(dict.fromkeys(s for s in found if s is not None and s.id))

    @property
    def steps(self) -> tuple[str, ...]:
        """Steps whose attempts it broke; those it can break, if facts alone show it."""
        seen = tuple(dict.fromkeys(o.step for o in self.occurrences if o.step))
        return seen or self.cause.rule.breaks

    def impact(self, rules: RuleSet) -> Impact:
        """The worst of the steps it broke, bounded by what it can break."""
        worst = min((Impact(rules.steps[s].rule.impact) for s in self.steps), key=lambda i: i.rank, default=Impact.NONE)
        bound = min(
            (Impact(rules.steps[s].rule.impact) for s in self.cause.rule.breaks), key=lambda i: i.rank, default=worst
        )
        return max(worst, bound, key=lambda i: i.rank)


def weigh(cause: CompiledCause, evidence: Evidence, state: State, machine: Machine, clock: Clock) -> Candidate | None:
    """The cause as a candidate, None if nothing supports it."""
    if not evidence.speaks_of(cause.rule.cause, state):
        return None
    lists = {
        Confidence.CONFIRMED: judged(evidence, cause.confirmed, state),
        Confidence.LIKELY: [*judged(evidence, cause.likely, state), *_by_code(cause, evidence, state, machine)],
        Confidence.POSSIBLE: judged(evidence, cause.possible, state),
    }
    if not _applies(cause, machine):
        lists = {
            level: [f for f in found if f.occurrences and level is Confidence.LIKELY] for level, found in lists.items()
        }
    best: Confidence | None = None
    occurrences: dict[int, Occurrence] = {}
    facts: list[Fact] = []
    context: list[Fact] = []
    for level, findings in lists.items():
        for finding in findings:
            if finding.truth is not Truth.TRUE:
                continue
            best = _surer(best, _level_of(level, finding))
            occurrences.update((id(o), o) for o in finding.occurrences)
            facts += [f for f in finding.facts if f not in facts]
            context += [f for f in finding.context if f not in context]
    if best is None:
        return _recurring(cause, evidence, state, clock)
    context = [f for f in context if f not in facts]
    unknown = tuple(f for found in lists.values() for f in found if f.truth is Truth.UNKNOWN)
    shown = tuple(occurrences.values())
    made = Candidate(cause, state, best, shown, tuple(facts), unknown=unknown, context=tuple(context))
    return _held_against(made, judged(evidence, cause.against, state), clock)


def _recurring(cause: CompiledCause, evidence: Evidence, state: State, clock: Clock) -> Candidate | None:
    """A cause that comes and goes: enough failures in its window, and one success inside it closes nothing."""
    rule = cause.rule.recurs
    if rule is None or state is not State.CURRENT:
        return None
    found = {id(o): o for entry in (*cause.confirmed, *cause.likely) for o in evidence.recurring(entry) if o.strong}
    newest = max((o.group.last for o in found.values() if o.group.last), key=clock.sort_key, default=None)
    recent = [o for o in found.values() if (gap := clock.gap(o.group.first, newest)) is not None and gap <= rule.window]
    if sum(o.group.count for o in recent) < rule.count:
        return None
    return Candidate(cause, State.CURRENT, Confidence.LIKELY, tuple(recent), ())


def _level_of(level: Confidence, finding: Finding) -> Confidence:
    """Signals beside the deciding record give at most `possible`."""
    weak = (
        finding.occurrences
        and not (finding.facts or finding.context)
        and not any(o.strong for o in finding.occurrences)
    )
    return Confidence.POSSIBLE if weak else level


def _surer(one: Confidence | None, other: Confidence) -> Confidence:
    return other if one is None or other.rank < one.rank else one


def _by_code(cause: CompiledCause, evidence: Evidence, state: State, machine: Machine) -> Iterable[Finding]:
    for code, rule in evidence.codes:
        named = rule.causes_by_os.get(machine.os) if rule.causes_by_os else rule.cause  # type: ignore[call-overload]
        if named == cause.rule.cause:
            yield evidence.of(Entry("code", code), state)


def _applies(cause: CompiledCause, machine: Machine) -> bool:
    limits = cause.rule.applies
    if limits.os != "any" and machine.os not in (limits.os, "unknown"):
        return False
    version = parse_version(machine.agent_version)
    return limits.agent is None or version is None or in_range(version, limits.agent)


def _held_against(made: Candidate, against: list[Finding], clock: Clock) -> Candidate | None:
    """Take what refutes it into account: by subject, and now is not then."""
    for finding in against:
        if finding.truth is not Truth.TRUE:
            continue
        if finding.occurrences and not finding.facts:
            if not made.cause.rule.about or finding.subjects & set(made.subjects) or not made.subjects:
                return None
            if not finding.subjects:
                # It speaks against the cause and does not say of which endpoint: doubt, not refutation.
                doubt = Msg.of(f"signal.{finding.occurrences[0].group.signal}.says")
                made = replace(made, confidence=Confidence.POSSIBLE, doubts=(*made.doubts, doubt))
            continue
        after = _refute(made, finding, clock)
        if after is None:
            return None
        made = after
    return made


def _refute(made: Candidate, finding: Finding, clock: Clock) -> Candidate | None:
    if any(f.by in ("history", "derived") for f in finding.facts):
        return None
    about = made.cause.rule.about
    subjects = {f.subject for f in finding.facts if f.path is FactPath.AGENT}
    hit = [o for o in made.occurrences if not about or o.group.subject in subjects]
    if not hit and about:
        return made
    left = tuple(o for o in made.occurrences if o not in hit)
    if left or any(f.subject not in subjects for f in made.facts):
        return replace(made, occurrences=left, refuted=(*made.refuted, *finding.facts))
    if made.facts and not made.occurrences and made.confidence is Confidence.POSSIBLE:
        return None
    if made.facts:
        return replace(made, refuted=(*made.refuted, *finding.facts))
    newest = max((f.at for f in finding.facts if f.at), default=None)
    if newest is None:
        doubt = Msg.of("unsure.contradicted", fact=finding.facts[0].fact)
        return replace(made, confidence=Confidence.POSSIBLE, doubts=(doubt,), refuted=finding.facts)
    seen = [o.group.last for o in hit if o.group.last]
    at = parse_time(newest)
    if at and any((gap := clock.gap(s, at)) is not None and gap <= _STILL_FAILING for s in seen):
        doubt = Msg.of("unsure.works_from_here")
        return replace(made, confidence=Confidence.POSSIBLE, doubts=(doubt,), refuted=finding.facts)
    if made.state is State.PAST and not made.refuted:
        return None
    return replace(made, state=State.PAST, refuted=(*made.refuted, *finding.facts))
