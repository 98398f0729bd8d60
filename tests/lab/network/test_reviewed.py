"""Faults that once ended in a false word: pages over trusted inspection, borrowed names, false addresses, a sick himds."""

from __future__ import annotations

import pytest

from tests.lab.network.azure_hosts import ARM, HIS, HOSTS, LOGIN, PAS, REGIONAL_HIS
from tests.lab.network.certificates import authorities
from tests.lab.network.lab import Lab
from tests.lab.network.machine import connected
from tests.lab.network.test_local import installed

PAGE = {"Content-Type": "text/html"}
BLOCKED = "<html><head><title>Web page blocked</title></head><body>blocked by your organization's policy</body></html>"
JSON = {"Content-Type": "application/json"}


def inspected(lab: Lab, *hosts: str, status: int = 200, headers: dict[str, str] | None = None, body: str = BLOCKED
              ) -> None:  # fmt: skip
    """A device whose authority is trusted here opens the traffic and answers by itself."""
    lab.machine.trust(authorities().roots + authorities().company.pem)
    answered(lab, *hosts, status=status, headers=headers or PAGE, body=body, chain="company")


def answered(lab: Lab, *hosts: str, status: int, headers: dict[str, str], body: str, chain: str = "genuine") -> None:
    lab.azure.answer(*hosts, status=status, headers=headers, body=body, chain=chain)
    for host in hosts or HOSTS:
        lab.azure.hosts[host].paths = {}


@pytest.mark.parametrize(("host", "status"), [(HIS, 200), (HIS, 403), (LOGIN, 200), (ARM, 200)])
def test_a_block_page_of_a_trusted_device_for_one_host(lab: Lab, host: str, status: int) -> None:
    inspected(lab, host, status=status)
    report = lab.probe()
    assert (report.first, report.code, report.failing(host)) == ("captive-portal", 1, "http"), report
    assert report.cause("captive-portal")["confidence"] == "likely"


def test_a_page_of_a_trusted_device_for_every_host(lab: Lab) -> None:
    inspected(lab)
    report = lab.probe()
    assert (report.current, report.code, report.failing(HIS)) == (["captive-portal"], 1, "http"), report
    assert report.cause("captive-portal")["confidence"] == "confirmed"


def test_a_denial_of_the_service_itself(lab: Lab) -> None:
    body = '{"error": {"code": "Forbidden", "message": "public network access is disabled"}}'
    answered(lab, HIS, REGIONAL_HIS, status=403, headers=JSON, body=body)
    report = lab.probe()
    assert (report.first, report.code, report.failing(HIS)) == ("pls-dns-public", 1, "http"), report
    assert report.cause("pls-dns-public")["confidence"] == "possible"


@pytest.mark.parametrize(("host", "status"), [(ARM, 403), (LOGIN, 404), (PAS, 200), (HIS, 401)])
def test_an_unexpected_answer_of_the_service_is_never_healthy(lab: Lab, host: str, status: int) -> None:
    answered(lab, host, status=status, headers=JSON, body="{}")
    report = lab.probe()
    assert (report.first, report.verdict, report.code) == (None, "inconclusive", 3), report
    assert report.failing_layers == {host: "http"}
    assert "can work without" not in report.said


@pytest.mark.parametrize("hosts", [(), (HIS,)], ids=["every host", "one host"])
def test_a_chain_that_only_bears_the_names(lab: Lab, hosts: tuple[str, ...]) -> None:
    lab.device.inspect("impostor", *hosts)
    report = lab.probe()
    assert (report.first, report.code, report.failing(HIS)) == ("tls-inspection", 1, "tls"), report
    assert "tls-root-missing" not in report.current


def test_borrowed_names_where_the_public_roots_lack_them(lab: Lab) -> None:
    """Nothing can be held against the signatures: the names alone still prove nothing."""
    lab.machine.public_roots(authorities().ca.pem)
    lab.machine.trust(authorities().ca.pem)
    lab.device.inspect("impostor", HIS)
    report = lab.probe()
    assert "tls-root-missing" not in report.current, report
    assert report.cause("tls-inspection")["confidence"] == "likely"


@pytest.mark.parametrize("address", ["0.0.0.0", "127.0.0.1", "::1", "198.51.100.7"])
def test_a_name_server_that_gives_a_false_address(lab: Lab, address: str) -> None:
    lab.dns.point(LOGIN, address)
    report = lab.probe()
    assert (report.current, report.code, report.failing(LOGIN)) == (["dns-failure"], 1, "dns"), report
    assert report.failing_layers == {LOGIN: "dns"}


def test_a_false_address_where_something_listens(lab: Lab) -> None:
    lab.dns.point(LOGIN, "127.0.0.1")
    lab.local_service("web", 443, process="nginx")
    report = lab.probe()
    assert (report.current, report.code) == (["dns-failure"], 1), report


def test_a_false_address_of_the_hosts_file(lab: Lab) -> None:
    lab.machine.pin(LOGIN, "127.0.0.1")
    report = lab.probe()
    assert (report.first, report.code) == ("hosts-file-override", 1), report


@pytest.mark.parametrize("role", ["failing", "hang-up"])
def test_himds_listens_and_does_not_work(lab: Lab, role: str) -> None:
    installed(lab)
    connected(lab.machine)
    lab.local_service(role, 40342, process="himds")
    report = lab.probe()
    assert (report.first, report.code) == ("himds-not-running", 1), report
    assert report.cause("himds-not-running")["confidence"] == "likely"
