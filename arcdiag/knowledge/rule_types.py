"""The shapes of the rules, as they stand in YAML. `msgspec` checks them and names what is expected."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta

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
from arcdiag.knowledge.rule_base import Id, Layer, Names, Os, Rule, Status, Text, Who


class Sample(Rule, frozen=True, kw_only=True):
    """One text that must or must not match; `gives` are captures it must yield; `why` explains a no-match."""

    line: str
    gives: dict[str, str] = {}
    why: str = ""


class Samples(Rule, frozen=True, kw_only=True):
    """Texts of both kinds."""

    match: tuple[Sample, ...] = ()
    no_match: tuple[Sample, ...] = ()


class SignalRule(Rule, frozen=True, kw_only=True):
    """What a text means, nothing about why.

    `text`: patterns, any one. `subject`: the capture that names what it is about, or `endpoint` (the captured host,
    else the host of the nearest URL before the match), `machine` by default. `only`/`unless`: captures (or `role`,
    `level`, `kind` = file kind, `asked` = the service that the `sc` command before it names, `none` without such a
    command) that must or must not be one of the listed values. `fails`: a match makes an attempt at
    this step fail. `step`: the step it belongs to where it stands outside every attempt. `noise`: known as harmless,
    it hides what lies inside it and is no evidence. `change`: it tells that somebody or something changed the machine;
    it stands in the timeline and is no evidence.
    """

    signal: Id
    says: Text
    text: tuple[str, ...] = ()
    regex: tuple[str, ...] = ()
    anchor: str | None = None
    subject: str = "machine"
    only: dict[str, tuple[str, ...]] = {}
    unless: dict[str, tuple[str, ...]] = {}
    fails: Id | None = None
    step: Id | None = None
    noise: bool = False
    change: bool = False
    samples: Samples
    also: dict[str, str] = {}
    false_positives: tuple[str, ...] = ()
    status: Status = "experimental"
    since: str = "1.0"
    source: tuple[str, ...] = ()


class FixRule(Rule, frozen=True, kw_only=True):
    """One thing to do; `run` is a command with `{capture}` or `<name>`; `agent`: versions that have the command."""

    do: Text
    run: str | None = None
    who: Who = "server"
    os: Os = "any"
    agent: str | None = None


class Applies(Rule, frozen=True, kw_only=True):
    """Limits what is inferred, never what was printed."""

    os: Os = "any"
    agent: str | None = None


class Recurs(Rule, frozen=True, kw_only=True):
    """`count` failures within `within` (`24h`, `30m`): then one success inside that window closes nothing."""

    count: Annotated[int, Meta(ge=2)]
    within: Annotated[str, Meta(pattern=r"^[0-9]{1,3}[hm]$")]

    @property
    def window(self) -> timedelta:
        """`within` as a duration."""
        number = int(self.within[:-1])
        return timedelta(hours=number) if self.within.endswith("h") else timedelta(minutes=number)


class CauseRule(Rule, frozen=True, kw_only=True):
    """Why something fails. Entries of the lists: see `knowledge/entry.py`.

    `symptom_of`: the step whose failure is all that this cause tells. However sure it is, it goes under a likely cause
    that explains it and breaks that step.
    """

    cause: Id
    layer: Layer
    title: Text
    summary: Text
    about: str | None = None
    applies: Applies = Applies()
    confirmed: tuple[str | Names, ...] = ()
    likely: tuple[str | Names, ...] = ()
    possible: tuple[str | Names, ...] = ()
    against: tuple[str | Names, ...] = ()
    warns: tuple[str | Names, ...] = ()
    untold: tuple[str | Names, ...] = ()
    breaks: tuple[Id, ...]
    explains: tuple[Id, ...] = ()
    look_alikes: dict[str, str] = {}
    last_resort: bool = False
    symptom_of: Id | None = None
    recurs: Recurs | None = None
    fix: Annotated[tuple[FixRule, ...], Meta(min_length=1)]
    verify: str | None = None
    false_positives: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    status: Status = "experimental"
    since: str = "1.0"
    source: tuple[str, ...] = ()


class Meaning(Rule, frozen=True, kw_only=True):
    """What a code means in the documentation of these months (`yyyy-mm`, None = open) on this OS.

    `printed`: names beside the number that belong to this meaning alone; they outrank any date.
    """

    text: Text
    documented: tuple[str | None, str | None] = (None, None)
    os: Os = "any"
    printed: tuple[str, ...] = ()


class CodeRule(Rule, frozen=True, kw_only=True):
    """A code of a family (`azcm`, `msiexec`, ...). `names`: a step (fold it), a cause, a wrapper, or nothing."""

    code: str
    family: Id = "azcm"
    names: Literal["step", "cause", "wrapper", "nothing"]
    cause: Id | None = None
    causes_by_os: dict[Literal["windows", "linux"], Id] = {}
    step: Id | None = None
    exit: int | None = None
    meanings: Annotated[tuple[Meaning, ...], Meta(min_length=1)]
    printed: tuple[str, ...] = ()
    behind: tuple[Id, ...] = ()
    next: str | None = None
    source: tuple[str, ...] = ()


class StepRule(Rule, frozen=True, kw_only=True):
    """How attempts at a step begin, succeed and fail; `closes`: steps whose earlier failures its success ends.

    `commands`: azcmagent commands whose runs are attempts. `kinds`: file kinds whose signals belong to the step where
    no attempt holds them. `heals_within`: minutes within which a failure followed by success is noise. `routine`: the
    agent does it again and again. `end`: texts that end an attempt, which went well unless an error stands in it.
    `alive`: signs of life that go on beside failures; one is a success where none was seen for `quiet_minutes` before.
    """

    step: Id
    title: Text
    impact: Literal["offline", "feature", "none"]
    closes: tuple[Id, ...] = ()
    commands: tuple[str, ...] = ()
    begin: tuple[str, ...] = ()
    ok: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    heals_within: int = 0
    routine: bool = False
    end: tuple[str, ...] = ()
    alive: tuple[str, ...] = ()
    quiet_minutes: Annotated[int, Meta(ge=1)] = 60


class RunRule(Rule, frozen=True, kw_only=True):
    """How runs of azcmagent are told apart in a log: marks in the order in which a run prints them.

    `end`: the last line of a run; one without any error ended well, unless its step has marks of success of its own.
    `installed`: a text that names the installed version without beginning a run.
    """

    runs: Literal["azcmagent"]
    elevated: tuple[str, ...]
    version: tuple[str, ...]
    config: tuple[str, ...]
    command: tuple[str, ...]
    exit_code: tuple[str, ...]
    end: tuple[str, ...] = ()
    installed: tuple[str, ...] = ()


KINDS: dict[str, type[Rule]] = {
    "signal": SignalRule,
    "cause": CauseRule,
    "code": CodeRule,
    "step": StepRule,
    "runs": RunRule,
    "endpoint": EndpointRule,
    "fact": FactRule,
    "group": GroupRule,
    "texts": TextRule,
    "limits": LimitsRule,
    "releases": ReleasesRule,
    "defect": DefectRule,
    "system": SystemRule,
}
"""The first key of an item tells its kind."""
