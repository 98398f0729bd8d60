"""One lab: a test changes what it wants, then runs the command; the first run starts the servers."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.lab.network import run
from tests.lab.network.azure import Azure
from tests.lab.network.device import Device
from tests.lab.network.firewall import Capture, Firewall
from tests.lab.network.machine import TOKENS, Machine
from tests.lab.network.name_servers import Dns
from tests.lab.network.programs import own_server
from tests.lab.network.proxies import Squid, Tinyproxy
from tests.lab.network.run import Report
from tests.lab.network.topology import IPV6, Node, topology


class Lab:
    """`firewall` is the network's, `local_firewall` the client's own."""

    client: Node
    router: Node
    internet: Node
    folder: Path
    azure: Azure
    dns: Dns
    machine: Machine
    firewall: Firewall
    local_firewall: Firewall
    device: Device

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._started = False
        self.reports: list[Report] = []
        """What the runs of this lab gave, for a test that fails."""

    def __enter__(self) -> Lab:
        with ExitStack() as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="arcdiag-lab-")))
            # Servers that give up their rights must reach their files.
            self.folder.chmod(0o755)
            top = stack.enter_context(topology())
            self.client, self.router, self.internet = top.client, top.router, top.internet
            self.azure = Azure(top.internet, self.folder)
            self.dns = Dns(top.router, top.internet, self.folder)
            self.machine = Machine(top.client)
            self.firewall = Firewall(top.router, "forward")
            self.local_firewall = Firewall(top.client, "output")
            self.device = Device(top.router, self.folder)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @cached_property
    def squid(self) -> Squid:
        """The company's proxy; `start` it after its rules are made."""
        return Squid(self.router, self.folder)

    @cached_property
    def tinyproxy(self) -> Tinyproxy:
        return Tinyproxy(self.router, self.folder)

    def give_ipv6(self) -> None:
        """The client gets an IPv6 address and a way to the IPv6 internet."""
        self.client.script(IPV6)

    def capture(self) -> Capture:
        """Count the client's packets from now on."""
        return Capture(self.client)

    def local_service(self, role: str, port: int, *, process: str, address: str = "127.0.0.1", node: Node | None = None,
                      variables: Mapping[str, str] | None = None, **more: Any) -> None:  # fmt: skip
        """Start a stand-in of a service: on the client, or on another machine."""
        config = self.folder / f"{role}-{port}.json"
        wanted = {"role": role, "port": port, "address": address, "process": process, **more}
        config.write_text(json.dumps(wanted))
        own_server(node or self.client, "local_service", config, variables).said_up()

    def himds(self, key_group: str = "himds", key_mode: str = "0440", **variables: str) -> None:
        """The agent's local service with its folder of challenge keys, started with environment variables."""
        self.machine.token_folder()
        self.local_service("himds", 40342, process="himds", tokens=TOKENS, key_group=key_group, key_mode=key_mode,
                           variables=variables)  # fmt: skip

    def start(self) -> None:
        """Start Azure, the name servers and the device in the path, unless that is done."""
        if self._started:
            return
        self._started = True
        azure = self.azure.start()
        self.dns.start().listens(53, udp=True)
        self.device.start()
        azure.said_up()

    def probe(self, *arguments: str, prefix: Sequence[str] = (), **more: Any) -> Report:
        """`arcdiag probe --json` on the client."""
        self.start()
        self.reports.append(run.probe(self.client, *arguments, prefix=prefix, **more))
        return self.reports[-1]

    def collect(self, *arguments: str, **more: Any) -> Report:
        """`arcdiag collect` on the client."""
        self.start()
        output = self.folder / "collected"
        self.reports.append(run.collect(self.client, output, *arguments, **more))
        return self.reports[-1]

    def command(self, *arguments: str, **more: Any) -> str:
        """Any other command there; what it printed."""
        self.start()
        done = run.run_arcdiag(self.client, *arguments, **more)
        return done.stdout + done.stderr
