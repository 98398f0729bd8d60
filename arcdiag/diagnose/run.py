"""A case in, a diagnosis out: read, weigh, fold, order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from arcdiag import __version__
from arcdiag.case.open import OpenCase
from arcdiag.diagnose.candidate import Candidate, Machine, weigh
from arcdiag.diagnose.causes import cause_of, next_steps
from arcdiag.diagnose.changes import just_before, timeline_items
from arcdiag.diagnose.clock import Clock
from arcdiag.diagnose.dated import dated_facts
from arcdiag.diagnose.derive import defect_facts, history_facts, shown_proxy_facts, stale_shows, support_fact
from arcdiag.diagnose.fold import Ranked, ranked
from arcdiag.diagnose.foreign import drop_other_proxies
from arcdiag.diagnose.hand_tests import is_online, without_hand_tests
from arcdiag.diagnose.history import History, build_history
from arcdiag.diagnose.hosts import hosts_of, read_apart
from arcdiag.diagnose.others import FileSeen, own_hits
from arcdiag.diagnose.platform import own_machine, platform_facts, vm_agent_works
from arcdiag.diagnose.portrait import (
    OsVotes,
    host_of,
    identity_of,
    names_of,
    os_of,
    several_shown,
    strangers,
    version_of,
)
from arcdiag.diagnose.reader import Reader
from arcdiag.diagnose.reading import Reading
from arcdiag.diagnose.risks import judged_risks, names_fact
from arcdiag.diagnose.serials import judged_serials
from arcdiag.diagnose.tables import checks, codes, endpoints, not_evaluated, shown_facts, timeline
from arcdiag.diagnose.tries import Try
from arcdiag.diagnose.truth import Evidence, Truth, judged
from arcdiag.diagnose.verdict import verdict_of
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.logs.allowance import LineAllowance
from arcdiag.logs.fast import KINDS
from arcdiag.logs.read import FileReader
from arcdiag.logs.scan import Hit, scanner_of
from arcdiag.logs.show import machines_shown
from arcdiag.logs.split import Split
from arcdiag.logs.times import parse_time
from arcdiag.model.attempt import Attempt
from arcdiag.model.case import CaseInfo, NotEvaluated, Source, TimeBasis
from arcdiag.model.diagnosis import AttemptSeen, Cause, Confidence, Diagnosis, EndpointSeen, State, Unexplained, Verdict
from arcdiag.model.fact import Fact
from arcdiag.model.stamp import Stamp

_ROUTINE_KINDS = KINDS - {"arcproxy-log"}
_TELLING = 4  # lines of a log, of which none tells of a failure, that show a service at work


@dataclass
class _Read:
    """Everything that was read of a case."""

    readings: list[Reading] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    left_out: list[NotEvaluated] = field(default_factory=list)
    votes: OsVotes = field(default_factory=OsVotes)
    newest_first: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Weighed:
    """A case that was read, and all that causes are held against. `now` is the case's own."""

    read: _Read
    clock: Clock
    now: Stamp | None
    basis: TimeBasis
    facts: Sequence[Fact]
    history: History
    machine: Machine
    evidence: Evidence


def weigh_case(case: OpenCase, rules: RuleSet, cores: int = 1) -> Weighed:
    """Read a case to the end, large logs on so many `cores`, and derive what is known of its history."""
    read = _read(case, rules, cores)
    clock = _clock(case, read)
    now, basis = _now(case, read, clock)
    facts = dated_facts(rules, read.facts, now)
    facts = stale_shows(facts, now, clock, rules.limits.get("disconnected_hard_minutes", 30))
    facts = own_machine(facts, host_of(facts, case.manifest))
    facts += platform_facts(facts, [source.kind for source in read.sources])
    drop_other_proxies(read.readings, facts)
    history = build_history(rules, read.readings, facts, clock)
    machine = Machine(os_of(facts, case.manifest, read.votes), version_of(facts, read.readings), names_of(facts))
    facts += support_fact(rules, machine.agent_version, now)
    facts = judged_risks(rules, facts, machine)
    facts = judged_serials(rules, facts, machine, now)
    facts += [*history_facts(history), names_fact(rules, history, facts), *shown_proxy_facts(history, facts)]
    facts += defect_facts(rules, machine.agent_version, machine.os, history)
    evidence = Evidence(rules, history.occurrences, facts)
    return Weighed(read, clock, now, basis, facts, history, machine, evidence)


