"""What class an address belongs to."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

_PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "fc00::/7",
        "fe80::/10",
    )
)


def class_of(address: str) -> str:
    """`loopback` (also 0.0.0.0, which blocking resolvers answer), `private` (what a private endpoint has), `public`."""
    ip = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    if ip.is_loopback or ip.is_unspecified:
        return "loopback"
    return "private" if any(ip.version == net.version and ip in net for net in _PRIVATE) else "public"


def common_class(addresses: Sequence[str]) -> str | None:
    """The class of all, `mixed` if they differ, None without any.

    IPv4 decides where there is one: a private name often keeps a public IPv6 address that nobody uses.
    """
    four = [a for a in addresses if ":" not in a]
    classes = {class_of(a) for a in four or addresses}
    if not classes:
        return None
    return classes.pop() if len(classes) == 1 else "mixed"
