from __future__ import annotations

import pytest

from tests.lab.network.azure_hosts import ARM, GUEST, HIS, LEGACY, LOGIN, NOTIFY
from tests.lab.network.certificates import authorities
from tests.lab.network.lab import Lab
from tests.lab.network.proxies import NAME, PORT, URL
from tests.lab.network.test_local import installed
from tests.lab.network.topology import ROUTER


def behind_squid(lab: Lab) -> None:
    """Squid is the agent's proxy, and nothing goes past it."""
    lab.squid.start()
    lab.machine.proxy(URL)
    lab.firewall.block()


def test_the_proxys_name_is_unknown(lab: Lab) -> None:
    lab.machine.proxy(f"http://{NAME}:{PORT}")
    lab.firewall.block()
    report = lab.probe()
    assert (report.first, report.code) == ("proxy-unreachable", 1), report
    assert report.failing(LOGIN) in ("proxy", None), report


def test_the_proxys_port_refuses(lab: Lab) -> None:
    lab.machine.proxy(URL)
    report = lab.probe()
    assert (report.first, report.code) == ("proxy-unreachable", 1), report


def test_the_proxy_is_silent(lab: Lab) -> None:
    lab.machine.proxy("http://20.60.0.99:3128")
    lab.firewall.rule("ip daddr 20.60.0.99 drop")
    report = lab.probe()
    assert (report.first, report.code) == ("proxy-unreachable", 1), report


@pytest.mark.parametrize("url", ["http:/10.77.0.1:3128", "http://http://10.77.0.1:3128", "http://10.77.0.1:31 28"])
def test_the_proxy_url_is_malformed(lab: Lab, url: str) -> None:
    lab.machine.proxy(url)
    lab.firewall.block()
    report = lab.probe()
    assert (report.first, report.code) == ("proxy-url-malformed", 1), report


def test_a_proxy_url_without_a_scheme_works(lab: Lab) -> None:
    """The agent puts http:// before it."""
    lab.squid.start()
    lab.machine.proxy("10.77.0.1:3128")
    lab.firewall.block()
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report


def test_a_proxy_url_without_a_port(lab: Lab) -> None:
    lab.machine.proxy("http://10.77.0.1")
    lab.firewall.block()
    report = lab.probe()
    assert report.first in ("proxy-unreachable", "proxy-url-malformed"), report


def test_the_proxy_asks_for_a_password(lab: Lab) -> None:
    lab.squid.ask_password()
    behind_squid(lab)
    report = lab.probe()
    assert (report.first, report.code, report.failing(LOGIN)) == ("proxy-auth-required", 1, "proxy"), report


def test_the_proxy_asks_for_a_ticket(lab: Lab) -> None:
    lab.squid.ask_ticket()
    behind_squid(lab)
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("proxy-auth-required", "proxy"), report
    assert "negotiate" in report.said


def test_the_password_is_wrong(lab: Lab) -> None:
    lab.squid.ask_password("arc", "right")
    lab.squid.start()
    lab.machine.proxy(f"http://arc:wr0ng-horse@{ROUTER}:{PORT}")
    lab.firewall.block()
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("proxy-auth-required", "proxy"), report
    assert "wr0ng-horse" not in report.said


BLOCKED = pytest.mark.parametrize(
    ("host", "cause"),
    [
        (LOGIN, "proxy-blocks-login"),
        (ARM, "proxy-blocks-arm"),
        (HIS, "proxy-blocks-endpoint"),
        (GUEST, "proxy-blocks-endpoint"),
    ],
)


@BLOCKED
def test_squid_refuses_one_host(lab: Lab, host: str, cause: str) -> None:
    lab.squid.deny(host)
    behind_squid(lab)
    report = lab.probe()
    assert (report.first, report.failing_layers) == (cause, {host: "proxy"}), report


