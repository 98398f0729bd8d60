"""The same probes inside `collect`: what a log says of the past, and what the network says now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.lab.network.azure_hosts import HIS, public_address
from tests.lab.network.lab import Lab
from tests.lab.network.machine import connected
from tests.lab.network.run import Report
from tests.lab.network.test_local import installed


def heartbeats(minutes: int, why: str) -> str:
    """A log of himds whose last heartbeat, so long ago, failed."""
    begun = datetime.now(UTC) - timedelta(minutes=minutes)
    begin, end = (f"{time:%Y-%m-%dT%H:%M:%SZ}" for time in (begun, begun + timedelta(seconds=30)))
    error = f'Post \\"https://{HIS}/v2.0/heartbeat\\": {why}'
    return (
        f'time="{begin}" level=info msg="Sending heartbeat"\n'
        f'time="{end}" level=error msg="Failed to send heartbeat" Error="{error}"\n'
    )


DROPPED = f"dial tcp {public_address(HIS)}:443: i/o timeout"


def with_log(lab: Lab, *arguments: str) -> Report:
    """A connected machine whose last heartbeat in its log failed 40 minutes ago, and a collection of it."""
    installed(lab)
    connected(lab.machine)
    lab.himds()
    lab.machine.write("/var/opt/azcmagent/log/himds.log", heartbeats(40, DROPPED))
    return lab.collect(*arguments)


def kinds(cause: dict[str, Any]) -> set[str]:
    return {e["kind"] for e in cause["evidence"]}


def test_the_network_confirms_what_the_log_says(lab: Lab) -> None:
    lab.firewall.block(HIS)
    report = with_log(lab)
    cause = report.cause("firewall-blocks-endpoint")
    assert (cause["state"], cause["confidence"]) == ("current", "confirmed"), report
    assert kinds(cause) == {"log", "probe"}, report
    assert report.failing_layers == {HIS: "tcp"}


def test_the_network_refutes_what_the_log_says(lab: Lab) -> None:
    report = with_log(lab)
    assert "firewall-blocks-endpoint" not in report.current, report
    assert report.cause("firewall-blocks-endpoint")["state"] == "past"


def test_without_a_look_at_the_network_the_log_alone_counts(lab: Lab) -> None:
    capture = lab.capture()
    report = with_log(lab, "--no-probe")
    assert report.cause("firewall-blocks-endpoint")["confidence"] != "confirmed", report
    assert not report.document["endpoints"]
    assert capture.seen() == set(), "not a packet"
