"""All rules of one run, typed, compiled and cross-checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from msgspec import Struct

from arcdiag.knowledge.data_types import (
    DefectRule,
    EndpointRule,
    FactRule,
    GroupRule,
    LimitsRule,
    ReleasesRule,
    SystemRule,
    TextRule,
)
from arcdiag.knowledge.entry import Entry
from arcdiag.knowledge.matching import Pattern
from arcdiag.knowledge.rule_types import CauseRule, CodeRule, RunRule, SignalRule, StepRule

if TYPE_CHECKING:
    from arcdiag.knowledge.host_roles import HostRoles

_K = TypeVar("_K")
_V = TypeVar("_V")


class CompiledSignal(Struct, frozen=True):
    """A signal rule with its patterns."""

    rule: SignalRule
    patterns: tuple[Pattern, ...]
    file: str


class CompiledStep(Struct, frozen=True):
    """A step with its marks."""

    rule: StepRule
    begin: tuple[Pattern, ...]
    ok: tuple[Pattern, ...]
    failed: tuple[Pattern, ...]
    end: tuple[Pattern, ...] = ()
    alive: tuple[Pattern, ...] = ()


class CompiledCause(Struct, frozen=True):
    """A cause with its entries parsed."""

    rule: CauseRule
    file: str
    confirmed: tuple[Entry, ...]
    likely: tuple[Entry, ...]
    possible: tuple[Entry, ...]
    against: tuple[Entry, ...]
    warns: tuple[Entry, ...]
    untold: tuple[Entry, ...] = ()


class CompiledFact(Struct, frozen=True):
    """How a fact is worded; `forms` are the conditions of the rule's forms, in their order."""

    rule: FactRule
    forms: tuple[Entry, ...]


@dataclass(frozen=True)
class RuleSet:
    """`codes` are keyed by (family, code); every mapping keeps the order of the files."""

    version: str
    signals: Mapping[str, CompiledSignal]
    causes: Mapping[str, CompiledCause]
    codes: Mapping[tuple[str, str], CodeRule]
    steps: Mapping[str, CompiledStep]
    run_marks: Mapping[str, tuple[Pattern, ...]]
    endpoints: Mapping[str, EndpointRule]
    texts: Mapping[str, str]
    limits: Mapping[str, int]
    releases: Mapping[str, str]
    supported_months: int
    defects: Mapping[str, DefectRule]
    systems: Mapping[str, SystemRule]
    facts: Mapping[str, CompiledFact]
    groups: Mapping[str, GroupRule]

    @cached_property
    def made(self) -> dict[type, object]:
        """What was made of these rules and is good for many cases, by its type."""
        return {}

    @cached_property
    def host_roles(self) -> HostRoles:
        """The roles of hosts by the globs of the endpoints, ready to be looked up many times."""
        from arcdiag.knowledge.host_roles import host_roles

        return host_roles(self.endpoints)

    @cached_property
    def cause_leaves(self) -> Mapping[str, frozenset[str]]:
        """By cause the signals, codes and facts without any of which it cannot be."""
        from arcdiag.knowledge.leaves import cause_leaves

        return cause_leaves(self)


@dataclass
class RuleSetBuilder:
    """Collects rules one by one; `build` checks what they say of each other."""

    RUN_MARKS: ClassVar[tuple[str, ...]] = ("elevated", "version", "config", "command", "exit_code", "end", "installed")

    signals: dict[str, CompiledSignal] = field(default_factory=dict)
    causes: dict[str, CompiledCause] = field(default_factory=dict)
    codes: dict[tuple[str, str], CodeRule] = field(default_factory=dict)
    steps: dict[str, CompiledStep] = field(default_factory=dict)
    run_marks: dict[str, tuple[Pattern, ...]] = field(default_factory=dict)
    endpoints: dict[str, EndpointRule] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    releases: dict[str, str] = field(default_factory=dict)
    supported_months: int = 12
    defects: dict[str, DefectRule] = field(default_factory=dict)
    systems: dict[str, SystemRule] = field(default_factory=dict)
    groups: dict[str, GroupRule] = field(default_factory=dict)
    facts: dict[str, CompiledFact] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: RuleSet) -> RuleSetBuilder:
        """A builder that holds the rules of a set, and may be added to without changing that set."""
        held = cls()
        for item in fields(cls):
            value: Any = getattr(rules, item.name)
            setattr(held, item.name, dict(value) if isinstance(value, Mapping) else value)
        return held

    def add(self, rule: object, compiled: object, file: str, replace: bool) -> None:
        """Add one rule. Raises ValueError if its id is taken and `replace` is not allowed."""
        match rule, compiled:
            case SignalRule(), CompiledSignal():
                self._put(self.signals, rule.signal, compiled, replace)
            case CauseRule(), CompiledCause():
                self._put(self.causes, rule.cause, compiled, replace)
            case CodeRule(), _:
                self._put(self.codes, (rule.family, rule.code), rule, replace)
            case StepRule(), CompiledStep():
                self._put(self.steps, rule.step, compiled, replace)
            case RunRule(), dict():
                self.run_marks = compiled
            case EndpointRule(), _:
                self._put(self.endpoints, rule.endpoint, rule, replace)
            case FactRule(), CompiledFact():
                self._put(self.facts, rule.fact, compiled, replace)
            case GroupRule(), _:
                self._put(self.groups, rule.group, rule, replace)
            case TextRule(), _:
                self.texts.update(rule.texts)
            case LimitsRule(), _:
                self.limits.update(rule.limits)
            case ReleasesRule(), _:
                self.releases, self.supported_months = dict(rule.releases), rule.supported_months
            case DefectRule(), _:
                self._put(self.defects, rule.defect, rule, replace)
            case SystemRule(), _:
                self._put(self.systems, rule.system, rule, replace)
            case _:
                raise ValueError(f"a rule of {file} has no place")

    @staticmethod
    def _put(table: dict[_K, _V], key: _K, value: _V, replace: bool) -> None:
        if key in table and not replace:
            raise ValueError(f"the id {key!r} is already taken")
        table[key] = value

    def build(self, version: str) -> RuleSet:
        """The finished set. Raises RuleFileError for a reference that leads nowhere or a circle of `explains`."""
        from arcdiag.knowledge.references import check_references
        from arcdiag.knowledge.role_groups import with_roles

        rules = RuleSet(
            version=version,
            signals=self.signals,
            causes={id_: with_roles(cause, self.groups, self.endpoints) for id_, cause in self.causes.items()},
            codes=self.codes,
            steps=self.steps,
            run_marks=self.run_marks,
            endpoints=self.endpoints,
            texts=self.texts,
            limits=self.limits,
            releases=self.releases,
            supported_months=self.supported_months,
            defects=self.defects,
            systems=self.systems,
            facts=self.facts,
            groups=self.groups,
        )
        check_references(rules)
        return rules
