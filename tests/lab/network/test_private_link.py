from __future__ import annotations

from tests.lab.network.azure_hosts import ARC, GAS, GUEST, HIS, LOGIN, private_address, public_address
from tests.lab.network.lab import Lab
from tests.lab.network.machine import connected
from tests.lab.network.test_healthy import SCOPE, private_link

REQUIRED = '{"error": {"code": "PrivateLinkRequired", "message": "This resource is not on a private link."}}'


def test_private_addresses_without_a_scope(lab: Lab) -> None:
    private_link(lab)
    connected(lab.machine)
    report = lab.probe()
    assert (report.first, report.code) == ("pls-required", 1), report


def test_a_scope_with_public_addresses(lab: Lab) -> None:
    connected(lab.machine, privateLinkScope=SCOPE)
    report = lab.probe()
    assert (report.first, report.code) == ("pls-dns-public", 1), report
    assert HIS in report.cause("pls-dns-public")["subjects"]


def test_a_scope_said_on_the_command_line_with_public_addresses(lab: Lab) -> None:
    report = lab.probe("--private-link")
    assert report.first == "pls-dns-public", report


def test_one_public_address_of_several(lab: Lab) -> None:
    private_link(lab)
    lab.dns.point(GUEST, public_address(GUEST))
    connected(lab.machine, privateLinkScope=SCOPE)
    report = lab.probe()
    assert report.first == "pls-dns-public", report
    assert report.cause("pls-dns-public")["subjects"] == [GUEST]


def test_the_private_endpoint_answers_403(lab: Lab) -> None:
    private_link(lab)
    connected(lab.machine, privateLinkScope=SCOPE)
    lab.azure.only(*ARC, status=403)
    report = lab.probe()
    assert (report.first, report.failing(HIS)) == ("pls-access-denied", "http"), report


def test_the_private_endpoint_is_not_reached(lab: Lab) -> None:
    """The records are right, a firewall between here and the endpoint is not."""
    private_link(lab)
    connected(lab.machine, privateLinkScope=SCOPE)
    lab.firewall.rule("ip daddr 10.88.0.0/16 drop")
    report = lab.probe()
    assert (report.first, report.failing(HIS), report.failing(LOGIN)) == ("firewall-blocks-endpoint", "tcp", None), (
        report
    )


def test_the_zone_lacks_the_regional_record(lab: Lab) -> None:
    private_link(lab)
    lab.dns.forget(GAS)
    connected(lab.machine, privateLinkScope=SCOPE)
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("dns-record-missing", {GAS: "dns"}), report


def test_azure_refuses_from_the_public_network(lab: Lab) -> None:
    """The scope forbids public access and this machine comes by the public way."""
    connected(lab.machine, privateLinkScope=SCOPE)
    lab.azure.only(*ARC, status=403, body=REQUIRED)
    report = lab.probe()
    assert report.first in ("pls-dns-public", "pls-access-denied"), report
    assert private_address(HIS) not in report.said
