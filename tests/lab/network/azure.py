"""Azure in the lab: which host does what, and the program that plays all of them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.lab.network.azure_hosts import (
    ARC,
    GATEWAY,
    HOSTS,
    Behaviour,
    as_wire,
    behaviours,
    private_address,
    public_address,
    public_address_6,
)
from tests.lab.network.certificates import write_chain
from tests.lab.network.programs import Program, own_server
from tests.lab.network.topology import Node


class Azure:
    """Healthy until a test changes `hosts` before the first probe."""

    def __init__(self, node: Node, folder: Path) -> None:
        self.node, self._folder = node, folder
        self.hosts: dict[str, Behaviour] = behaviours()
        self.elsewhere: set[str] = set()
        """Hosts that another program of the test plays."""
        self.listen: list[tuple[str, int, bool]] = []

    def answer(self, *hosts: str, status: int | None = None, wait: float | None = None, body: str | None = None,
               chain: str | None = None, headers: dict[str, str] | None = None) -> None:  # fmt: skip
        """Change what hosts do; all of them if none is named."""
        for host in hosts or HOSTS:
            behaviour = self.hosts[host]
            behaviour.status = behaviour.status if status is None else status
            behaviour.wait = behaviour.wait if wait is None else wait
            behaviour.body = behaviour.body if body is None else body
            behaviour.chain = behaviour.chain if chain is None else chain
            behaviour.headers = behaviour.headers if headers is None else headers

    def only(self, *hosts: str, status: int, body: str | None = None) -> None:
        """Have hosts answer alike whatever they are asked for."""
        self.answer(*hosts, status=status, body=body)
        for host in hosts:
            self.hosts[host].paths.clear()

    def start(self) -> Program:
        """Start to listen on every address of Azure."""
        wire = {}
        for host, behaviour in self.hosts.items():
            pem = write_chain(self._folder, behaviour.chain, host)
            wire[host] = as_wire(behaviour, pem) | {"address": public_address(host)}
        config = self._folder / "azure.json"
        config.write_text(json.dumps({"listen": [*self._places(), *self.listen], "hosts": wire}))
        return own_server(self.node, "azure_server", config)

    def _places(self) -> list[tuple[str, int, bool]]:
        found: list[tuple[str, int, bool]] = []
        for host in HOSTS:
            if host in self.elsewhere:
                continue
            addresses = [public_address(host), public_address_6(host)]
            addresses += [private_address(host)] if host in ARC else []
            found += [(address, 443, True) for address in addresses]
            found += [(address, 80, False) for address in addresses if host != GATEWAY]
        return found
