"""Decodes the resolver's configuration and the hosts file."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from arcdiag.collect.host.platform import ResolverRaw

STUBS = ("127.0.0.53", "127.0.0.54")
"""Addresses where systemd-resolved listens for programs."""
_MOST_SERVERS = 3


def parse_resolv_conf(text: str) -> ResolverRaw:
    """The first three `nameserver` lines (the system uses no more) and the last `search` or `domain` line."""
    servers: list[str] = []
    search: tuple[str, ...] = ()
    for line in text.splitlines():
        words = line.split("#")[0].split(";")[0].split()
        if len(words) < 2:
            continue
        if words[0] == "nameserver" and is_address(words[1]):
            servers.append(words[1])
        elif words[0] in ("search", "domain"):
            search = tuple(words[1:])
    # Without any line the resolver of the C library and that of Go ask the machine itself.
    return ResolverRaw(tuple(servers[:_MOST_SERVERS]) or ("127.0.0.1",), search)


def is_address(text: str) -> bool:
    """Whether `text` is an IP address, with or without a zone."""
    try:
        ipaddress.ip_address(text.split("%")[0])
    except ValueError:
        return False
    return True


def parse_hosts(text: str) -> dict[str, tuple[str, ...]]:
    """Names of the hosts file in lower case with their addresses, in order; lines that do not parse are left out."""
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if len(words) < 2 or not is_address(words[0]):
            continue
        for name in words[1:]:
            key = name.lower().rstrip(".")
            found[key] = (*found.get(key, ()), words[0])
    return found


def canonical_name(hostname: str, hosts_text: str) -> str | None:
    """The full name of this machine as it is written down: in its own name or in the hosts file; None if nowhere."""
    if "." in hostname:
        return hostname
    for line in hosts_text.splitlines():
        words = line.split("#")[0].split()
        if len(words) > 1 and hostname.lower() in (w.lower() for w in words[1:]):
            full = _first_full(words[1:], hostname)
            if full:
                return full
    return None


def _first_full(names: Iterable[str], hostname: str) -> str | None:
    return next((n for n in names if n.lower().startswith(hostname.lower() + ".")), None)
