from __future__ import annotations

import pytest

from tests.lab.network.azure_hosts import ARM, GUEST, HIS, LEGACY, LOGIN, NOTIFY, PACKAGES
from tests.lab.network.firewall import DROP, ICMP, RESET
from tests.lab.network.lab import Lab
from tests.lab.network.machine import connected

BLOCKED = pytest.mark.parametrize("verdict", [DROP, ICMP, RESET], ids=["drop", "icmp", "reset"])


def test_no_default_route(lab: Lab) -> None:
    lab.client.run("ip", "route", "del", "default")
    report = lab.probe()
    assert (report.first, report.code, report.failing(LOGIN)) == ("no-route", 1, "tcp"), report


def test_no_default_route_and_no_name_server_in_reach(lab: Lab) -> None:
    lab.machine.resolvers("20.60.0.53")
    lab.client.run("ip", "route", "del", "default")
    report = lab.probe()
    assert report.first in ("no-route", "dns-failure"), report
    assert report.failing(LOGIN) == "dns"


@BLOCKED
def test_443_is_blocked_for_all(lab: Lab, verdict: str) -> None:
    lab.firewall.block(verdict=verdict)
    report = lab.probe()
    assert (report.first, report.code) == ("firewall-blocks-endpoint", 1), report
    assert report.failing(LOGIN) == report.failing(HIS) == "tcp"
    assert report.layers(LOGIN)["dns"] == "pass"


@BLOCKED
def test_443_is_blocked_for_one(lab: Lab, verdict: str) -> None:
    lab.firewall.block(HIS, verdict=verdict)
    report = lab.probe()
    assert (report.first, report.code) == ("firewall-blocks-endpoint", 1), report
    assert report.failing_layers == {HIS: "tcp"}, report
    assert report.cause("firewall-blocks-endpoint")["subjects"] == [HIS]


def test_everything_is_dropped(lab: Lab) -> None:
    """The run ends with a report, and says for each endpoint how far it came."""
    lab.firewall.block_everything()
    lab.router.script("nft add table inet quiet; nft 'add chain inet quiet in { type filter hook input priority 0; }'; "
                      "nft add rule inet quiet in drop")  # fmt: skip
    report = lab.probe("--timeout", "12")
    assert report.code in (1, 3), report
    assert report.first in ("dns-failure", "no-route", "firewall-blocks-endpoint"), report
    assert len(report.document["endpoints"]) > 8


def test_only_the_notification_service_is_blocked(lab: Lab) -> None:
    lab.firewall.block(NOTIFY)
    report = lab.probe()
    assert (report.first, report.code, report.failing(NOTIFY)) == (None, 0, "tcp"), report
    assert "firewall-blocks-endpoint" in report.warnings


def test_only_the_host_of_old_agents_is_blocked(lab: Lab) -> None:
    lab.firewall.block(LEGACY)
    report = lab.probe()
    assert (report.first, report.code, report.failing(LEGACY)) == (None, 0, "tcp"), report


def test_arm_is_blocked_before_onboarding(lab: Lab) -> None:
    lab.firewall.block(ARM)
    report = lab.probe()
    assert (report.first, report.code, report.failing(ARM)) == ("firewall-blocks-endpoint", 1, "tcp"), report


def test_arm_is_blocked_on_a_connected_machine(lab: Lab) -> None:
    connected(lab.machine)
    lab.firewall.block(ARM)
    report = lab.probe()
    assert (report.first, report.code, report.failing(ARM)) == (None, 0, "tcp"), report


def test_packages_are_blocked_on_a_new_machine(lab: Lab) -> None:
    """The agent is still to be installed from there."""
    lab.firewall.block(PACKAGES)
    report = lab.probe()
    assert (report.first, report.failing(PACKAGES)) == ("package-repo-blocked", "tcp"), report


def test_packages_are_blocked_on_a_connected_machine(lab: Lab) -> None:
    """Upgrades will not come; the connection does not suffer."""
    connected(lab.machine)
    lab.firewall.block(PACKAGES)
    report = lab.probe()
    assert (report.first, report.code, report.failing(PACKAGES)) == (None, 0, "tcp"), report
    assert report.warnings, report


@pytest.mark.parametrize("verdict", [DROP, ICMP], ids=["drop", "icmp"])
def test_the_machines_own_firewall(lab: Lab, verdict: str) -> None:
    lab.local_firewall.block(verdict=verdict)
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("local-firewall-blocks-agent", "tcp"), report


def test_the_machines_own_firewall_that_sends_a_reset(lab: Lab) -> None:
    """Nothing tells it from a reset of the network's."""
    lab.local_firewall.block(verdict=RESET)
    report = lab.probe()
    assert report.first in ("local-firewall-blocks-agent", "firewall-blocks-endpoint"), report
    assert report.failing(LOGIN) == "tcp"


def test_large_packets_are_lost(lab: Lab) -> None:
    lab.router.script("""
        ip link set inside mtu 900
        nft add table inet hole
        nft 'add chain inet hole out { type filter hook output priority 0; }'
        nft add rule inet hole out icmp type destination-unreachable drop
        nft 'add chain inet hole pass { type filter hook forward priority 0; }'
        nft add rule inet hole pass meta length gt 900 drop
    """)
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("mtu-blackhole", "tls"), report


def test_a_filter_resets_one_server_name(lab: Lab) -> None:
    lab.device.reset(HIS)
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("sni-filter-resets", {HIS: "tls"}), report


def test_a_filter_closes_at_one_server_name(lab: Lab) -> None:
    lab.device.close(GUEST)
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("sni-filter-resets", {GUEST: "tls"}), report


def test_a_filter_swallows_every_hello(lab: Lab) -> None:
    lab.device.swallow()
    report = lab.probe()
    assert report.first in ("firewall-blocks-endpoint", "sni-filter-resets"), report
    assert report.failing(LOGIN) == "tls"


def test_a_portal_redirects_everything(lab: Lab) -> None:
    lab.device.portal("http://portal.hotel.example/login", "wrong-name")
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("captive-portal", "tls"), report


def test_a_portal_with_a_certificate_for_every_name(lab: Lab) -> None:
    lab.device.portal("http://portal.hotel.example/login", "company")
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("captive-portal", "tls"), report


def test_a_portal_answers_in_clear_text(lab: Lab) -> None:
    lab.device.page()
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("captive-portal", "tls"), report
