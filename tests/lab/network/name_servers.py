"""The company's name server: dnsmasq on the router, which knows Azure's names by heart or forwards to the provider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.lab.network.azure_hosts import ALIASES, HOSTS, public_address, public_address_6
from tests.lab.network.programs import Program, own_server
from tests.lab.network.topology import ROUTER, Node

PROVIDER = "20.60.0.53"
_ZONES = ("com", "net", "us", "cn", "example", "arpa")


class Dns:
    """`lines` go to dnsmasq's configuration as they are."""

    def __init__(self, router: Node, internet: Node, folder: Path) -> None:
        self.router, self._internet, self._folder = router, internet, folder
        self._addresses = {host: [public_address(host)] for host in HOSTS}
        self._aliases = dict(ALIASES)
        self._provider: dict[str, Any] | None = None
        self.lines: list[str] = [f"local=/{zone}/" for zone in _ZONES]

    def point(self, host: str, *addresses: str, alias: str | None = None) -> None:
        """Give a name other addresses."""
        self._addresses[host] = list(addresses)
        self._aliases.pop(host, None)
        if alias is not None:
            self._aliases[host] = alias

    def forget(self, *hosts: str) -> None:
        """NXDOMAIN for these names; for all if none is given."""
        for host in hosts or HOSTS:
            self._addresses.pop(host, None)
            self._aliases.pop(host, None)

    def give_ipv6(self) -> None:
        """Every name gets an IPv6 address beside its other one."""
        for host in HOSTS:
            self._addresses[host].append(public_address_6(host))

    def refuse(self) -> None:
        """Answer REFUSED to everything, as dnsmasq does when it knows neither the name nor a server to ask."""
        self.forget()
        self.lines = []

    def forward(self, **behaviour: Any) -> None:
        """Know nothing, and ask the provider's name server; its behaviour is that of `name_server.py`."""
        self._provider = behaviour

    def start_provider(self, **behaviour: Any) -> str:
        """Start the provider's name server with the names as they are now; its address."""
        config = self._folder / "provider.json"
        known = {h: {"addresses": a, "alias": self._aliases.get(h)} for h, a in self._addresses.items()}
        config.write_text(json.dumps({"address": PROVIDER, "names": known} | behaviour))
        own_server(self._internet, "name_server", config).said_up()
        return PROVIDER

    def start(self) -> Program:
        """Start the company's server, and the provider's if it is asked."""
        lines = [*self.lines, *self._records()]
        if self._provider is not None:
            lines = [f"server={self.start_provider(**self._provider)}"]
        path = self._folder / "dnsmasq.conf"
        head = ["no-resolv", "no-hosts", "user=root", "cache-size=0", f"listen-address={ROUTER}", "bind-interfaces"]
        path.write_text("\n".join([*head, *lines, ""]))
        return Program(self.router, self._folder / "dnsmasq.log", "/usr/sbin/dnsmasq", "-k", "-x", "", "-C", str(path))

    def _records(self) -> list[str]:
        lines = []
        for host, addresses in self._addresses.items():
            alias = self._aliases.get(host)
            lines.append(f"host-record={alias or host},{','.join(addresses)}")
            lines += [f"cname={host},{alias}"] if alias else []
        return lines
