"""What a person can ask of a collection."""

from __future__ import annotations

from dataclasses import dataclass

from arcdiag.collect.host.proxy_url import ProxyUrl

TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class CollectOptions:
    """`timeout` in seconds for everything together; `cloud` and `region` as the catalogue writes them, or None.

    `network_only`: of the machine only what the probes need. `features` are ids of the catalogue. `private_link`: the
    machine is to use a private link scope. `gateway`: host of the Arc gateway. `direct` and `proxy` are what-ifs,
    tested beside the agent's own way. `full`: take every rotated log, and more of each.
    `checks` and `hosts`: names of the checks and endpoints to look at, None for all.
    """

    timeout: float = TIMEOUT_SECONDS
    probe: bool = True
    cloud: str | None = None
    region: str | None = None
    network_only: bool = False
    features: tuple[str, ...] = ()
    private_link: bool = False
    gateway: str | None = None
    direct: bool = False
    proxy: ProxyUrl | None = None
    full: bool = False
    checks: frozenset[str] | None = None
    hosts: frozenset[str] | None = None
