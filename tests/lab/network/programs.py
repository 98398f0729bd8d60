"""Starts the programs of a lab and waits until they listen. They end with the lab, which takes their namespace down."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.lab.network.topology import Node

ROOT = Path(__file__).parents[3]
_PATIENCE = 30.0
_LISTEN, _UNCONNECTED = "0A", "07"


class Program:
    """A running program; what it says of errors is in `log`."""

    def __init__(self, node: Node, log: Path, *command: str) -> None:
        self._node, self._log, self._command = node, log, command
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                node.argv(*command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
            )

    def said_up(self) -> None:
        """Wait for the word `up`, which the lab's own servers print when they listen."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line == "up\n", self._failure()

    def listens(self, *ports: int, udp: bool = False) -> None:
        """Wait until the ports are open in the program's network."""
        end = time.monotonic() + _PATIENCE
        while not set(ports) <= open_ports(self._node, udp):
            assert self._process.poll() is None and time.monotonic() < end, self._failure()
            time.sleep(0.005)

    def _failure(self) -> str:
        return f"{' '.join(self._command)} did not start: {self._log.read_text()[-2000:]}"

    def reap(self) -> None:
        """After the end of the lab: take what is left of the process."""
        self._process.wait(timeout=20)
        if self._process.stdout is not None:
            self._process.stdout.close()


def own_server(node: Node, module: str, config: Path, variables: Mapping[str, str] | None = None) -> Program:
    """One of the lab's own servers, which need nothing but the standard library (and dnspython)."""
    given = [f"{name}={value}" for name, value in {"PYTHONPATH": str(ROOT), **(variables or {})}.items()]
    command = ["env", *given, sys.executable, "-m", f"tests.lab.network.{module}", str(config)]
    return Program(node, config.with_suffix(".log"), *command)


def open_ports(node: Node, udp: bool = False) -> set[int]:
    """Ports that something listens on."""
    names, state = (("udp", "udp6"), _UNCONNECTED) if udp else (("tcp", "tcp6"), _LISTEN)
    found = set()
    for name in names:
        for line in Path(f"/proc/{node.pid}/net/{name}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == state:
                found.add(int(words[1].rpartition(":")[2], 16))
    return found
