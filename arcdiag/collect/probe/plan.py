"""What will be probed, and on which way: decided before the first packet, and all that `--dry-run` has to print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from arcdiag.collect.host.proxy_url import ProxyUrl
from arcdiag.collect.host.settings import MachineSettings
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.probe.learnt import learnt_hosts
from arcdiag.collect.probe.left_out import left_out
from arcdiag.collect.probe.nameserver import NameServer
from arcdiag.collect.probe.routes import ARC_PROXY, Route, Router, straight, through
from arcdiag.collect.probe.situation import Situation
from arcdiag.collect.probe.target import Ask, Target
from arcdiag.knowledge.endpoints import EndpointHost, endpoint_host, hosts_for, of_cloud
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.case import NotEvaluated
from arcdiag.model.fact import FactPath

__all__ = ["ARC_PROXY", "Ask", "ProbePlan", "Route", "Target", "make_plan"]

CONTROLS = ("www.microsoft.com", "www.example.com")
"""Looked up and nothing more: a name of Microsoft's and one of nobody's tell a dead resolver from a missing record."""
HIMDS = ("127.0.0.1", 40342)
ARC_PROXY_PORT = ("127.0.0.1", 40343)
IDENTITY_EXTENSION = ("127.0.0.1", 50342)
IMDS = ("169.254.169.254", 80)
WIRESERVER = ("168.63.129.16", (80, 32526))
WEB = ("www.msftconnecttest.com", 80)
MOST_KNOWN_PROXIES = 2
_TRIED_THROUGH_OTHERS = ("entra-login", "his-global")


@dataclass(frozen=True, slots=True)
class ProbePlan:
    """Every address that a packet may go to; `left_out` says what is not probed.

    `controls` are only looked up. `what_ifs` are ways that were asked for beside the agent's own. `fallbacks` are tried
    for an endpoint that the agent's direct way does not reach. `asks` are second questions: of the names in an answer
    only those that match its globs are probed. `web`: asked over plain HTTP.
    """

    cloud: str
    region: str | None
    targets: tuple[Target, ...]
    proxies: tuple[ProxyUrl, ...]
    servers: tuple[NameServer, ...]
    controls: tuple[str, ...]
    pinned: Mapping[str, tuple[str, ...]]
    left_out: tuple[NotEvaluated, ...]
    path: FactPath = FactPath.AGENT
    himds: tuple[str, int] = HIMDS
    imds: tuple[str, int] = IMDS
    arc_proxy: tuple[str, int] | None = None
    identity_extension: tuple[str, int] | None = IDENTITY_EXTENSION
    wireserver: tuple[str, tuple[int, ...]] | None = None
    web: tuple[str, int] | None = WEB
    what_ifs: tuple[Target, ...] = ()
    fallbacks: tuple[Target, ...] = ()
    asks: tuple[Ask, ...] = ()
    router: Router | None = None
    gateway: str | None = None
    private_link: bool | None = None
    onboarded: bool | None = None
    installed: bool | None = None
    features: tuple[str, ...] = ()

    @property
    def hosts(self) -> list[str]:
        """The endpoints' names."""
        return [target.endpoint.host for target in self.targets]


