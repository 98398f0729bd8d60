"""Generated logs of a healthy machine that frightens: 404s, retries that heal, debug 403s, clean-up errors."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2025, 3, 1, tzinfo=UTC)


def _z(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def himds(rng: random.Random) -> Iterator[str]:
    at = START
    while True:
        yield f'time="{_z(at)}" level=info msg="Sending heartbeat"'
        kind = rng.random()
        if kind < 0.02:
            host = rng.choice(["weu.his.arc.azure.com", "ae.his.arc.azure.com"])
            reason = rng.choice(
                [
                    "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
                    f"dial tcp: lookup {host} on 10.0.0.2:53: read udp 10.0.0.5:4000->10.0.0.2:53: i/o timeout",
                    "read tcp 10.0.0.5:50012->20.60.1.1:443: wsarecv: An existing connection was forcibly closed by "
                    "the remote host.",
                    "EOF",
                ]
            )
            later = at + timedelta(seconds=30)
            yield (
                f'time="{_z(later)}" level=error msg="Failed to send heartbeat" '
                f'Error="Post \\"https://{host}/v2.0/heartbeat\\": {reason}"'
            )
            yield f'time="{_z(later)}" level=info msg="Retrying heartbeat"'
            at = later
        yield f'time="{_z(at + timedelta(seconds=1))}" level=info msg="Heartbeat sent successfully"'
        if kind > 0.9:
            yield (
                f'time="{_z(at)}" level=debug msg="Validating HTTP response. getting a non-200 response (404 Not Found)" '
                'Endpoint="http://169.254.169.254/metadata/instance/compute?api-version=2019-06-01"'
            )
            yield f'time="{_z(at)}" level=debug msg="Updating cloud provider. Azure not detected"'
        at += timedelta(minutes=5)


def azcmagent(rng: random.Random) -> Iterator[str]:
    at = START
    while True:
        command = rng.choice(["show ", "version", "config list", "check", "show "])
        yield f'time="{_z(at)}" level=debug msg="Running as elevated user"'
        yield f'time="{_z(at)}" level=debug msg="Agent Version: 1.62.03345.1021"'
        yield f'time="{_z(at)}" level=debug msg="Agent Command: {command}"'
        yield f'time="{_z(at)}" level=debug msg="Loading AgentConfig file from: /var/opt/azcmagent/agentconfig.json"'
        yield f'time="{_z(at)}" level=debug msg="Status Message received"'
        yield f'time="{_z(at)}" level=debug msg="Cancelled change token"'
        yield f'time="{_z(at)}" level=debug msg="Exiting..."'
        at += timedelta(minutes=rng.randint(5, 300))


def gc_ext(rng: random.Random) -> Iterator[str]:
    at = START
    guid = "7f0a8719-1111-4222-8333-444455556666"

    def row(level: str, component: str, text: str) -> str:
        stamp = at.strftime("%Y-%m-%d %H:%M:%S.123")
        return f"<GCLOG>[{stamp}] [PID 812] [TID 900] [TELEMETRY {component}] [{level}] [{guid}] {text}</GCLOG>"

    while True:
        yield row("INFO", "Timer Manager", "Run pull refresh for timer 'extension_refresh_timer'")
        yield row("INFO", "Pull Client", "Initializing pull client.")
        if rng.random() < 0.05:
            yield row(
                "ERROR",
                "BOOST_BEAST_WRAPPER",
                "Failed to stop and clean up tcp socket connected to host weu-gas.guestconfiguration.azure.com "
                "boost::system::system_error Exception cancel: The file handle supplied is not valid. [system:10009]",
            )
        yield row("INFO", "Timer Manager", "Completed pull refresh for timer 'extension_refresh_timer'")
        at += timedelta(minutes=5)


MAKERS = {"himds.log": himds, "azcmagent.log": azcmagent, "gc_ext.log": gc_ext}


def write(folder: Path, megabytes: float, seed: int = 1) -> None:
    """Three logs of together about `megabytes`; the same seed gives the same bytes."""
    for name, maker in MAKERS.items():
        rng = random.Random(f"{seed}{name}")
        left = int(megabytes * 1e6 / len(MAKERS))
        with (folder / name).open("w", encoding="utf-8") as file:
            for line in maker(rng):
                file.write(line + "\n")
                left -= len(line) + 1
                if left <= 0 and "Sending" not in line and "Run pull" not in line and "Failed" not in line:
                    break
