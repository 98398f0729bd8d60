"""The shapes of the rules, as they stand in YAML. `msgspec` checks them and names what is expected."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=80)]
Text = Annotated[str, Meta(min_length=1, max_length=4000)]
Who = Literal["server", "network", "identity", "azure"]
Os = Literal["any", "windows", "linux"]
Status = Literal["experimental", "stable", "deprecated"]
Names = dict[str, Any]
Layer = Literal[
    "network", "proxy", "tls", "clock", "private-link", "identity", "arm", "agent", "host", "install", "extension",
    "azure-vm", "patching",
]  # fmt: skip


class _Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all rules: unknown fields are errors."""


class Sample(_Rule, frozen=True, kw_only=True):
    """One text that must or must not match; `gives` are captures it must yield; `why` explains a no-match."""

    line: str
    gives: dict[str, str] = {}
    why: str = ""


class Samples(_Rule, frozen=True, kw_only=True):
    """Texts of both kinds."""

    match: tuple[Sample, ...] = ()
    no_match: tuple[Sample, ...] = ()


class SignalRule(_Rule, frozen=True, kw_only=True):
    """What a text means, nothing about why.

    `text`: patterns, any one. `subject`: the capture that names what it is about, or `endpoint` (the captured host,
    else the host of the nearest URL before the match), `machine` by default. `only`/`unless`: captures (or `role`,
    `level`, `kind` = file kind) that must or must not be one of the listed values. `fails`: a match makes an attempt at
    this step fail. `step`: the step it belongs to where it stands outside every attempt. `noise`: known as harmless,
    it hides what lies inside it and is no evidence.
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
    samples: Samples
    also: dict[str, str] = {}
    false_positives: tuple[str, ...] = ()
    status: Status = "experimental"
    since: str = "1.0"
    source: tuple[str, ...] = ()


class FixRule(_Rule, frozen=True, kw_only=True):
    """One thing to do; `run` is a command with `{capture}` or `<name>`; `agent`: versions that have the command."""

    do: Text
    run: str | None = None
    who: Who = "server"
    os: Os = "any"
    agent: str | None = None


class Applies(_Rule, frozen=True, kw_only=True):
    """Limits what is inferred, never what was printed."""

    os: Os = "any"
    agent: str | None = None


class Recurs(_Rule, frozen=True, kw_only=True):
    """`count` failures within `within` (`24h`, `30m`): then one success inside that window closes nothing."""

    count: Annotated[int, Meta(ge=2)]
    within: Annotated[str, Meta(pattern=r"^[0-9]{1,3}[hm]$")]

    @property
    def window(self) -> timedelta:
        """`within` as a duration."""
        number = int(self.within[:-1])
        return timedelta(hours=number) if self.within.endswith("h") else timedelta(minutes=number)


class CauseRule(_Rule, frozen=True, kw_only=True):
    """Why something fails. Entries of the lists: see `knowledge/entry.py`."""

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
    breaks: tuple[Id, ...]
    explains: tuple[Id, ...] = ()
    look_alikes: dict[str, str] = {}
    last_resort: bool = False
    recurs: Recurs | None = None
    fix: Annotated[tuple[FixRule, ...], Meta(min_length=1)]
    verify: str | None = None
    false_positives: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    status: Status = "experimental"
    since: str = "1.0"
    source: tuple[str, ...] = ()


class Meaning(_Rule, frozen=True, kw_only=True):
    """What a code means in the documentation of these months (`yyyy-mm`, None = open) on this OS.

    `printed`: names beside the number that belong to this meaning alone; they outrank any date.
    """

    text: Text
    documented: tuple[str | None, str | None] = (None, None)
    os: Os = "any"
    printed: tuple[str, ...] = ()


class CodeRule(_Rule, frozen=True, kw_only=True):
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


class StepRule(_Rule, frozen=True, kw_only=True):
    """How attempts at a step begin, succeed and fail; `closes`: steps whose earlier failures its success ends.

    `commands`: azcmagent commands whose runs are attempts. `kinds`: file kinds whose signals belong to the step where
    no attempt holds them. `heals_within`: minutes within which a failure followed by success is noise. `routine`: the
    agent does it again and again. `end`: texts that end an attempt, which went well unless an error stands in it.
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


