"""Two faults at once, and what looks like another fault."""

from __future__ import annotations

import pytest

from tests.lab.network.azure_hosts import ARM, GATEWAY, GUEST, HIS, LOGIN, NOTIFY, public_address
from tests.lab.network.certificates import authorities
from tests.lab.network.firewall import RESET
from tests.lab.network.lab import Lab
from tests.lab.network.proxies import URL
from tests.lab.network.test_healthy import gateway
from tests.lab.network.topology import ROUTER

REGIONAL_LOGIN = "eastus.login.microsoft.com"


def test_the_gateway_itself_is_blocked(lab: Lab) -> None:
    gateway(lab)
    lab.firewall.block(GATEWAY)
    report = lab.probe("--gateway-url", f"https://{GATEWAY}")
    assert report.code == 1, report
    assert report.first in ("arc-gateway-misconfigured", "firewall-blocks-endpoint"), report
    assert report.failing(GATEWAY) == "tcp"


def test_the_local_proxy_of_the_gateway_does_not_run(lab: Lab) -> None:
    lab.machine.agent_config({"connection.type": "gateway"})
    report = lab.probe("--gateway-url", f"https://{GATEWAY}")
    assert report.code == 1, report
    assert report.first in ("arc-gateway-misconfigured", "himds-not-running"), report


def test_a_portal_on_port_80_and_443_closed(lab: Lab) -> None:
    lab.device.portal("http://portal.hotel.example/login", "company", ports=(80,))
    lab.firewall.block()
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("captive-portal", "tcp"), report


def test_a_web_filter_on_port_80_alone_breaks_nothing(lab: Lab) -> None:
    lab.device.portal("http://filter.corp.example/", "company", ports=(80,))
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report


def test_ipv6_carries_everything_where_ipv4_is_blocked(lab: Lab) -> None:
    lab.give_ipv6()
    lab.dns.give_ipv6()
    lab.firewall.rule("meta nfproto ipv4 tcp dport 443 drop")
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report


def test_both_families_are_blocked(lab: Lab) -> None:
    lab.give_ipv6()
    lab.dns.give_ipv6()
    lab.firewall.block()
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("firewall-blocks-endpoint", "tcp"), report


def test_a_search_suffix_that_answers_for_everything(lab: Lab) -> None:
    """The names themselves do not exist here; with the company's suffix behind them they lead to a web server."""
    lab.dns.forget()
    lab.dns.lines.append("address=/corp.example/20.60.9.9")
    lab.machine.resolvers(ROUTER, search="corp.example")
    report = lab.probe()
    assert (report.first, report.code) == ("dns-failure", 1), report


def test_a_line_of_the_hosts_file_behind_a_proxy_changes_nothing(lab: Lab) -> None:
    lab.machine.pin(HIS, "10.88.0.250")
    lab.squid.start()
    lab.machine.proxy(URL)
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report


def test_only_the_regional_sign_in_is_blocked(lab: Lab) -> None:
    lab.firewall.block(REGIONAL_LOGIN, verdict=RESET)
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("firewall-blocks-endpoint", {REGIONAL_LOGIN: "tcp"}), report


def test_the_proxy_cannot_resolve_one_name(lab: Lab) -> None:
    """Squid answers 503 for that name alone."""
    lab.dns.forget(HIS)
    lab.squid.start()
    lab.machine.proxy(URL)
    report = lab.probe()
    assert report.failing_layers == {HIS: "proxy"}, report
    assert report.first is not None and report.first.startswith("proxy-"), report


def test_dropped_here_and_missing_there(lab: Lab) -> None:
    """The firewall forgets one host and the name server another."""
    lab.dns.forget(GUEST)
    lab.firewall.block(ARM)
    report = lab.probe()
    assert {"firewall-blocks-endpoint", "dns-record-missing"} <= set(report.current), report
    assert report.failing_layers == {GUEST: "dns", ARM: "tcp"}, report


def test_one_server_with_a_wrong_clock_accuses_nobody(lab: Lab) -> None:
    lab.azure.answer(NOTIFY, headers={"Date": "Sat, 01 Jan 2000 00:00:00 GMT"})
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report


def test_inspection_and_a_filter(lab: Lab) -> None:
    lab.device.reset(GUEST)
    lab.device.inspect("company")
    report = lab.probe()
    assert set(report.current[:2]) == {"sni-filter-resets", "tls-inspection"}, report
    assert (report.failing(GUEST), report.failing(LOGIN)) == ("tls", "tls")


def test_inspection_of_all_but_sign_in(lab: Lab) -> None:
    """The exception that administrators make first; the agent's own hosts are still opened."""
    lab.device.let_through(LOGIN, "login.microsoft.com", REGIONAL_LOGIN, "login.windows.net")
    lab.device.inspect("company")
    report = lab.probe()
    assert (report.first, report.failing(HIS), report.failing(LOGIN)) == ("tls-inspection", "tls", None), report


@pytest.mark.parametrize("trusted", [False, True])
def test_an_inspecting_device_whose_own_certificate_has_expired(lab: Lab, trusted: bool) -> None:
    made = authorities()
    lab.machine.trust(made.roots + (made.company.pem if trusted else b""))
    lab.device.inspect("company-expired", HIS)
    report = lab.probe()
    wanted = "tls-certificate-expired" if trusted else "tls-inspection"
    assert (report.first, report.failing_layers) == (wanted, {HIS: "tls"}), report


def test_a_private_address_of_nobody_without_private_link(lab: Lab) -> None:
    """A split name server sends one name to an inner web server."""
    lab.dns.point(LOGIN, "10.88.0.200")
    report = lab.probe()
    assert report.code == 1 and report.failing(LOGIN) == "tcp", report


def test_the_router_sends_unreachable_for_one_host(lab: Lab) -> None:
    lab.router.run("ip", "route", "add", "unreachable", f"{public_address(HIS)}/32")
    report = lab.probe()
    assert report.first in ("no-route", "firewall-blocks-endpoint"), report
    assert report.failing_layers == {HIS: "tcp"}, report
