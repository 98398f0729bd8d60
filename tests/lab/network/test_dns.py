from __future__ import annotations

import pytest

from tests.lab.network.azure_hosts import ARM, GAS, GUEST, HIS, LEGACY, LOGIN, REGIONAL_HIS, public_address
from tests.lab.network.lab import Lab
from tests.lab.network.policies import nginx_at
from tests.lab.network.topology import ROUTER

PRIVATE_ZONES = {"privatelink.his.arc.azure.com": "ns1.azureprivatedns.example"}


def test_no_name_exists(lab: Lab) -> None:
    lab.dns.forget()
    report = lab.probe()
    assert (report.first, report.code) == ("dns-failure", 1), report
    assert report.failing(LOGIN) == report.failing(HIS) == report.failing(ARM) == "dns"
    assert report.layers(LOGIN)["tls"] == "not_evaluated"


def test_the_provider_fails(lab: Lab) -> None:
    lab.dns.forward(rcode="SERVFAIL")
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("dns-failure", "dns"), report


def test_the_name_server_is_silent(lab: Lab) -> None:
    lab.router.script("nft add table inet quiet; nft 'add chain inet quiet in { type filter hook input priority 0; }'; "
                      "nft add rule inet quiet in udp dport 53 drop")  # fmt: skip
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("dns-failure", "dns"), report
    assert "timeout" in report.cause("dns-failure")["evidence"][0]["text"]


def test_the_name_server_refuses(lab: Lab) -> None:
    lab.dns.refuse()
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("dns-failure", "dns"), report


def test_nothing_listens_at_the_name_server(lab: Lab) -> None:
    lab.machine.resolvers("10.77.0.1", options="timeout:1 attempts:1")
    lab.start()
    lab.router.script("nft add table inet shut; nft 'add chain inet shut in { type filter hook input priority 0; }'; "
                      "nft add rule inet shut in udp dport 53 reject with icmp port-unreachable")  # fmt: skip
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("dns-failure", "dns"), report


@pytest.mark.parametrize("missing", [(HIS, REGIONAL_HIS), (GUEST, GAS)], ids=["his", "guestconfiguration"])
def test_records_are_missing_in_a_private_zone(lab: Lab, missing: tuple[str, ...]) -> None:
    lab.dns.forget(*missing)
    report = lab.probe()
    assert report.first == "dns-record-missing", report
    assert report.failing(missing[0]) == "dns"
    assert report.failing(LOGIN) is None
    assert missing[0] in report.cause("dns-record-missing")["subjects"]


def test_the_alias_leads_into_a_zone_without_the_record(lab: Lab) -> None:
    lab.dns.point(HIS, alias="gbl.privatelink.his.arc.azure.com")
    lab.dns.forward(private_zones=PRIVATE_ZONES)
    report = lab.probe()
    assert (report.first, report.failing(HIS)) == ("dns-record-missing", "dns"), report


def test_a_stale_line_of_the_hosts_file(lab: Lab) -> None:
    lab.machine.pin(HIS, "10.88.0.250")
    lab.firewall.rule("ip daddr 10.88.0.250 drop")
    report = lab.probe()
    assert (report.first, report.failing(HIS)) == ("hosts-file-override", "tcp"), report
    assert report.failing(LOGIN) is None


def test_a_line_of_the_hosts_file_that_leads_to_another_server(lab: Lab) -> None:
    """Whoever has the address today answers with a certificate of its own."""
    nginx_at(lab, ["20.60.9.9"], ("www.contoso.example",))
    lab.machine.pin(HIS, "20.60.9.9")
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("hosts-file-override", {HIS: "tls"}), report


def test_a_line_of_the_hosts_file_that_is_right_is_no_fault(lab: Lab) -> None:
    lab.machine.pin(HIS, public_address(HIS))
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report


def test_one_dead_name_server_of_two_breaks_nothing(lab: Lab) -> None:
    lab.machine.resolvers("10.77.0.99", ROUTER)
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report


def test_one_failure_that_passes_breaks_nothing(lab: Lab) -> None:
    lab.dns.forward(rcode="SERVFAIL", first=1)
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report


def test_a_slow_name_server_breaks_nothing(lab: Lab) -> None:
    lab.dns.forward(wait=3.0)
    lab.machine.resolvers(ROUTER, options="timeout:5 attempts:2")
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report


def test_the_name_of_old_agents_alone_is_a_warning(lab: Lab) -> None:
    lab.dns.forget(LEGACY)
    report = lab.probe()
    assert (report.first, report.code, report.failing(LEGACY)) == (None, 0, "dns"), report
    assert "dns-failure" in report.warnings


def test_names_that_lead_nowhere_useful(lab: Lab) -> None:
    """A filtering name server answers 0.0.0.0."""
    lab.dns.point(LOGIN, "0.0.0.0")
    report = lab.probe()
    assert report.first is not None and report.failing(LOGIN) is not None, report
    assert report.first in ("dns-failure", "firewall-blocks-endpoint"), report