class RunRule(_Rule, frozen=True, kw_only=True):
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


class AskRule(_Rule, frozen=True, kw_only=True):
    """A second question to an endpoint that works: a GET of `path` whose answer names hosts of the role `role`.

    At most `most` of them are probed. `{region}` in the path is filled; without a region nothing is asked.
    """

    path: str
    role: Id
    most: int
    seconds: float


class EndpointRule(_Rule, frozen=True, kw_only=True):
    """A role and its hosts: `hosts` per cloud are probed, `match` (globs) give logs' hosts their role.

    `{region}` in a host is filled from the location; such a host is left out without one. `expect`: HTTP statuses of a
    healthy answer to an unauthenticated GET of `path`. `os`: the only system that needs these hosts. `features`: who
    asks for one of them gets these hosts too. `beside_gateway`: needed past the Arc gateway. `learn`: a host of this
    role that the agent's files name is probed too.
    """

    endpoint: Id
    purpose: Text
    when: Literal["always", "onboarding", "install", "feature", "optional"]
    hosts: dict[str, tuple[str, ...]] = {}
    match: tuple[str, ...] = ()
    feature: str | None = None
    required: bool = True
    path: str = "/"
    port: int = 443
    expect: tuple[int, ...] = ()
    private_link: bool = False
    bypass: str | None = None
    source: tuple[str, ...] = ()
    os: Os = "any"
    features: tuple[Id, ...] = ()
    beside_gateway: bool = False
    learn: bool = False
    ask: AskRule | None = None


class FactForm(_Rule, frozen=True, kw_only=True):
    """One way to say a fact: the first form fits whose `when` accepts the fact and whose braces all have a value.

    `when`: value keys, `status`, `path`, as in the entries of causes. Braces: value keys, `subject`, `reason`.
    """

    say: Text
    when: dict[str, Any] = {}


class FactRule(_Rule, frozen=True, kw_only=True):
    """How people read a fact (`probe.tcp`); without a form that fits its values are shown as they are."""

    fact: Id
    forms: Annotated[tuple[FactForm, ...], Meta(min_length=1)]


class GroupRule(_Rule, frozen=True, kw_only=True):
    """Roles under one name; `$core` in the `role` of a cause's entry stands for all of them."""

    group: Id
    purpose: Text
    roles: tuple[Id, ...]


class TextRule(_Rule, frozen=True, kw_only=True):
    """An English sentence of the engine, by key; `{name}` are arguments."""

    texts: dict[str, str]


class LimitsRule(_Rule, frozen=True, kw_only=True):
    """Numbers of the domain, by name; units are in the name."""

    limits: dict[str, int]


class ReleasesRule(_Rule, frozen=True, kw_only=True):
    """Release calendar: `major.minor` to `yyyy-mm`; `supported_months`: how long a release is supported."""

    releases: dict[str, str]
    supported_months: int


class DefectRule(_Rule, frozen=True, kw_only=True):
    """A known defect of agent versions (`affected`: a range such as `>=1.56,<1.64`) and the signals that show it."""

    defect: Id
    affected: str
    os: Os = "any"
    summary: Text
    fixed_in: str
    signals: tuple[Id, ...] = ()
    causes: tuple[Id, ...] = ()
    severity: Literal["high", "medium", "low"] = "medium"
    source: tuple[str, ...] = ()


class SystemRule(_Rule, frozen=True, kw_only=True):
    """An operating system that the agent supports or once did.

    `ids` are names as os-release has them (`windows` for Windows), `versions` beginnings of its version (`8` fits
    `8.10`). Dates are `yyyy-mm-dd`: limited support from `limited_from` on, none after `until`; `last_agent` is the
    newest agent that it gets.
    """

    system: Id
    os: Os
    ids: tuple[str, ...]
    versions: tuple[str, ...]
    arch: tuple[Literal["x64", "arm64"], ...] = ("x64",)
    limited_from: str | None = None
    until: str | None = None
    last_agent: str | None = None
    source: tuple[str, ...] = ()


KINDS: dict[str, type[_Rule]] = {
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
