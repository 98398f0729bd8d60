"""From candidates to causes: one entry per id, last resorts only as such, symptoms under what explains them, order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from arcdiag.diagnose.candidate import Candidate
from arcdiag.diagnose.clock import Clock
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.attempt import Impact
from arcdiag.model.diagnosis import Confidence, State
from arcdiag.model.subject import Subject, SubjectKind


@dataclass(frozen=True)
class Ranked:
    """A cause that stays, with the candidates folded under it."""

    candidate: Candidate
    folded: tuple[Candidate, ...]


def ranked(rules: RuleSet, candidates: Iterable[Candidate], clock: Clock) -> list[Ranked]:
    """The causes in their final order; the first current one is the answer."""
    single = _one_per_id(candidates)
    kept = _without_weaker_doubles(_without_last_resorts(rules, single))
    under = _parents(rules, kept)
    tops = [c for c in kept if c.id not in under]
    made = [Ranked(top, tuple(c for c in kept if _root(c.id, under) == top.id and c.id != top.id)) for top in tops]
    return sorted(made, key=lambda r: _order(rules, r, clock))


def _one_per_id(candidates: Iterable[Candidate]) -> list[Candidate]:
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        known = best.get(candidate.id)
        if known is None or (known.state is State.PAST and candidate.state is State.CURRENT):
            best[candidate.id] = candidate
    return list(best.values())


def _without_last_resorts(rules: RuleSet, candidates: list[Candidate]) -> list[Candidate]:
    """A last resort stays where it is confirmed, or where no other cause of its state explains one of its steps."""
    kept = []
    for candidate in candidates:
        if candidate.cause.rule.last_resort and candidate.confidence is not Confidence.CONFIRMED:
            others = [
                o
                for o in candidates
                if o.state is candidate.state
                and not o.cause.rule.last_resort
                and o.impact(rules) is not Impact.NONE
                and {*o.steps, *o.cause.rule.breaks} & set(candidate.steps)
            ]
            if others:
                continue
        kept.append(candidate)
    return kept


def _without_weaker_doubles(candidates: list[Candidate]) -> list[Candidate]:
    """What is but possible goes where a surer cause of the same state accounts for all of its endpoints."""
    kept = []
    for candidate in candidates:
        mine = _endpoints(candidate.subjects)
        surer = [
            c
            for c in candidates
            if c.state is candidate.state and c.confidence is not Confidence.POSSIBLE and mine <= _endpoints(c.subjects)
        ]
        if candidate.confidence is Confidence.POSSIBLE and mine and surer:
            continue
        kept.append(candidate)
    return kept


def _parents(rules: RuleSet, candidates: list[Candidate]) -> dict[str, str]:
    """For each folded id the id of the surest cause that explains it."""
    under: dict[str, str] = {}
    for child in candidates:
        parents = [p for p in candidates if p.id != child.id and _explains(rules, p, child)]
        if parents:
            under[child.id] = min(parents, key=lambda p: (p.confidence.rank, p.id)).id
    return under


def _explains(rules: RuleSet, parent: Candidate, child: Candidate) -> bool:
    """Same state, sure enough, at least as bad, and about the child's endpoints if it is about endpoints."""
    if child.id not in parent.cause.rule.explains or parent.state is not child.state:
        return False
    if not _sure_enough(parent, child) or parent.impact(rules).rank > child.impact(rules).rank:
        return False
    if parent.cause.rule.about == SubjectKind.ENDPOINT.value:
        mine = _endpoints(parent.subjects)
        return not mine or _endpoints(child.subjects) <= mine
    return True


def _sure_enough(parent: Candidate, child: Candidate) -> bool:
    """At least as sure as the child; of a mere symptom, that is seen for certain long before its reason, likely."""
    step = child.cause.rule.symptom_of
    if step and step in parent.cause.rule.breaks and parent.confidence is not Confidence.POSSIBLE:
        return True
    return parent.confidence.rank <= child.confidence.rank


def _endpoints(subjects: tuple[Subject, ...]) -> set[str]:
    return {s.id for s in subjects if s.kind is SubjectKind.ENDPOINT}


def _root(id_: str, under: dict[str, str]) -> str:
    seen = {id_}
    while id_ in under and under[id_] not in seen:
        id_ = under[id_]
        seen.add(id_)
    return id_


def _order(rules: RuleSet, item: Ranked, clock: Clock) -> tuple[object, ...]:
    candidate = item.candidate
    steps = {s for c in (candidate, *item.folded) for s in c.steps}
    starts = [clock.sort_key(o.group.first) for o in candidate.occurrences]
    return (
        candidate.state is not State.CURRENT,
        candidate.impact(rules).rank,
        candidate.cause.rule.last_resort,
        candidate.confidence.rank,
        -len(steps),
        min(starts, default=(True, "")),
        candidate.id,
    )
