"""The agent's way to an endpoint: straight, through its proxy, or through the Arc gateway's local proxy."""

from __future__ import annotations

from dataclasses import dataclass

from arcdiag.collect.host.proxy_url import ProxyUrl
from arcdiag.collect.host.settings import AgentProxy, MachineSettings
from arcdiag.collect.probe.no_proxy import goes_past
from arcdiag.knowledge.endpoints import EndpointHost, bypassed_by
from arcdiag.model.fact import FactPath

ARC_PROXY = ProxyUrl("http", "localhost", 40343, None, None, "http://localhost:40343")


@dataclass(frozen=True, slots=True)
class Route:
    """`kind` is direct, proxy or gateway; `path` is what-if where it is not surely the agent's own."""

    kind: str
    path: FactPath
    proxy: ProxyUrl | None = None


@dataclass(frozen=True, slots=True)
class Router:
    """Finds the route of any endpoint, also of one whose name is learnt while the probes run."""

    proxy: AgentProxy
    by_gateway: bool

    @classmethod
    def of(cls, settings: MachineSettings) -> Router:
        """The router for the agent's services."""
        return cls(settings.proxy, settings.connection_type == "gateway")

    @property
    def path(self) -> FactPath:
        """Whether what is seen on these routes is seen on the agent's own way."""
        return FactPath.WHAT_IF if self.proxy.unknown else FactPath.AGENT

    def route(self, endpoint: EndpointHost) -> Route:
        """With the gateway only what must be reached beside it goes straight or through the proxy, past no bypass."""
        if self.by_gateway and not endpoint.beside_gateway:
            return Route("gateway", self.path, ARC_PROXY)
        if self.proxy.url is None or (not self.by_gateway and self._goes_past(endpoint)):
            return Route("direct", self.path)
        return Route("proxy", self.path, self.proxy.url)

    def _goes_past(self, endpoint: EndpointHost) -> bool:
        if any(bypassed_by(keyword, endpoint) for keyword in self.proxy.keywords):
            return True
        return goes_past(endpoint.host, endpoint.port, self.proxy.no_proxy)


def straight() -> Route:
    """The what-if of `--direct`."""
    return Route("direct", FactPath.WHAT_IF)


def through(proxy: ProxyUrl) -> Route:
    """The what-if of `--proxy`, or of a proxy that the system knows."""
    return Route("proxy", FactPath.WHAT_IF, proxy)