def make_plan(rules: RuleSet, settings: MachineSettings, options: CollectOptions) -> ProbePlan:
    """The plan for this machine; what `options` say (normalised) outranks the agent's own settings."""
    situation = Situation.of(rules, settings, options)
    router = Router.of(settings)
    needed = _needed(situation)
    beside = [e for e in needed if e.beside_gateway or router.by_gateway or options.gateway is None]
    if options.hosts is not None:
        beside = [e for e in beside if e.host in options.hosts] or beside
    own = tuple(Target(e, router.route(e)) for e in beside)
    what_ifs = _what_ifs(own, options)
    if settings.proxy.unknown and what_ifs:
        # Nobody knows the agent's way, and a way was asked for: one of the two is enough.
        own = ()
    proxies = {t.route.proxy.address: t.route.proxy for t in own if t.route.proxy and t.route.proxy.usable}
    raw = settings.resolver.value
    return ProbePlan(
        cloud=situation.cloud,
        region=situation.region,
        targets=own,
        proxies=tuple(proxies[address] for address in sorted(proxies)),
        servers=tuple(NameServer(address) for address in dict.fromkeys(raw.nameservers if raw else ())),
        controls=CONTROLS,
        pinned=settings.hosts,
        left_out=left_out(situation, len(needed) - len(beside)),
        path=router.path,
        arc_proxy=ARC_PROXY_PORT if settings.installed or router.by_gateway else None,
        wireserver=WIRESERVER if settings.azure_vm else None,
        what_ifs=what_ifs,
        fallbacks=_fallbacks(own, settings, options),
        asks=tuple(_asks(rules, own, situation.cloud)),
        router=router,
        gateway=situation.gateway,
        private_link=True if options.private_link else settings.private_link,
        onboarded=settings.onboarded,
        installed=settings.installed,
        features=options.features,
    )


def _needed(of: Situation) -> list[EndpointHost]:
    """The catalogue's hosts, then the gateway, then those that the agent's files name; each once."""
    rules, settings, features = of.rules, of.settings, of.options.features
    found = {e.host: e for e in hosts_for(rules, of.cloud, of.region, features)}
    wants_gateway = of.options.gateway or settings.connection_type == "gateway"
    if of.gateway and wants_gateway:
        found.setdefault(of.gateway, endpoint_host("gateway", of.gateway, rules.endpoints["gateway"]))
    for endpoint in learnt_hosts(rules, settings.mentioned, of.cloud, of.region, features):
        found.setdefault(endpoint.host, endpoint)
    return [_now(e, settings) for e in found.values() if e.os in ("any", settings.os)]


def _now(endpoint: EndpointHost, settings: MachineSettings) -> EndpointHost:
    """What only connecting or installing needs is not required of a machine that has done it."""
    done = settings.onboarded or (endpoint.when == "install" and settings.installed)
    return replace(endpoint, required=False) if endpoint.when in ("onboarding", "install") and done else endpoint


def _what_ifs(own: Iterable[Target], options: CollectOptions) -> tuple[Target, ...]:
    if options.proxy is not None:
        return tuple(Target(t.endpoint, through(options.proxy)) for t in own)
    if options.direct:
        return tuple(Target(t.endpoint, straight()) for t in own if t.route.kind != "direct")
    return ()


def _fallbacks(own: Iterable[Target], settings: MachineSettings, options: CollectOptions) -> tuple[Target, ...]:
    """Proxies that the system knows and the agent does not, for two endpoints; none if a what-if was asked for."""
    if settings.proxy.url is not None or settings.proxy.unknown or options.proxy is not None:
        return ()
    first = {t.endpoint.role: t for t in reversed(list(own)) if t.route.kind == "direct"}
    tried = [first[role] for role in _TRIED_THROUGH_OTHERS if role in first]
    return tuple(
        Target(t.endpoint, through(proxy)) for proxy in settings.known_proxies[:MOST_KNOWN_PROXIES] for t in tried
    )


def _asks(rules: RuleSet, own: Iterable[Target], cloud: str) -> Iterable[Ask]:
    for target in own:
        ask = target.endpoint.ask
        if ask is not None:
            globs = tuple(glob for glob in rules.endpoints[ask.role].match if of_cloud(glob, cloud))
            yield Ask(target, ask.path, ask.role, globs, ask.most, ask.seconds)


def plan_value(plan: ProbePlan) -> dict[str, Any]:
    """The value of `probe.plan`."""
    return {
        "cloud": plan.cloud,
        "region": plan.region,
        "private_link": plan.private_link,
        "gateway": plan.router is not None and plan.router.by_gateway,
        "gateway_host": plan.gateway,
        "onboarded": plan.onboarded,
        "installed": plan.installed,
        "features": list(plan.features),
        "endpoints": len(plan.targets),
    }
