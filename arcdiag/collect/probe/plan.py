"""What will be probed, and on which way: decided before the first packet, and all that `--dry-run` has to print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from arcdiag.collect.host.proxy_url import ProxyUrl
from arcdiag.collect.host.settings import AgentProxy, MachineSettings
from arcdiag.collect.probe.nameserver import NameServer
from arcdiag.collect.probe.no_proxy import goes_past
from arcdiag.knowledge.endpoints import EndpointHost, bypassed_by, hosts_for
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.case import NotEvaluated
from arcdiag.model.fact import FactPath
from arcdiag.model.subject import Subject, SubjectKind

CONTROLS = ("www.microsoft.com", "www.example.com")
"""Looked up and nothing more: a name of Microsoft's and one of nobody's tell a dead resolver from a missing record."""
HIMDS = ("127.0.0.1", 40342)
IMDS = ("169.254.169.254", 80)
ARC_PROXY = ProxyUrl("http", "localhost", 40343, None, None, "http://localhost:40343")
DEFAULT_CLOUD = "AzureCloud"


@dataclass(frozen=True, slots=True)
class Route:
    """`kind` is direct, proxy or gateway; `path` is what-if where the agent's own settings could not be read."""

    kind: str
    path: FactPath
    proxy: ProxyUrl | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One endpoint and the way to it."""

    endpoint: EndpointHost
    route: Route

    @property
    def subject(self) -> Subject:
        """The endpoint as a subject."""
        port = "" if self.endpoint.port == 443 else f":{self.endpoint.port}"
        return Subject(SubjectKind.ENDPOINT, f"{self.endpoint.host}{port}")


@dataclass(frozen=True, slots=True)
class ProbePlan:
    """Every address that a packet may go to. `controls` are only looked up; `left_out` says what is not probed."""

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

    @property
    def hosts(self) -> list[str]:
        """The endpoints' names."""
        return [target.endpoint.host for target in self.targets]


def make_plan(rules: RuleSet, settings: MachineSettings, cloud: str | None, region: str | None) -> ProbePlan:
    """The plan for this machine; `cloud` and `region` (normalised) of the command line outrank the agent's own."""
    chosen_cloud = cloud or settings.cloud or DEFAULT_CLOUD
    chosen_region = region or settings.region
    needed = [e for e in hosts_for(rules, chosen_cloud, chosen_region) if _is_needed(e, settings.os)]
    targets = tuple(Target(e, _route(e, settings)) for e in needed)
    proxies = {t.route.proxy.address: t.route.proxy for t in targets if t.route.proxy and t.route.proxy.usable}
    raw = settings.resolver.value
    return ProbePlan(
        cloud=chosen_cloud,
        region=chosen_region,
        targets=targets,
        proxies=tuple(proxies[address] for address in sorted(proxies)),
        servers=tuple(NameServer(address) for address in dict.fromkeys(raw.nameservers if raw else ())),
        controls=CONTROLS,
        pinned=settings.hosts,
        left_out=_left_out(settings, chosen_region),
        path=_path(settings.proxy),
    )


def _is_needed(endpoint: EndpointHost, os: str) -> bool:
    if endpoint.when == "install":
        return endpoint.os in ("any", os)
    return endpoint.when in ("always", "onboarding")


def _route(endpoint: EndpointHost, settings: MachineSettings) -> Route:
    """The way of the services: the Arc gateway's local proxy, a bypass, the proxy, or straight."""
    proxy, path = settings.proxy, _path(settings.proxy)
    if settings.connection_type == "gateway":
        return Route("gateway", path, ARC_PROXY)
    if proxy.url is None or _goes_past(endpoint, proxy):
        return Route("direct", path)
    return Route("proxy", path, proxy.url)


def _path(proxy: AgentProxy) -> FactPath:
    return FactPath.WHAT_IF if proxy.unknown else FactPath.AGENT


def _goes_past(endpoint: EndpointHost, proxy: AgentProxy) -> bool:
    if any(bypassed_by(keyword, endpoint) for keyword in proxy.keywords):
        return True
    return goes_past(endpoint.host, endpoint.port, proxy.no_proxy)


def _left_out(settings: MachineSettings, region: str | None) -> tuple[NotEvaluated, ...]:
    found = []
    if region is None:
        why = "the machine's region is not known; give it with --location"
        found.append(NotEvaluated("regional endpoints", why))
    if settings.proxy.unknown:
        why = f"the agent's own settings could not be read ({settings.proxy.unknown}); run as administrator or root"
        found.append(NotEvaluated("the agent's own path to the network", why))
    if settings.proxy.url is not None and settings.proxy.url.problem not in (None, "port-missing"):
        why = f"its address does not parse ({settings.proxy.url.problem})"
        found.append(NotEvaluated("endpoints behind the proxy", why))
    return tuple(found)
