"""What every probe gets: nothing here is asked of the environment of the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.proxy_url import ProxyUrl
from arcdiag.collect.probe.dns import DNS_SECONDS, Lookup, system_lookup
from arcdiag.collect.probe.nameserver import NameServer
from arcdiag.collect.probe.proxy import ProxyWay
from arcdiag.collect.probe.trust import TrustStore
from arcdiag.model.fact_maker import FactMaker


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class World:
    """`pinned` are the names of the hosts file; `dns_seconds` is the limit for one name server."""

    make: FactMaker
    trust: TrustStore
    servers: tuple[NameServer, ...]
    pinned: Mapping[str, tuple[str, ...]]
    deadline: Deadline
    lookup: Lookup = system_lookup
    dns_seconds: float = DNS_SECONDS
    ways: dict[ProxyUrl, ProxyWay] = field(default_factory=dict)

    def way(self, proxy: ProxyUrl) -> ProxyWay:
        """The way through a proxy, shared by all endpoints behind it."""
        return self.ways.setdefault(proxy, ProxyWay(proxy, self.lookup, self.trust))
