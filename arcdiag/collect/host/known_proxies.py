"""Proxies that the system or the caller knows, though the agent may not: candidates for a what-if."""

from __future__ import annotations

from collections.abc import Sequence

from arcdiag.collect.host.environment import proxy_variable
from arcdiag.collect.host.platform import EnvironmentRaw
from arcdiag.collect.host.proxy_url import ProxyUrl, parse_proxy
from arcdiag.model.reading import Reading

# A setting of the whole system is a better guess than that of one session.
_KINDS = ("desktop", "system", "process", "manager", "service")
ARC_PROXY_PORT = 40343


def known_proxies(places: Sequence[tuple[str, Reading[EnvironmentRaw]]], own: ProxyUrl | None) -> tuple[ProxyUrl, ...]:
    """Usable HTTP proxies, each address once, system settings first; without the agent's own and its local proxy."""
    found: dict[str, ProxyUrl] = {}
    for kind in _KINDS:
        for _, reading in places:
            if reading.value is None or reading.value.kind != kind:
                continue
            for name in ("https_proxy", "http_proxy", "all_proxy"):
                value = proxy_variable(reading.value.variables, name)
                url = parse_proxy(value) if value else None
                if url is not None and _worth_a_try(url, own):
                    found.setdefault(url.address, url)
    return tuple(found.values())


def _worth_a_try(url: ProxyUrl, own: ProxyUrl | None) -> bool:
    local = url.host in ("localhost", "127.0.0.1", "::1") and url.port == ARC_PROXY_PORT
    return url.usable and url.scheme != "socks5" and not local and (own is None or url.address != own.address)