def diagnose(case: OpenCase, rules: RuleSet, cores: int = 1) -> Diagnosis:
    """The diagnosis of an open case. Reads only the case; the same case and rules give the same diagnosis.

    `cores`: processor cores for a large log.
    """
    return diagnose_weighed(case, rules, weigh_case(case, rules, cores))


def diagnose_weighed(case: OpenCase, rules: RuleSet, weighed: Weighed) -> Diagnosis:
    """The diagnosis of a case that was read already."""
    evidence, machine, clock = weighed.evidence, weighed.machine, weighed.clock
    candidates = _candidates(rules, evidence, machine, clock)
    if not weighed.history.machines.several and is_online(rules, weighed.history, weighed.facts, clock, weighed.now):
        candidates = without_hand_tests(rules, candidates, weighed.history, clock)
    items = ranked(rules, candidates, clock)
    present = frozenset(i.candidate.id for i in items) | {c.id for i in items for c in i.folded}
    causes = tuple(cause_of(rules, item, evidence, machine, clock, present) for item in items)
    return _assemble(rules, _info(case, weighed), weighed, items, causes)


def _read(case: OpenCase, rules: RuleSet, cores: int) -> _Read:
    scanner, allowance = scanner_of(rules), LineAllowance()
    read = _Read(facts=list(case.facts), left_out=list(case.left_out))
    hashes = {f.path: f.sha256 for f in case.manifest.files} if case.manifest else {}
    if case.manifest:
        read.left_out += case.manifest.left_out
    for file in case.files:
        # The collector has decoded these into the facts already; only the error that `show` prints is text to search.
        decoded = bool(case.facts) and file.path.startswith("raw/")
        with file.open() as stream:
            scrubbed, split = case.manifest is not None, Split(file.size, cores)
            reader = FileReader(file.path, stream, scanner, scrubbed=scrubbed, allowance=allowance, split=split)
            if decoded and reader.kind != "show-json":
                continue
            seen = FileSeen(file.path, reader.kind, reader.head)
            readings = _readings(rules, reader, own_hits(reader.hits(), rules, seen))
        read.newest_first |= {file.path} if reader.newest_first else set()
        read.sources.append(replace(reader.source, sha256=hashes.get(file.path)))
        if seen.is_strangers():
            read.left_out.append(
                NotEvaluated(file.path, "the log of another program; what failed for it is no evidence")
            )
        if reader.problem:
            read.left_out.append(NotEvaluated(file.path, reader.problem))
        if any(fact.fact == "agent.show" for fact in reader.facts):
            read.left_out += several_shown(file.path, machines_shown(reader.head))
        if reader.kind:
            read.readings += readings
            read.facts += [] if decoded else reader.facts
            read.votes.look(reader.kind, reader.head)
            for reading in readings if reader.kind in _ROUTINE_KINDS and reader.source.lines >= _TELLING else ():
                reading.alive = reading.alive or (not reading.tries and not reading.loose)
    return read


def _readings(rules: RuleSet, reader: FileReader, hits: Iterable[Hit]) -> list[Reading]:
    """What a file says: one reading, or one for each machine that it tells of."""
    shown = any(fact.fact == "agent.show" for fact in reader.facts)
    hosts = None if shown else hosts_of(reader.kind, reader.head)
    if hosts is None:
        return [Reader(rules, reader.path, reader.kind).read(hits)]
    return read_apart(rules, reader.path, reader.kind, hosts, hits)


def _clock(case: OpenCase, read: _Read) -> Clock:
    offset = timedelta(minutes=case.manifest.utc_offset_minutes) if case.manifest else None
    return Clock(offset, frozenset(read.newest_first))


def _now(case: OpenCase, read: _Read, clock: Clock) -> tuple[Stamp | None, TimeBasis]:
    collected = parse_time(case.manifest.collected_at) if case.manifest else None
    if collected:
        return collected, TimeBasis.MANIFEST
    stamps = [s.last for s in read.sources if s.last]
    stamps += [t for f in read.facts if f.at and (t := parse_time(f.at))]
    stamps += [
        t for f in read.facts if f.fact == "agent.show" and (t := parse_time(str(f.value.get("last_heartbeat", ""))))
    ]
    if not stamps:
        return None, TimeBasis.NONE
    return clock.utc(max(stamps, key=clock.sort_key)), TimeBasis.NEWEST_RECORD


def _candidates(rules: RuleSet, evidence: Evidence, machine: Machine, clock: Clock) -> list[Candidate]:
    found = [
        weigh(cause, evidence, state, machine, clock)
        for cause in rules.causes.values()
        for state in (State.CURRENT, State.PAST)
    ]
    return [c for c in found if c is not None]


