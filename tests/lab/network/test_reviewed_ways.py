"""Ways to fail that look like another one: each beside what it must not be taken for."""

from __future__ import annotations

import pytest

from tests.lab.network.azure_hosts import ARC, ARM, GAS, GUEST, HIS, LOGIN, private_address
from tests.lab.network.certificates import write_plain_chain
from tests.lab.network.firewall import RESET
from tests.lab.network.lab import Lab
from tests.lab.network.machine import connected
from tests.lab.network.proxies import PORT, URL
from tests.lab.network.test_healthy import SCOPE, private_link
from tests.lab.network.topology import ROUTER

BLOCKS = {"proxy-blocks-endpoint", "proxy-blocks-login", "proxy-blocks-arm"}


@pytest.mark.parametrize("rule", [f"tcp dport 443 {RESET}", f"meta skuid 0 tcp dport 443 {RESET}"], ids=["all", "root"])
def test_a_reset_of_the_machines_own_is_not_said_to_be_the_networks(lab: Lab, rule: str) -> None:
    lab.local_firewall.rule(rule)
    report = lab.probe()
    assert report.first == "firewall-blocks-endpoint", report
    cause = report.cause("firewall-blocks-endpoint")
    assert cause["confidence"] == "likely", report
    assert any("nft list ruleset" in str(doubt) for doubt in cause["why_not_sure"]), cause


def test_the_proxy_takes_private_link_to_the_public_address(lab: Lab) -> None:
    """The names are private here and public for the proxy; Azure denies what comes that way."""
    connected(lab.machine, privateLinkScope=SCOPE)
    lab.squid.resolver(lab.dns.start_provider())
    for host in ARC:
        lab.dns.point(host, private_address(host))
    lab.azure.only(*ARC, status=403, body="{}")
    lab.squid.start()
    lab.machine.proxy(URL)
    lab.himds()
    report = lab.probe()
    assert (report.first, report.code, report.failing(HIS)) == ("proxy-bypass-wrong", 1, "http"), report
    assert "pls-access-denied" not in report.current, report


def test_private_link_past_the_proxy_that_denies(lab: Lab) -> None:
    """The look-alike: the bypass is right, and the private endpoint itself says no."""
    private_link(lab)
    connected(lab.machine, privateLinkScope=SCOPE)
    lab.azure.only(*ARC, status=403)
    lab.squid.start()
    lab.machine.agent_config({"proxy.url": URL, "proxy.bypass": ["Arc"]})
    lab.himds()
    report = lab.probe()
    assert (report.first, report.failing(HIS)) == ("pls-access-denied", "http"), report


def cutting(lab: Lab, only: str) -> None:
    lab.squid.start()
    lab.start()
    lab.local_service("cutting-proxy", 3129, process="proxy", address=ROUTER, node=lab.router, only=only, upstream=PORT)
    lab.machine.proxy(f"http://{ROUTER}:3129")


@pytest.mark.parametrize(
    ("host", "cause"), [(LOGIN, "proxy-blocks-login"), (HIS, "proxy-blocks-endpoint"), (ARM, "proxy-blocks-arm")]
)
def test_one_tunnel_that_is_granted_and_cut(lab: Lab, host: str, cause: str) -> None:
    cutting(lab, host)
    report = lab.probe()
    assert (report.current, report.failing_layers) == ([cause], {host: "tls"}), report
    assert "No proxy is involved" not in report.said


def test_all_tunnels_are_granted_and_cut(lab: Lab) -> None:
    cutting(lab, "CONNECT")
    report = lab.probe()
    assert (report.current, report.failing(HIS)) == (["proxy-blocks-endpoint"], "tls"), report
    assert "No proxy is involved" not in report.said


def behind(lab: Lab, role: str) -> None:
    lab.start()
    lab.local_service(role, PORT, process="proxy", address=ROUTER, node=lab.router)
    lab.machine.proxy(URL)


@pytest.mark.parametrize("role", ["hang-up", "closing"])
def test_a_proxy_that_hangs_up_at_once_is_as_good_as_none(lab: Lab, role: str) -> None:
    behind(lab, role)
    report = lab.probe()
    # Whether the hang-up comes before or after the greeting decides if an endpoint behind it could be tried at all.
    assert (report.current, report.failing(HIS) in ("proxy", None)) == (["proxy-unreachable"], True), report
    assert report.cause("proxy-unreachable")["confidence"] in ("likely", "confirmed"), report


def test_a_proxy_that_sends_to_a_sign_in_page(lab: Lab) -> None:
    behind(lab, "redirecting")
    report = lab.probe()
    assert (report.current, report.failing(HIS)) == (["proxy-blocks-endpoint"], "proxy"), report
    assert report.cause("proxy-blocks-endpoint")["confidence"] == "likely", report
    assert "sso.corp.example" in report.said


def test_a_proxy_without_names_of_its_own(lab: Lab) -> None:
    lab.squid.resolver("10.77.0.99")
    lab.squid.start()
    lab.machine.proxy(URL)
    report = lab.probe()
    assert [c for c in report.current if c in BLOCKS] == ["proxy-blocks-endpoint"], report
    cause = report.cause("proxy-blocks-endpoint")
    assert cause["confidence"] == "possible" and "cannot resolve or reach" in cause["summary"], cause


@pytest.mark.parametrize("place", ["/etc/profile.d/proxy.sh", "/etc/profile"])
def test_a_proxy_of_login_shells_is_needed(lab: Lab, place: str) -> None:
    lab.firewall.block()
    lab.squid.start()
    lab.machine.write(place, f'# The company\'s way out\nexport https_proxy="{URL}"; export http_proxy="{URL}"\n')
    report = lab.probe()
    assert (report.first, report.code, report.failing(HIS)) == ("proxy-required", 1, "tcp"), report


def test_a_server_that_does_not_serve_the_name(lab: Lab) -> None:
    """It breaks off with the alert unrecognized_name."""
    lab.azure.hosts.pop(GAS)
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("tls-name-mismatch", {GAS: "tls"}), report


def test_one_private_address_for_every_name_is_no_private_link(lab: Lab) -> None:
    lab.dns.forget()
    lab.dns.lines = [f"address=/#/{ROUTER}"]
    lab.device.portal("http://login.hotel.example/welcome", "wrong-name")
    write_plain_chain(lab.folder, ["login.hotel.example"])
    report = lab.probe()
    assert report.first == "captive-portal" and "pls-required" not in report.current, report


def test_names_that_are_missing_everywhere_are_not_proven_to_be_a_private_zones(lab: Lab) -> None:
    lab.dns.forget(GUEST, GAS)
    report = lab.probe()
    assert (report.first, report.failing(GUEST)) == ("dns-record-missing", "dns"), report
    assert report.cause("dns-record-missing")["confidence"] == "likely", report


def test_names_that_another_name_server_knows(lab: Lab) -> None:
    provider = lab.dns.start_provider()
    lab.dns.forget(GUEST, GAS)
    lab.machine.resolvers(ROUTER, provider)
    report = lab.probe()
    assert (report.first, report.failing(GUEST)) == ("dns-record-missing", "dns"), report
    assert report.cause("dns-record-missing")["confidence"] == "confirmed", report
