"""The shapes of what rules say of the world: endpoints, systems, releases, defects, texts, and how facts are worded."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from arcdiag.knowledge.rule_base import Id, Os, Rule, Text


class AskRule(Rule, frozen=True, kw_only=True):
    """A second question to an endpoint that works: a GET of `path` whose answer names hosts of the role `role`.

    At most `most` of them are probed. `{region}` in the path is filled; without a region nothing is asked.
    """

    path: str
    role: Id
    most: int
    seconds: float


class EndpointRule(Rule, frozen=True, kw_only=True):
    """A role and its hosts: `hosts` per cloud are probed, `match` (globs) give logs' hosts their role.

    `{region}` in a host is filled from the location; such a host is left out without one. `expect`: HTTP statuses of a
    healthy answer to an unauthenticated GET of `path`. `os`: the only system that needs these hosts. `features`: who
    asks for one of them gets these hosts too. `beside_gateway`: needed past the Arc gateway. `learn`: a host of this
    role that the agent's files name is probed too. `signs`: headers of which every answer of the service itself carries
    one.
    """

    endpoint: Id
    purpose: Text
    when: Literal["always", "onboarding", "install", "feature", "optional"]
    hosts: dict[str, tuple[str, ...]] = {}
    match: tuple[str, ...] = ()
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
    signs: tuple[str, ...] = ()


class FactForm(Rule, frozen=True, kw_only=True):
    """One way to say a fact: the first form fits whose `when` accepts the fact and whose braces all have a value.

    `when`: value keys, `status`, `path`, `subject`, as in the entries of causes. Braces: value keys, `subject` and
    `reason`.
    """

    say: Text
    when: dict[str, Any] = {}


class FactRule(Rule, frozen=True, kw_only=True):
    """How people read a fact (`probe.tcp`); without a form that fits its values are shown as they are."""

    fact: Id
    forms: Annotated[tuple[FactForm, ...], Meta(min_length=1)]


class GroupRule(Rule, frozen=True, kw_only=True):
    """Roles under one name; `$core` in the `role` of a cause's entry stands for all of them."""

    group: Id
    purpose: Text
    roles: tuple[Id, ...]


class TextRule(Rule, frozen=True, kw_only=True):
    """An English sentence of the engine, by key; `{name}` are arguments."""

    texts: dict[str, str]


class LimitsRule(Rule, frozen=True, kw_only=True):
    """Numbers of the domain, by name; units are in the name."""

    limits: dict[str, int]


class ReleasesRule(Rule, frozen=True, kw_only=True):
    """Release calendar: `major.minor` to `yyyy-mm`; `supported_months`: how long a release is supported."""

    releases: dict[str, str]
    supported_months: int


class DefectRule(Rule, frozen=True, kw_only=True):
    """A known defect of agent versions (`affected`: a range such as `>=1.56,<1.64`) and the signals that show it."""

    defect: Id
    affected: str
    os: Os = "any"
    summary: Text
    fixed_in: str
    signals: tuple[Id, ...] = ()
    causes: tuple[Id, ...] = ()
    source: tuple[str, ...] = ()


class SystemRule(Rule, frozen=True, kw_only=True):
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