def test_tinyproxy_knows_the_microsoft_names_alone(lab: Lab) -> None:
    lab.tinyproxy.start(only=[r"\.microsoft\.com$", r"microsoftonline\.com$", r"windows\.net$", r"^management\.azure"])
    lab.machine.proxy(URL)
    lab.firewall.block()
    report = lab.probe()
    assert report.first == "proxy-blocks-endpoint", report
    assert {report.failing(HIS), report.failing(GUEST), report.failing(LOGIN)} == {"proxy", None}


def test_the_proxy_refuses_a_host_that_is_only_useful(lab: Lab) -> None:
    lab.squid.deny(NOTIFY, LEGACY)
    behind_squid(lab)
    report = lab.probe()
    assert (report.first, report.code, report.failing(NOTIFY)) == (None, 0, "proxy"), report
    assert "proxy-blocks-endpoint" in report.warnings


def test_the_proxy_cannot_resolve_azure(lab: Lab) -> None:
    """Squid's own page with 503: the proxy works, its name server does not."""
    lab.squid.resolver("10.77.0.99")
    behind_squid(lab)
    report = lab.probe()
    assert report.code == 1 and report.first is not None, report
    assert report.first.startswith("proxy-"), report
    assert report.failing(LOGIN) == "proxy"


def test_the_proxys_own_way_out_is_closed(lab: Lab) -> None:
    lab.start()
    lab.router.script("nft add table inet shut; nft 'add chain inet shut out { type filter hook output priority 0; }'; "
                      "nft add rule inet shut out ip daddr 20.60.0.0/16 tcp dport 443 reject with tcp reset")  # fmt: skip
    behind_squid(lab)
    report = lab.probe()
    assert report.code == 1 and report.first is not None and report.first.startswith("proxy-"), report
    assert report.failing(LOGIN) == "proxy"


def test_the_proxy_hangs_up(lab: Lab) -> None:
    """What listens takes the connection and resets it at CONNECT."""
    lab.start()
    lab.local_service("hang-up", PORT, process="proxy", address=ROUTER, node=lab.router)
    lab.machine.proxy(URL)
    lab.firewall.block()
    report = lab.probe()
    assert report.code == 1 and report.first is not None and report.first.startswith("proxy-"), report
    assert report.failing(LOGIN) == "proxy"


def test_what_listens_is_no_proxy(lab: Lab) -> None:
    lab.local_service("web", PORT, process="web", address=ROUTER, node=lab.router)
    lab.machine.proxy(URL)
    lab.firewall.block()
    report = lab.probe()
    assert report.code == 1 and report.first is not None and report.first.startswith("proxy-"), report
    assert report.failing(LOGIN) == "proxy"


def test_a_proxy_known_to_the_system_is_needed(lab: Lab) -> None:
    lab.squid.start()
    lab.firewall.block()
    lab.machine.write("/etc/environment", f'https_proxy="{URL}"\nhttp_proxy="{URL}"\n')
    report = lab.probe()
    assert (report.first, report.code, report.failing(LOGIN)) == ("proxy-required", 1, "tcp"), report
    assert "10.77.0.1:3128" in report.said


def test_a_proxy_known_to_the_administrators_shell_is_needed(lab: Lab) -> None:
    lab.squid.start()
    lab.firewall.block()
    report = lab.probe(more={"HTTPS_PROXY": URL, "https_proxy": URL})
    assert report.first == "proxy-required", report


def test_a_proxy_given_on_the_command_line_is_needed(lab: Lab) -> None:
    lab.squid.start()
    lab.firewall.block()
    report = lab.probe("--proxy", URL)
    assert report.first == "proxy-required", report


def test_the_systems_proxy_does_not_work_either(lab: Lab) -> None:
    lab.firewall.block()
    lab.machine.write("/etc/environment", f'https_proxy="{URL}"\n')
    report = lab.probe()
    assert report.first == "firewall-blocks-endpoint", report


def test_the_systems_proxy_is_not_needed(lab: Lab) -> None:
    lab.squid.start()
    lab.machine.write("/etc/environment", f'https_proxy="{URL}"\n')
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report