def _info(case: OpenCase, weighed: Weighed) -> CaseInfo:
    facts, machine = weighed.facts, weighed.machine
    return CaseInfo(
        name=case.name,
        host=host_of(facts, case.manifest),
        os=machine.os,
        agent_version=machine.agent_version,
        collected_at=case.manifest.collected_at if case.manifest else None,
        now=weighed.now,
        time_basis=weighed.basis,
        identity=identity_of(facts),
        sources=tuple(weighed.read.sources),
        facts=tuple(facts),
    )


def _assemble(
    rules: RuleSet, info: CaseInfo, weighed: Weighed, items: Sequence[Ranked], causes: tuple[Cause, ...]
) -> Diagnosis:
    read, facts, history = weighed.read, weighed.facts, weighed.history
    owner = owners(history, items)
    orphans = [t for t in history.failing if id(t) not in owner]
    ends = endpoints(rules, facts)
    verdict = verdict_of(rules, causes, history, orphans, _is_alive(history, facts, ends), ends)
    changes = timeline_items([c for r in read.readings for c in r.changes.found], weighed.clock)
    began = next((c.since for c in causes if c.state is State.CURRENT), None)
    ids = [i for r in read.readings for i in r.support.found.values()]
    return Diagnosis(
        case=info,
        verdict=verdict,
        causes=causes,
        codes=codes(rules, history, owner, weighed.machine),
        attempts=_attempts(history, owner),
        checks=checks(rules, ends, facts, _warnings(rules, weighed.evidence, causes)),
        endpoints=ends,
        facts=shown_facts(rules, facts),
        support_ids=tuple(dict.fromkeys(ids)),
        unexplained=_unexplained(orphans),
        timeline=timeline(history, causes, changes, weighed.clock),
        changes=just_before(changes, began, weighed.clock),
        next_steps=next_steps([i.candidate for i in items], verdict is Verdict.INCONCLUSIVE),
        not_evaluated=not_evaluated(
            facts, [*read.left_out, *filter(None, [strangers(facts, history.machines.labels)])]
        ),
        tool_version=__version__,
        rules_version=rules.version,
    )


def _is_alive(history: History, facts: Sequence[Fact], ends: Sequence[EndpointSeen]) -> bool:
    """Whether anything shows that an agent works: without that, a case in which nothing failed says nothing."""
    connected = any(f.fact == "agent.show" and f.value.get("status") == "Connected" for f in facts)
    reached = any(end.layers and end.layers[-1].status == "pass" for end in ends)
    return history.alive or connected or vm_agent_works(facts) or reached


def owners(history: History, items: Sequence[Ranked]) -> dict[int, str]:
    """The cause of each attempt by identity: the one whose lines it printed, else one that breaks its step."""
    owner: dict[int, str] = {}
    for item in items:
        for candidate in (item.candidate, *item.folded):
            for occurrence in candidate.occurrences:
                if occurrence.home is not None:
                    owner.setdefault(id(occurrence.home), item.candidate.id)
    for attempt in history.failing:
        breaker = next((i.candidate.id for i in items if attempt.step in _broken(i)), None)
        if id(attempt) not in owner and breaker:
            owner[id(attempt)] = breaker
    return owner


def _attempts(history: History, owner: Mapping[int, str]) -> tuple[AttemptSeen, ...]:
    return tuple(
        AttemptSeen(
            Attempt(t.step, t.outcome, t.source, t.line, t.end_line, t.begin, t.end, t.count, t.version),
            owner.get(id(t)),
        )
        for t in history.tries
        if t.step
    )


def _broken(item: Ranked) -> tuple[str, ...]:
    """Steps that a current cause breaks even where no line of the attempt says so; none if it is but possible."""
    sure = item.candidate.state is State.CURRENT and item.candidate.confidence is not Confidence.POSSIBLE
    return item.candidate.cause.rule.breaks if sure else ()


def _unexplained(orphans: Iterable[Try]) -> tuple[Unexplained, ...]:
    return tuple(u for t in orphans for u in t.unexplained)


def _warnings(rules: RuleSet, evidence: Evidence, causes: Sequence[Cause]) -> list[tuple[str, Fact]]:
    named = {c.id for c in causes if c.state is State.CURRENT}
    return [
        (id_, fact)
        for id_, cause in rules.causes.items()
        if id_ not in named
        for finding in judged(evidence, cause.warns, State.CURRENT)
        if finding.truth is Truth.TRUE
        for fact in finding.facts
    ]
