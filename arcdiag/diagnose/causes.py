"""Ranked candidates as the causes of a diagnosis: why, why not surer, what was ruled out, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from arcdiag.diagnose.candidate import Candidate, Machine
from arcdiag.diagnose.clock import Clock
from arcdiag.diagnose.evidence import fact_name, pieces, value_text
from arcdiag.diagnose.fixes import captures_of, filled, fixes, safe_captures
from arcdiag.diagnose.fold import Ranked
from arcdiag.diagnose.truth import Evidence, Finding, Truth, judged
from arcdiag.diagnose.wording import worded
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.attempt import Outcome
from arcdiag.model.diagnosis import Cause, Confidence, Explained, RuledOut, State
from arcdiag.model.fact import FactStatus
from arcdiag.model.message import Msg


def cause_of(
    rules: RuleSet, item: Ranked, evidence: Evidence, machine: Machine, clock: Clock, present: frozenset[str]
) -> Cause:
    """The finished cause. `present`: ids of all causes that are named, so that none of them is ruled out."""
    candidate = item.candidate
    captures = captures_of(candidate)
    everything = (*candidate.occurrences, *(o for c in item.folded for o in c.occurrences))
    firsts = [o.group.first for o in everything if o.group.first]
    lasts = [o.group.last for o in candidate.occurrences if o.group.last]
    return Cause(
        id=candidate.id,
        layer=candidate.cause.rule.layer,
        confidence=candidate.confidence,
        state=candidate.state,
        impact=candidate.impact(rules),
        title=Msg.of(f"cause.{candidate.id}.title", **captures),
        summary=Msg.of(f"cause.{candidate.id}.summary", **captures),
        subjects=tuple(s.id for s in candidate.subjects),
        why=_why(candidate),
        why_not_sure=(*_why_not_sure(candidate), *_left_open(rules, candidate, evidence, present)),
        steps=tuple(dict.fromkeys(o.step for o in everything if o.step)) or candidate.steps,
        since=clock.utc(min(firsts, key=clock.sort_key)) if firsts else None,
        last_seen=clock.utc(max(lasts, key=clock.sort_key)) if lasts else None,
        evidence=pieces(candidate, clock, rules),
        explains=_explains(item),
        ruled_out=_ruled_out(rules, candidate, evidence, present),
        fix=fixes(rules, candidate, machine),
        verify=filled(candidate.cause.rule.verify, safe_captures(rules, candidate), machine),
        references=candidate.cause.rule.references,
    )


def _why(candidate: Candidate) -> tuple[Msg, ...]:
    said: list[Msg] = []
    strongest = sorted(candidate.occurrences, key=lambda o: (not o.strong, -o.group.rank))
    for occurrence in strongest:
        group = occurrence.group
        if group.signal.startswith("code."):
            said.append(Msg.of("why.code", code=group.signal.removeprefix("code.")))
        else:
            said.append(Msg.of(f"signal.{group.signal}.says", **group.named))
    said = list(dict.fromkeys(said))[:3]
    deciding = next((o for o in strongest if o.strong), None)
    if deciding and deciding.home and deciding.home.step:
        key = "why.deciding" if candidate.state is State.CURRENT else "why.past"
        sample = deciding.group.samples[0]
        said.append(Msg.of(key, step=deciding.home.step, source=sample.source, line=sample.line))
    elif deciding:
        sample = deciding.group.samples[0]
        said.append(Msg.of("why.loose", source=sample.source, line=sample.line))
    if candidate.facts or candidate.context:
        names = sorted({f.fact for f in (*candidate.facts, *candidate.context)})
        said.append(Msg.of("why.facts", facts=", ".join(names)))
    return tuple(said)


def _why_not_sure(candidate: Candidate) -> tuple[Msg, ...]:
    if candidate.confidence is Confidence.CONFIRMED:
        return candidate.doubts
    doubts = list(candidate.doubts)
    if not any(o.strong for o in candidate.occurrences) and candidate.occurrences:
        doubts.append(Msg.of("unsure.beside"))
    elif candidate.confidence is Confidence.POSSIBLE and not doubts:
        doubts.append(Msg.of("unsure.ambiguous"))
    if not (candidate.facts or candidate.context):
        doubts.append(Msg.of("unsure.log_only"))
    doubts += [
        Msg.of(f"cause.{candidate.id}.look_alike.{other}")
        for other in candidate.cause.rule.look_alikes
        if candidate.confidence is Confidence.POSSIBLE
    ][:2]
    return tuple(doubts)


def _left_open(rules: RuleSet, candidate: Candidate, evidence: Evidence, present: frozenset[str]) -> tuple[Msg, ...]:
    """How to tell it from those look-alikes that the evidence neither shows nor excludes."""
    if candidate.confidence is Confidence.POSSIBLE:
        return ()
    open_ = [o for o in candidate.cause.rule.look_alikes if o not in present and _untold(rules, o, evidence, candidate)]
    return tuple(Msg.of(f"cause.{candidate.id}.look_alike.{other}") for other in open_)


def _untold(rules: RuleSet, other: str, evidence: Evidence, candidate: Candidate) -> bool:
    found = judged(evidence, rules.causes[other].untold, candidate.state)
    return any(f.truth is Truth.TRUE and f.subjects & set(candidate.subjects) for f in found)


def _explains(item: Ranked) -> tuple[Explained, ...]:
    found: Counter[str] = Counter()
    for candidate in (item.candidate, *item.folded):
        homes = {id(o.home): o.home for o in candidate.occurrences if o.home and o.home.outcome is Outcome.FAILED}
        for home in homes.values():
            found.update(home.codes)
    codes = [Explained(code, count) for code, count in sorted(found.items())]
    folded = [Explained(c.id, sum(o.group.count for o in c.occurrences) or len(c.facts)) for c in item.folded]
    return (*codes, *sorted(folded, key=lambda e: e.id))


def _ruled_out(
    rules: RuleSet, candidate: Candidate, evidence: Evidence, present: frozenset[str]
) -> tuple[RuledOut, ...]:
    """Look-alikes: by a fact that refutes them, else by what tells them apart; never one that is named itself."""
    if candidate.confidence is Confidence.POSSIBLE:
        return ()
    out = []
    for other in candidate.cause.rule.look_alikes:
        if other in present or _untold(rules, other, evidence, candidate):
            continue
        rule = rules.causes[other]
        against = [f for f in judged(evidence, rule.against, State.CURRENT) if f.truth is Truth.TRUE and f.facts]
        refuted = [f for f in judged(evidence, rule.confirmed, State.CURRENT) if f.truth is Truth.FALSE and f.refuting]
        by = next((_by_fact(rules, f) for f in (*against, *refuted)), None)
        out.append(RuledOut(other, by or Msg.of(f"cause.{candidate.id}.look_alike.{other}")))
    return tuple(out)


def _by_fact(rules: RuleSet, finding: Finding) -> Msg:
    """The fact in words, else with those of its values that the entry asks for."""
    fact = (*finding.facts, *finding.refuting)[0]
    said = worded(rules, fact)
    if said is not None:
        return said
    asked = {k.removeprefix("not_") for e in (finding.entry, *finding.entry.parts) for k, _ in e.where}
    shown = {k: v for k, v in fact.value.items() if k in asked} or dict(fact.value)
    value = value_text(shown) if fact.status is FactStatus.OK else fact.status.value
    return Msg.of("ruled.fact", fact=fact_name(fact), value=value)


def next_steps(top: Sequence[Candidate], inconclusive: bool) -> tuple[Msg, ...]:
    """What to collect next: facts that would confirm or refute the first current causes."""
    wanted: dict[str, list[str]] = {}
    for candidate in top[:3]:
        if candidate.state is State.CURRENT and candidate.confidence is not Confidence.CONFIRMED:
            for finding in candidate.unknown:
                for entry in finding.entry.parts or (finding.entry,):
                    if entry.kind == "fact":
                        wanted.setdefault(candidate.id, []).append(entry.id)
    said = [Msg.of("next.confirm", cause=id_, facts=", ".join(dict.fromkeys(facts))) for id_, facts in wanted.items()]
    if inconclusive:
        said += [Msg.of("next.collect"), Msg.of("next.logs")]
    return tuple(said)