def test_the_proxy_says_yes_and_then_cuts(lab: Lab) -> None:
    """CONNECT is answered with 200, and the tunnel is reset at the ClientHello."""
    lab.device.reset(HIS)
    lab.squid.start()
    lab.machine.proxy(URL)
    lab.local_service("cutting-proxy", 3129, process="proxy", address=ROUTER, node=lab.router, only=HIS, upstream=PORT)
    lab.machine.proxy(f"http://{ROUTER}:3129")
    report = lab.probe()
    assert report.failing_layers == {HIS: "tls"}, report
    assert report.first in ("sni-filter-resets", "proxy-blocks-endpoint", "firewall-blocks-endpoint"), report


def test_squid_opens_the_tunnel_to_say_no(lab: Lab) -> None:
    """With inspection on, squid shows its block page inside TLS, under a certificate of its own."""
    lab.squid.deny(ARM)
    lab.squid.inspect(authorities().company, HIS)
    behind_squid(lab)
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("tls-inspection", {HIS: "tls", ARM: "tls"}), report


def test_one_host_is_refused_and_another_inspected(lab: Lab) -> None:
    """Two devices: the proxy refuses one name, a box behind it opens the traffic to another."""
    lab.device.inspect("company", HIS)
    lab.squid.deny(ARM)
    lab.squid.start()
    lab.device.in_front_of_the_proxy()
    lab.machine.proxy(URL)
    report = lab.probe()
    assert set(report.current[:2]) == {"tls-inspection", "proxy-blocks-arm"}, report
    assert report.failing_layers == {HIS: "tls", ARM: "proxy"}, report


def installed_with_services(lab: Lab, url: str) -> None:
    """The agent is installed, and its services have a proxy of their own."""
    installed(lab)
    lab.himds(HTTPS_PROXY=url)
    for unit in ("himdsd.service", "gcad.service", "extd.service"):
        lab.machine.service_environment(unit, HTTPS_PROXY=url)


def test_the_command_line_and_the_services_use_different_proxies(lab: Lab) -> None:
    """The administrator's shell has the proxy that works, the services have an old one."""
    installed_with_services(lab, f"http://{ROUTER}:3999")
    lab.squid.start()
    lab.firewall.block()
    report = lab.probe(more={"HTTPS_PROXY": URL, "https_proxy": URL})
    assert (report.first, report.code) == ("proxy-drift", 1), report


def test_one_service_has_another_proxy(lab: Lab) -> None:
    installed_with_services(lab, f"http://{ROUTER}:3999")
    lab.machine.service_environment("gcad.service", HTTPS_PROXY=URL)
    lab.squid.start()
    lab.firewall.block()
    report = lab.probe()
    assert (report.first, report.code) == ("proxy-drift", 1), report


def test_the_services_use_the_proxy_of_their_units(lab: Lab) -> None:
    """No proxy.url, nothing in the shell: what the units say is the agent's way."""
    installed_with_services(lab, URL)
    lab.squid.start()
    lab.firewall.block()
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report
    assert report.layers(HIS)["proxy"] == "pass"


def test_proxy_url_wins_over_the_environment(lab: Lab) -> None:
    installed_with_services(lab, f"http://{ROUTER}:3999")
    lab.squid.start()
    lab.machine.proxy(URL)
    lab.firewall.block()
    report = lab.probe(more={"HTTPS_PROXY": f"http://{ROUTER}:3998"})
    assert (report.first, report.code) == (None, 0), report


def test_a_bypass_that_sends_arc_into_a_closed_firewall(lab: Lab) -> None:
    lab.squid.start()
    lab.machine.proxy(URL, **{"proxy.bypass": ["Arc"]})
    lab.firewall.block()
    report = lab.probe()
    assert report.first in ("proxy-bypass-wrong", "firewall-blocks-endpoint"), report
    assert (report.failing(HIS), report.failing(GUEST), report.failing(LOGIN)) == ("tcp", "tcp", None)


def test_direct_what_if(lab: Lab) -> None:
    """The proxy is dead and the direct way is open: --direct says so, and the verdict stays that of the agent's way."""
    lab.machine.proxy(URL)
    report = lab.probe("--direct")
    assert (report.first, report.code) == ("proxy-unreachable", 1), report
