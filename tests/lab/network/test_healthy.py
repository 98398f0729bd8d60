from __future__ import annotations

from tests.lab.network.azure_hosts import ARC, BUS, GATEWAY, GUEST, HIS, NOTIFY, private_address, public_address
from tests.lab.network.lab import Lab
from tests.lab.network.proxies import PORT, URL
from tests.lab.network.run import Report

SCOPE = "/subscriptions/02aab8a4-74ef-476e-8182-f6d2ba4166a6/resourceGroups/rg/providers/Microsoft.HybridCompute/privateLinkScopes/scope"


def assert_healthy(report: Report) -> None:
    assert (report.first, report.verdict, report.code) == (None, "healthy", 0), report
    assert not report.failing_layers, report
    assert not report.warnings, report


def test_direct(lab: Lab) -> None:
    report = lab.probe()
    assert_healthy(report)
    assert report.layers(HIS) == {"dns": "pass", "tcp": "pass", "tls": "pass", "http": "pass"}


def test_through_squid(lab: Lab) -> None:
    lab.squid.start()
    lab.machine.proxy(URL)
    lab.firewall.block()
    report = lab.probe()
    assert_healthy(report)
    assert report.layers(HIS)["proxy"] == "pass"


def test_through_tinyproxy(lab: Lab) -> None:
    lab.tinyproxy.start()
    lab.machine.proxy(URL)
    lab.firewall.block()
    assert_healthy(lab.probe())


def test_through_squid_with_a_password(lab: Lab) -> None:
    lab.squid.ask_password("arc", "s3cret")
    lab.squid.start()
    lab.machine.proxy(f"http://arc:s3cret@10.77.0.1:{PORT}")
    lab.firewall.block()
    assert_healthy(lab.probe())


def test_no_names_of_the_internet_behind_a_proxy(lab: Lab) -> None:
    """Many networks with a proxy resolve no outer names on purpose: the proxy does."""
    lab.squid.resolver(lab.dns.start_provider())
    lab.squid.start()
    lab.dns.forget()
    lab.machine.proxy(URL)
    assert_healthy(lab.probe())


def test_private_link_in_order(lab: Lab) -> None:
    private_link(lab)
    assert_healthy(lab.probe("--private-link"))


def test_private_link_learnt_from_the_machine(lab: Lab) -> None:
    private_link(lab)
    lab.machine.identity(location="eastus", cloud="AzureCloud", privateLinkScope=SCOPE)
    assert_healthy(lab.probe())


def private_link(lab: Lab) -> None:
    for host in ARC:
        lab.dns.point(host, private_address(host))
        lab.firewall.block(host)


def test_private_link_past_the_proxy(lab: Lab) -> None:
    private_link(lab)
    lab.squid.start()
    lab.machine.proxy(URL, **{"proxy.bypass": ["Arc"]})
    report = lab.probe("--private-link")
    assert_healthy(report)
    assert "proxy" not in report.layers(GUEST)


def test_gateway(lab: Lab) -> None:
    gateway(lab)
    report = lab.probe("--gateway-url", f"https://{GATEWAY}")
    assert_healthy(report)


def gateway(lab: Lab) -> None:
    from tests.lab.network.certificates import authorities

    trust = lab.folder / "roots.pem"
    trust.write_bytes(authorities().roots)
    lab.machine.agent_config({"connection.type": "gateway"})
    lab.local_service(
        "arcproxy", 40343, process="arcproxy", trust=str(trust), gateway=[GATEWAY, public_address(GATEWAY)]
    )
    lab.firewall.block(GUEST)
    lab.firewall.block(NOTIFY)
    lab.firewall.block(BUS)


def test_ipv6_too(lab: Lab) -> None:
    lab.give_ipv6()
    lab.dns.give_ipv6()
    assert_healthy(lab.probe())


def test_ipv6_answers_without_a_way_for_ipv6(lab: Lab) -> None:
    lab.dns.give_ipv6()
    assert_healthy(lab.probe())


def test_ipv6_that_leads_into_the_void(lab: Lab) -> None:
    lab.give_ipv6()
    lab.dns.give_ipv6()
    lab.firewall.rule("meta nfproto ipv6 drop")
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report


def test_the_list_of_allowed_names_takes_long(lab: Lab) -> None:
    status, body, _ = lab.azure.hosts[NOTIFY].paths["/urls/allowlist"]
    lab.azure.hosts[NOTIFY].paths["/urls/allowlist"] = (status, body, 13.0)
    assert_healthy(lab.probe())


def test_an_agent_that_listens(lab: Lab) -> None:
    lab.himds()
    assert_healthy(lab.probe())


def test_government_and_china(lab: Lab) -> None:
    assert_healthy(lab.probe("--cloud", "AzureUSGovernment", region="USGov Virginia"))
    assert_healthy(lab.probe("--cloud", "AzureChinaCloud", region="China East 2"))


def test_a_region_as_people_write_it(lab: Lab) -> None:
    assert_healthy(lab.probe(region="East US"))


def test_without_an_agent_everything_green_is_ready_to_onboard(lab: Lab) -> None:
    assert "ready to onboard" in lab.command("probe", "--location", "eastus").lower()
