"""`collect --verify` on the machine: what became of the causes of the report before, and what is sent to find out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.lab.network import run
from tests.lab.network.azure_hosts import HIS, LOGIN, REGION, REGIONAL_HIS, public_address
from tests.lab.network.lab import Lab
from tests.lab.network.machine import connected
from tests.lab.network.test_local import installed
from tests.lab.network.topology import ROUTER

CONTROLS = {(public_address("www.msftconnecttest.com"), "tcp", 80), ("169.254.169.254", "tcp", 80), (ROUTER, "udp", 53)}
"""What is asked beside the endpoints of a cause: whether the network works at all, and what machine this is."""
FIREWALL = "firewall-blocks-endpoint"


def report_of(lab: Lab, *arguments: str) -> dict[str, Any]:
    """A collection on a connected machine. That the lab has no systemd is not among its causes."""
    installed(lab)
    connected(lab.machine)
    lab.himds()
    document = lab.collect(*arguments).document
    document["causes"] = [cause for cause in document["causes"] if cause["id"] != "no-systemd"]
    return document


def current(document: dict[str, Any]) -> list[str]:
    return [cause["id"] for cause in document["causes"] if cause["state"] == "current"]


def verify(lab: Lab, document: dict[str, Any], *arguments: str) -> CompletedProcess[str]:
    path = lab.folder / "report.json"
    path.write_text(json.dumps(document))
    before = sorted(lab.folder.iterdir())
    done = run.run_arcdiag(lab.client, "collect", "--verify", str(path), "--location", REGION, "--quiet", *arguments)
    assert sorted(lab.folder.iterdir()) == before, "nothing is written"
    return done


def line_of(done: CompletedProcess[str], cause: str) -> str:
    """What is said of a cause: its item without the line breaks."""
    items = " ".join(done.stdout.split()).split("- ")
    return next((item for item in items if f"[{cause}]" in item), f"{cause} is not named: {done.stdout}{done.stderr}")


def test_still_there_and_then_mended(lab: Lab) -> None:
    lab.firewall.block(HIS)
    document = report_of(lab)
    assert current(document) == [FIREWALL], document
    capture = lab.capture()
    done = verify(lab, document)
    assert (done.returncode, done.stderr) == (1, ""), done
    assert line_of(done, FIREWALL).startswith("STILL THERE"), done
    lab.firewall.clear()
    done = verify(lab, document)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert line_of(done, FIREWALL).startswith("RESOLVED"), done
    assert (public_address(HIS), "tcp", 443) in capture.seen()
    asked = {(public_address(host), "tcp", 443) for host in (HIS, REGIONAL_HIS)}
    assert capture.seen() <= CONTROLS | asked, "no other endpoint than it and the one that it names"


def test_what_broke_meanwhile_elsewhere_is_not_asked(lab: Lab) -> None:
    lab.firewall.block(HIS)
    document = report_of(lab)
    lab.firewall.clear()
    lab.firewall.block(LOGIN)
    done = verify(lab, document)
    assert done.returncode == 0, done
    assert LOGIN not in done.stdout


def test_another_fault_hides_whether_it_is_mended(lab: Lab) -> None:
    lab.firewall.block(HIS)
    document = report_of(lab)
    lab.firewall.clear()
    lab.machine.resolvers("10.77.0.99")
    done = verify(lab, document)
    assert done.returncode == 3, done
    assert line_of(done, FIREWALL).startswith("not seen again"), done
    assert line_of(done, "dns-failure").startswith("NEW"), done


def test_without_the_network_it_cannot_be_told(lab: Lab) -> None:
    lab.firewall.block(HIS)
    document = report_of(lab)
    capture = lab.capture()
    done = verify(lab, document, "--no-probe")
    assert done.returncode == 3, done
    assert capture.seen() == set()


def test_the_report_of_another_machine(lab: Lab) -> None:
    lab.firewall.block(HIS)
    document = report_of(lab)
    document["case"]["host"] = "another-9"
    capture = lab.capture()
    done = verify(lab, document)
    assert done.returncode == 2 and done.stdout == "" and len(done.stderr.splitlines()) == 1, done
    assert "another-9" in done.stderr
    assert capture.seen() == set(), "it is known before anything is asked"


@pytest.mark.parametrize(("mended", "code", "words"), [(False, 3, "not seen again"), (True, 0, "RESOLVED")])
def test_a_cause_of_older_rules(lab: Lab, mended: bool, code: int, words: str) -> None:
    """Today's rules know it by another name: what showed it is looked at all the same."""
    lab.firewall.block(HIS)
    document = report_of(lab)
    old = next(cause for cause in document["causes"] if cause["id"] == FIREWALL)
    old["id"] = "endpoint-blocked-of-old"
    document["tool"]["rules_version"] = "0.0.1"
    if mended:
        lab.firewall.clear()
    done = verify(lab, document)
    assert done.returncode == code, done
    assert line_of(done, "endpoint-blocked-of-old").startswith(words), done
    assert (line_of(done, FIREWALL).startswith("NEW")) == (not mended), done


def lines(*events: tuple[int, str]) -> str:
    """Lines of a log, each so many minutes ago."""
    now = datetime.now(UTC)
    return "".join(f'time="{now - timedelta(minutes=ago):%Y-%m-%dT%H:%M:%SZ}" {text}\n' for ago, text in events)


EXPIRED = (
    'level=error msg="Failed to connect" Error="AADSTS7000222: The provided client secret keys for app are expired."'
)
DONE = 'level=info msg="Successfully onboarded resource to Azure"'
LOG = "/var/opt/azcmagent/log/azcmagent.log"


def test_what_only_a_log_shows(lab: Lab) -> None:
    installed(lab)
    lab.himds()
    begun = 'level=info msg="Onboarding Machine" Command="azcmagent connect"'
    lab.machine.write(LOG, lines((40, begun), (39, EXPIRED)))
    document = lab.collect().document
    document["causes"] = [cause for cause in document["causes"] if cause["id"] == "spn-secret-expired"]
    assert current(document) == ["spn-secret-expired"], document
    capture = lab.capture()
    done = verify(lab, document)
    assert done.returncode == 1, done
    lab.machine.write(LOG, lines((40, begun), (39, EXPIRED), (20, begun), (19, DONE)))
    done = verify(lab, document)
    assert done.returncode == 0, done
    assert capture.seen() == set(), "no cause of the network"
