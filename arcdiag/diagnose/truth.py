"""Entries of a cause against the evidence: true, false or unknown, and by what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from arcdiag.diagnose.history import Occurrence
from arcdiag.knowledge.endpoints import role_of
from arcdiag.knowledge.entry import Entry, accepts
from arcdiag.knowledge.leaves import FACT
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import State
from arcdiag.model.fact import Fact, FactPath, FactStatus
from arcdiag.model.subject import Subject, SubjectKind

Where = tuple[tuple[str, tuple[str, ...]], ...]
"""Conditions: keys with the values that each accepts."""
_CHOOSING = ("subject", "role", "required", "path")
_STATUS_WORDS = frozenset(status.value for status in FactStatus)


class Truth(StrEnum):
    """A fact that could not be read is unknown, never false."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """What an entry says. `refuting`: known facts that make it false.

    `context`: facts of the later parts of an `all`: they belong to the proof and name no subject.
    """

    entry: Entry
    truth: Truth
    occurrences: tuple[Occurrence, ...] = ()
    facts: tuple[Fact, ...] = ()
    refuting: tuple[Fact, ...] = ()
    context: tuple[Fact, ...] = ()

    @property
    def subjects(self) -> set[Subject]:
        """All subjects of what makes it true."""
        found = {o.group.subject for o in self.occurrences} | {f.subject for f in self.facts}
        return {s for s in found if s is not None}


class Evidence:
    """All occurrences and facts of a case, looked up by id."""

    def __init__(self, rules: RuleSet, occurrences: Sequence[Occurrence], facts: Sequence[Fact]) -> None:
        self._rules = rules
        self._signals: dict[str, list[Occurrence]] = {}
        for occurrence in occurrences:
            self._signals.setdefault(occurrence.group.signal, []).append(occurrence)
        # Codes of azcmagent that name a cause and are there: few, while each cause asks for them.
        self.codes = tuple(
            (code, rule)
            for (family, code), rule in rules.codes.items()
            if family == "azcm" and rule.names == "cause" and f"code.{code}" in self._signals
        )
        self._facts: dict[str, list[Fact]] = {}
        for fact in facts:
            self._facts.setdefault(fact.fact, []).append(fact)
        self._named = frozenset(FACT + name for name in self._facts)
        self._known_about: dict[int, dict[str, Any]] = {}
        self._spare = {
            (f.subject, f.path)
            for f in self._facts.get("probe.endpoint", ())
            if f.value.get("needed") == "connect" and f.value.get("required") is False
        }

    def speaks_of(self, cause: str, state: State) -> bool:
        """Whether anything is there that could speak for a cause: without it no entry of the cause can be true."""
        leaves = self._rules.cause_leaves[cause]
        return not leaves.isdisjoint(self._signals) or (state is State.CURRENT and not leaves.isdisjoint(self._named))

    def of(self, entry: Entry, state: State) -> Finding:
        """Judge one entry. Facts speak of the present only: of a past state they are unknown."""
        if entry.compound:
            return self._all(entry, state)
        if entry.kind == "fact":
            return self._fact(entry) if state is State.CURRENT else Finding(entry, Truth.UNKNOWN)
        id_ = entry.id if entry.kind == "signal" else f"code.{entry.id}"
        found = tuple(
            o for o in self._signals.get(id_, ()) if o.state is state and not o.healed and self._signal_fits(entry, o)
        )
        return Finding(entry, Truth.TRUE if found else Truth.FALSE, found)

    def recurring(self, entry: Entry) -> tuple[Occurrence, ...]:
        """Occurrences of a signal entry in attempts that success followed, those that healed at once included."""
        known = self._signals.get(entry.id, ()) if entry.kind == "signal" else ()
        return tuple(o for o in known if o.state is State.PAST and self._signal_fits(entry, o))

    def _all(self, entry: Entry, state: State) -> Finding:
        parts = [self.of(part, state) for part in entry.parts]
        refuting = tuple(f for p in parts for f in p.refuting)
        if any(p.truth is Truth.FALSE for p in parts):
            return Finding(entry, Truth.FALSE, refuting=refuting)
        if any(p.truth is Truth.UNKNOWN for p in parts):
            return Finding(entry, Truth.UNKNOWN)
        if entry.kind == "same":
            parts = _of_one_subject(parts)
            if not all(p.subjects for p in parts):
                return Finding(entry, Truth.FALSE)
        occurrences = tuple(o for p in parts for o in p.occurrences)
        context = tuple(f for p in parts[1:] for f in p.facts)
        return Finding(entry, Truth.TRUE, occurrences, parts[0].facts, context=context)

    def _signal_fits(self, entry: Entry, occurrence: Occurrence) -> bool:
        group = occurrence.group
        sample = group.samples[0] if group.samples else None
        values: dict[str, Any] = {
            **group.named,
            "role": group.role,
            "step": occurrence.step,
            "subject": group.subject.id if group.subject else None,
            "level": sample.level.value if sample else None,
        }
        return _all_hold(entry.where, values)

    def _fact(self, entry: Entry) -> Finding:
        known = self._facts.get(entry.id, [])
        true, false, unknown = [], [], not known
        for fact in known:
            if not self._is_meant(entry, fact):
                continue
            if fact_holds(entry, fact):
                true.append(fact)
            elif fact.status.known:
                false.append(fact)
            else:
                unknown = True
        if true:
            return Finding(entry, Truth.TRUE, facts=tuple(true))
        if unknown or not false:
            return Finding(entry, Truth.UNKNOWN)
        return Finding(entry, Truth.FALSE, refuting=tuple(false))

    def _is_meant(self, entry: Entry, fact: Fact) -> bool:
        """Conditions that choose the fact, not its value: subject, role, path. What-if facts only where asked for."""
        conditions = _conditions(entry.where)
        if fact.path is FactPath.WHAT_IF and not any(key == "path" for key, _ in conditions.choosing):
            return False
        return not self._fails_in_vain(fact) and _all_hold(conditions.choosing, self._about(fact))

    def _fails_in_vain(self, fact: Fact) -> bool:
        """A failure on the way to what only connecting needs, on a machine that is connected: no cause comes of it."""
        layer = fact.fact.startswith("probe.") and fact.value.get("result") not in (None, "ok")
        return layer and (fact.subject, fact.path) in self._spare

    def _about(self, fact: Fact) -> dict[str, Any]:
        """By identity: the same facts are asked for by hundreds of entries, and live as long as this."""
        known = self._known_about.get(id(fact))
        if known is None:
            known = self._known_about[id(fact)] = self._learnt_about(fact)
        return known

    def _learnt_about(self, fact: Fact) -> dict[str, Any]:
        endpoint = fact.subject is not None and fact.subject.kind is SubjectKind.ENDPOINT
        role = role_of(self._rules, fact.subject.id) if endpoint and fact.subject else None
        rule = self._rules.endpoints.get(role or "")
        return {
            "subject": fact.subject.id if fact.subject else None,
            "role": role,
            "required": bool(rule and rule.required),
            "path": fact.path.value,
        }


def fact_holds(entry: Entry, fact: Fact) -> bool:
    """Whether a fact has the status and values that an entry asks for; what chooses the fact is not looked at."""
    conditions = _conditions(entry.where)
    if conditions.status:
        if not accepts(conditions.status, fact.status.value):
            return False
    elif fact.status is not FactStatus.OK:
        return False
    return _all_hold(conditions.values, fact.value)


@dataclass(frozen=True, slots=True)
class _Conditions:
    """Those of an entry about a fact: what chooses it, which status it must have (none: OK), and its values."""

    choosing: Where
    status: tuple[str, ...]
    values: Where


@lru_cache(maxsize=4096)
def _conditions(where: Where) -> _Conditions:
    """Kept: hundreds of entries are held against the facts of each case of a fleet."""
    choosing = tuple(pair for pair in where if pair[0].removeprefix("not_") in _CHOOSING)
    # `status` is also a value of some facts (`Connected`): it means the fact's own only with a fact's words.
    status = next((words for key, words in where if key == "status" and _STATUS_WORDS.issuperset(words)), ())
    values = tuple(pair for pair in where if pair not in choosing and not (status and pair[0] == "status"))
    return _Conditions(choosing, status, values)


def _of_one_subject(parts: Sequence[Finding]) -> list[Finding]:
    """The parts with only that evidence whose subject all of them share."""
    shared = set.intersection(*(p.subjects for p in parts))
    return [
        replace(
            p,
            occurrences=tuple(o for o in p.occurrences if o.group.subject in shared),
            facts=tuple(f for f in p.facts if f.subject in shared),
        )
        for p in parts
    ]


def _all_hold(where: Where, values: Mapping[str, Any]) -> bool:
    for key, accepted in where:
        if key.startswith("not_"):
            if accepts(accepted, values.get(key.removeprefix("not_"))):
                return False
        elif not accepts(accepted, values.get(key)):
            return False
    return True


def judged(evidence: Evidence, entries: Iterable[Entry], state: State) -> list[Finding]:
    """All entries of one list."""
    return [evidence.of(entry, state) for entry in entries]
