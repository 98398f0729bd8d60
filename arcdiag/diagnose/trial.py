"""One cause on trial: each of its entries against a case, and what became of the cause."""

from __future__ import annotations

from dataclasses import dataclass

from arcdiag.case.open import OpenCase
from arcdiag.diagnose.evidence import of_fact, of_occurrence
from arcdiag.diagnose.run import Weighed, diagnose_weighed, weigh_case
from arcdiag.diagnose.truth import Finding, Truth, judged
from arcdiag.knowledge.entry import LISTS, Entry
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Cause, Diagnosis, Evidence, State

MOST = 5


@dataclass(frozen=True, slots=True)
class Tried:
    """One entry of one list, judged for `state`; `proofs` are what makes it true, or false where facts refute it."""

    list: str
    entry: Entry
    truth: Truth
    state: State
    proofs: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """`chosen`: the cause as the diagnosis names it; `under`: else the id of the cause that explains it, if any."""

    id: str
    chosen: Cause | None
    under: str | None
    tried: tuple[Tried, ...]


def try_cause(case: OpenCase, rules: RuleSet, id_: str) -> Trial:
    """Hold a cause of the rules against a case. An entry that is true of the past alone is shown as such."""
    weighed = weigh_case(case, rules)
    diagnosis = diagnose_weighed(case, rules, weighed)
    cause = rules.causes[id_]
    tried = tuple(_judged(weighed, rules, name, entry) for name in LISTS for entry in getattr(cause, name))
    chosen = next((c for c in diagnosis.causes if c.id == id_), None)
    return Trial(id_, chosen, None if chosen else _under(diagnosis, id_), tried)


def _under(diagnosis: Diagnosis, id_: str) -> str | None:
    return next((c.id for c in diagnosis.causes if any(e.id == id_ for e in c.explains)), None)


def _judged(weighed: Weighed, rules: RuleSet, name: str, entry: Entry) -> Tried:
    now = judged(weighed.evidence, [entry], State.CURRENT)[0]
    if now.truth is not Truth.TRUE:
        then = judged(weighed.evidence, [entry], State.PAST)[0]
        if then.truth is Truth.TRUE:
            return Tried(name, entry, then.truth, State.PAST, _proofs(weighed, rules, then))
    return Tried(name, entry, now.truth, State.CURRENT, _proofs(weighed, rules, now))


def _proofs(weighed: Weighed, rules: RuleSet, finding: Finding) -> tuple[Evidence, ...]:
    lines = [of_occurrence(o, weighed.clock) for o in finding.occurrences]
    facts = [of_fact(f, rules) for f in (*finding.facts, *finding.context, *finding.refuting)]
    return tuple([*lines, *facts][:MOST])
