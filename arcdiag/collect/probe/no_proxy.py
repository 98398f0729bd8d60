"""NO_PROXY as Go reads it: which hosts go past the proxy."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable


def goes_past(host: str, port: int, entries: Iterable[str]) -> bool:
    """Whether one of the entries names `host`: `*`, a name with its subdomains, `.name` or `*.name` for those alone."""
    return any(_matches(host.lower().rstrip("."), port, entry.strip().lower()) for entry in entries)


def _matches(host: str, port: int, entry: str) -> bool:
    if not entry:
        return False
    if entry == "*":
        return True
    if _network_holds(host, entry):
        return True
    name, _, number = entry.rpartition(":") if entry.count(":") == 1 else (entry, "", "")
    if number and number != str(port):
        return False
    name = name.removeprefix("*")
    if name.startswith("."):
        return host.endswith(name)
    return host == name or host.endswith("." + name)


def _network_holds(host: str, entry: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False
