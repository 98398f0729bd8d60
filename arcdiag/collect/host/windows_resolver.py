"""Name servers and search domains of a Windows machine, from its registry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from arcdiag.collect.host.platform import ResolverRaw
from arcdiag.collect.host.windows_registry import INTERFACES, TCPIP, data_of, text_of
from arcdiag.logs.values.registry import Data, Registry
from arcdiag.model.reading import Reading

_MOST_SERVERS = 4


def read_resolver(registry: Registry) -> Reading[ResolverRaw]:
    """Servers of all interfaces that have an address; ABSENT if the registry knows no interfaces."""
    interfaces = registry.subkeys(INTERFACES)
    if interfaces.value is None:
        return Reading(interfaces.status, None, interfaces.reason)
    each = [data_of(registry.values(rf"{INTERFACES}\{name}")) for name in interfaces.value]
    tcpip = data_of(registry.values(TCPIP))
    search = (text_of(tcpip, "SearchList") or text_of(tcpip, "Domain")).replace(",", " ").split()
    return Reading.of(ResolverRaw(name_servers(each), tuple(search)))


def name_servers(interfaces: Iterable[Mapping[str, Data]]) -> tuple[str, ...]:
    """Name servers of the interfaces that have an address; a static list outranks that of DHCP.

    Names of values are in lower case.
    """
    servers: list[str] = []
    for values in interfaces:
        own = values.get("ipaddress")
        addresses = [*(own if isinstance(own, tuple) else [own]), values.get("dhcpipaddress")]
        if not any(a and a != "0.0.0.0" for a in addresses):
            continue
        listed = text_of(values, "NameServer") or text_of(values, "DhcpNameServer")
        servers += [s for s in re.split(r"[,\s]+", listed) if s]
    return tuple(dict.fromkeys(servers))[:_MOST_SERVERS]
