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
# For documents, for tests of speed and for nobody: no service of the internet lives there.
_RESERVED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "100::/64",
        "2001:db8::/32",
        "ff00::/8",
    )
)
NOWHERE = ("loopback", "reserved")
"""Classes of addresses that no public name has: an answer with one is false, however often it is meant well."""


def class_of(address: str) -> str:
    """`loopback` (also 0.0.0.0, which blocking resolvers answer), `private` (what a private endpoint has), `reserved`

    (what no host of the internet has), else `public`.
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    if ip.is_loopback or ip.is_unspecified:
        return "loopback"
    for word, nets in (("private", _PRIVATE), ("reserved", _RESERVED)):
        if any(ip.version == net.version and ip in net for net in nets):
            return word
    return "public"


def common_class(addresses: Sequence[str]) -> str | None:
    """The class of all, `mixed` if they differ, None without any.

    IPv4 decides where there is one: a private name often keeps a public IPv6 address that nobody uses.
    """
    four = [a for a in addresses if ":" not in a]
    classes = {class_of(a) for a in four or addresses}
    if not classes:
        return None
    return classes.pop() if len(classes) == 1 else "mixed"
