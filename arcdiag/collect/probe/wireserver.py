"""The host's own address for Azure virtual machines: its guest agent needs both ports, and no proxy."""

from __future__ import annotations

from typing import Any

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.probe.local import ask_local

WIRE_PATH = "/?comp=versions"
SECONDS = 3.0


def wireserver_value(address: str, port: int, deadline: Deadline) -> dict[str, Any]:
    """The value of `probe.wireserver`: any HTTP answer is `ok`, else the words of a connection."""
    answer = ask_local(address, port, WIRE_PATH, SECONDS, deadline, {})
    return {
        "port": port,
        "result": answer.result,
        "status": answer.status,
        "ms": answer.ms,
        "detail": answer.detail,
    }
