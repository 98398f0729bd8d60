"""What the lab's device in the path does to the client's traffic, as a test says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.lab.network.azure_hosts import HOSTS
from tests.lab.network.certificates import write_chain
from tests.lab.network.firewall import Redirect
from tests.lab.network.programs import own_server
from tests.lab.network.topology import Node

_LOCAL = {443: 8443, 80: 8080}


class Device:
    """Rules in the order in which they were given; the first that fits a connection wins."""

    def __init__(self, router: Node, folder: Path) -> None:
        self._router, self._folder = router, folder
        self._rules: list[dict[str, Any]] = []
        self._ports = [443]
        self._for_proxy = False

    def _add(self, do: str, hosts: tuple[str, ...], **more: Any) -> None:
        self._rules.append({"do": do, "names": list(hosts) or None, **more})

    def reset(self, *hosts: str) -> None:
        """RST when the ClientHello names one of the hosts."""
        self._add("reset", hosts)

    def close(self, *hosts: str) -> None:
        """FIN when the ClientHello names one of the hosts."""
        self._add("close", hosts)

    def swallow(self, *hosts: str) -> None:
        """Take the ClientHello and never answer."""
        self._add("silent", hosts)

    def inspect(self, kind: str, *hosts: str) -> None:
        """Sign the traffic to hosts again, with a chain of `kind`."""
        chains = {host: write_chain(self._folder, kind, host) for host in hosts or HOSTS}
        self._add("inspect", hosts, pem=chains)

    def let_through(self, *hosts: str) -> None:
        """No later rule holds for these hosts."""
        self._add("pass", hosts)

    def portal(self, location: str, kind: str, ports: tuple[int, ...] = (443, 80)) -> None:
        """Answer every request with a redirection; over TLS with a chain of `kind`."""
        pem = write_chain(self._folder, kind, "login.microsoftonline.com")
        self._add("portal", (), location=location, pem=pem)
        self._ports = list(ports)

    def page(self) -> None:
        """Answer everything with a page in clear text."""
        self._add("html", ())
        self._ports = [443, 80]

    def in_front_of_the_proxy(self) -> None:
        """It sees what the proxy sends out, not what the client sends."""
        self._for_proxy = True

    def start(self) -> None:
        """Begin, if there is a rule."""
        if not self._rules:
            return
        config = self._folder / "middlebox.json"
        config.write_text(json.dumps({"ports": [_LOCAL[p] for p in self._ports], "rules": self._rules}))
        own_server(self._router, "middlebox", config).said_up()
        redirect = Redirect(self._router)
        for port in self._ports:
            add = redirect.of_the_router if self._for_proxy else redirect.to_local
            add(port, _LOCAL[port])
