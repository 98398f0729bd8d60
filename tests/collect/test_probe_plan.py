from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from arcdiag.collect.dry_run import dry_run_lines
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.host.proxy_url import parse_proxy
from arcdiag.collect.host.settings import read_settings
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.probe.plan import ProbePlan, make_plan, plan_value
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.fact import FactPath
from tests.collect.machine import with_agent, with_system, write


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with_system(tmp_path, "10.0.0.2")
    with_agent(tmp_path)
    return tmp_path


def plan(rules: RuleSet, root: Path, **asked: Any) -> ProbePlan:
    return make_plan(rules, read_settings(LinuxHost(root)), CollectOptions(**asked))


def local(root: Path, **settings: object) -> None:
    document = {name.replace("_", "."): value for name, value in settings.items()}
    write(root, "/var/opt/azcmagent/localconfig.json", json.dumps(document))


def routes(found: ProbePlan) -> dict[str, str]:
    return {t.endpoint.host: t.route.kind for t in found.targets}


def test_the_agents_own_region_and_cloud_decide(rules: RuleSet, root: Path) -> None:
    found = plan(rules, root)
    assert (found.cloud, found.region) == ("AzureCloud", "eastus2")
    assert "eastus2-gas.guestconfiguration.azure.com" in found.hosts
    assert {"login.windows.net", "login.microsoftonline.com", "management.azure.com"} <= set(found.hosts)
    assert "packages.microsoft.com" in found.hosts
    assert "download.microsoft.com" not in found.hosts
    assert [s.shown for s in found.servers] == ["10.0.0.2:53"]
    assert set(routes(found).values()) == {"direct"}
    assert found.left_out == ()


def test_the_command_line_outranks_the_agent(rules: RuleSet, root: Path) -> None:
    found = plan(rules, root, cloud="AzureUSGovernment", region="usgovvirginia")
    assert (found.cloud, found.region) == ("AzureUSGovernment", "usgovvirginia")
    assert "gbl.his.arc.azure.us" in found.hosts
    assert not [h for h in found.hosts if h.endswith(".com") and h != "packages.microsoft.com"]


@pytest.mark.parametrize("location", ["", "x/../evil.example", "a.b", "-gas"])
def test_a_region_that_cannot_be_one_never_becomes_a_host(rules: RuleSet, root: Path, location: str) -> None:
    write(root, "/var/opt/azcmagent/agentconfig.json", json.dumps({"location": location}))
    found = plan(rules, root)
    assert found.region is None
    assert not [h for h in found.hosts if "-gas." in h]
    assert [item.what for item in found.left_out] == ["regional endpoints"]


def test_everything_goes_through_the_proxy_apart_from_what_is_bypassed(rules: RuleSet, root: Path) -> None:
    local(root, proxy_url="http://proxy:8080", proxy_bypass="Arc")
    found = plan(rules, root)
    direct = {host for host, kind in routes(found).items() if kind == "direct"}
    assert direct == {
        "gbl.his.arc.azure.com",
        "agentserviceapi.guestconfiguration.azure.com",
        "eastus2-gas.guestconfiguration.azure.com",
    }
    assert [p.address for p in found.proxies] == ["proxy:8080"]


def test_no_proxy_of_the_services_counts_where_the_proxy_comes_from_them(rules: RuleSet, root: Path) -> None:
    write(
        root,
        "/etc/systemd/system/himdsd.service.d/p.conf",
        '[Service]\nEnvironment="HTTPS_PROXY=http://env:3128" "NO_PROXY=.azure.com,localhost"\n',
    )
    kinds = routes(plan(rules, root))
    assert kinds["gbl.his.arc.azure.com"] == kinds["management.azure.com"] == "direct"
    assert kinds["login.microsoftonline.com"] == "proxy"


GATEWAY = "contoso.gw.arc.azure.com"
BESIDE = {
    "login.microsoftonline.com",
    "login.microsoft.com",
    "eastus2.login.microsoft.com",
    "management.azure.com",
    "gbl.his.arc.azure.com",
    "packages.microsoft.com",
}


def test_with_the_gateway_only_what_is_documented_goes_beside_it(rules: RuleSet, root: Path) -> None:
    local(root, connection_type="gateway", proxy_url="http://proxy:8080", proxy_bypass="Arc")
    found = plan(rules, root, gateway=GATEWAY)
    kinds = routes(found)
    assert {host for host, kind in kinds.items() if kind != "gateway"} == BESIDE | {GATEWAY}
    # A bypass list is without effect there, so also the identity service goes through the company's proxy.
    assert set(kinds.values()) == {"gateway", "proxy"}
    assert [p.address for p in found.proxies] == ["localhost:40343", "proxy:8080"]
    assert found.arc_proxy == ("127.0.0.1", 40343)


def test_the_gateways_name_is_learnt_from_the_agents_files(rules: RuleSet, root: Path) -> None:
    local(root, connection_type="gateway", gateway_url=f"https://{GATEWAY}/")
    found = plan(rules, root)
    assert routes(found)[GATEWAY] == "direct" and found.gateway == GATEWAY
    local(root, connection_type="gateway")
    assert any("--gateway-url" in item.why for item in plan(rules, root).left_out)


def test_a_gateway_that_is_only_planned_leaves_the_rest_out_and_says_so(rules: RuleSet, root: Path) -> None:
    found = plan(rules, root, gateway=GATEWAY)
    assert set(found.hosts) == BESIDE | {GATEWAY}
    assert set(routes(found).values()) == {"direct"}
    assert [item.what for item in found.left_out] == ["5 endpoints behind the Arc gateway"]


def test_features_bring_their_hosts_which_are_required_then(rules: RuleSet, root: Path) -> None:
    before = set(plan(rules, root).hosts)
    found = plan(rules, root, features=("ama", "esu"))
    assert set(found.hosts) - before == {
        "global.handler.control.monitor.azure.com",
        "eastus2.handler.control.monitor.azure.com",
        "eastus2.monitoring.azure.com",
        "www.microsoft.com",
    }
    required = {t.endpoint.host: t.endpoint.required for t in found.targets}
    assert required["www.microsoft.com"] and required["login.windows.net"]
    assert not {t.endpoint.host: t.endpoint.required for t in plan(rules, root).targets}["login.windows.net"]


def test_names_that_cannot_be_known_beforehand_are_said(rules: RuleSet, root: Path) -> None:
    found = plan(rules, root, features=("sql", "wac"))
    said = {item.what.split(" ")[0]: item.why for item in found.left_out}
    assert "*.arcdataservices.com" in said["sql"] and "*.waconazure.com" in said["wac"]
    elsewhere = plan(rules, root, features=("licence",), cloud="AzureChinaCloud")
    assert any("there is none in AzureChinaCloud" in item.why for item in elsewhere.left_out)


def test_what_only_connecting_needs_is_not_required_of_a_connected_machine(rules: RuleSet, root: Path) -> None:
    def of(host: str) -> tuple[str, bool]:
        return next(
            (t.endpoint.needed, t.endpoint.required) for t in plan(rules, root).targets if t.endpoint.host == host
        )

    assert of("management.azure.com") == ("connect", False)
    assert of("packages.microsoft.com") == ("install", False)
    assert of("gbl.his.arc.azure.com") == ("always", True)
    write(root, "/var/opt/azcmagent/agentconfig.json", "{}")
    assert of("management.azure.com") == ("connect", True)
    (root / "opt/azcmagent/bin/azcmagent").unlink()
    assert of("packages.microsoft.com") == ("install", True)
    assert of("guestnotificationservice.azure.com") == ("optional", False)


def test_regional_names_are_learnt_from_logs_if_the_catalogue_knows_them(rules: RuleSet, root: Path) -> None:
    log = "\n".join(
        [
            'level=info msg="https://old1.his.arc.azure.com/x"',
            'level=info msg="Endpoint=https://weu.his.arc.azure.com:443/heartbeat"',
            'level=info msg="evil https://weu.his.arc.azure.com.attacker.example/ and xhis.arc.azure.com"',
            'level=info msg="gbl.privatelink.his.arc.azure.com x.privatelink.his.arc.azure.com eu-ats.his.arc.azure.com"',
            'level=info msg="usgv.his.arc.azure.us a.b.arcdataservices.com https://ae.his.arc.azure.com"',
        ]
    )
    before = set(plan(rules, root).hosts)
    write(root, "/var/opt/azcmagent/log/himds.log", log)
    found = plan(rules, root)
    # Two of a role, the newest mentions; nothing of another cloud, of private zones, of features that nobody asked for.
    assert set(found.hosts) - before == {"weu.his.arc.azure.com", "ae.his.arc.azure.com"}
    assert set(plan(rules, root, features=("sql",)).hosts) - set(found.hosts) == {
        "graph.microsoft.com",
        "a.b.arcdataservices.com",
    }


def test_a_what_if_stands_beside_the_agents_own_way(rules: RuleSet, root: Path) -> None:
    local(root, proxy_url="http://proxy:8080", proxy_bypass="ARM")
    direct = plan(rules, root, direct=True)
    assert {t.route.kind for t in direct.what_ifs} == {"direct"}
    assert {t.route.path for t in direct.what_ifs} == {FactPath.WHAT_IF}
    assert "management.azure.com" not in {t.endpoint.host for t in direct.what_ifs}
    other = plan(rules, root, proxy=parse_proxy("http://other:3128"))
    assert {t.route.proxy.address for t in other.what_ifs if t.route.proxy} == {"other:3128"}
    assert [p.address for p in other.proxies] == ["proxy:8080"]


def test_an_unknown_way_gives_room_to_the_one_that_was_asked_for(rules: RuleSet, root: Path) -> None:
    write(root, "/var/opt/azcmagent/localconfig.json", "{broken")
    found = plan(rules, root, proxy=parse_proxy("http://other:3128"))
    assert found.targets == () and found.what_ifs and found.fallbacks == ()


def test_proxies_that_the_system_knows_are_tried_for_two_endpoints(rules: RuleSet, root: Path) -> None:
    assert plan(rules, root).fallbacks == ()
    write(root, "/etc/environment", "HTTPS_PROXY=http://me:hush@env:3128\n")
    write(root, "/etc/apt/apt.conf.d/95proxy", 'Acquire::http::Proxy "http://apt:3142/";\n')
    write(root, "/etc/dnf/dnf.conf", "[main]\nproxy=http://third:1\n")
    tried = {(t.endpoint.host, t.route.proxy.address) for t in plan(rules, root).fallbacks if t.route.proxy}
    assert tried == {
        (host, proxy)
        for host in ("login.microsoftonline.com", "gbl.his.arc.azure.com")
        for proxy in ("env:3128", "apt:3142")
    }
    assert "hush" not in lines(rules, root) and "env:3128" in lines(rules, root)
    local(root, proxy_url="http://proxy:8080")
    assert plan(rules, root).fallbacks == ()


@pytest.mark.parametrize(
    ("config", "asked", "answer"),
    [
        ({}, False, False),
        ({"privateLinkScope": "/subscriptions/x/scope"}, False, True),
        ({}, True, True),
        (None, False, None),
    ],
)
def test_private_link_is_known_or_unknown(
    rules: RuleSet, root: Path, config: dict[str, str] | None, asked: bool, answer: bool | None
) -> None:
    write(root, "/var/opt/azcmagent/agentconfig.json", json.dumps(config) if config is not None else "{")
    assert plan_value(plan(rules, root, private_link=asked))["private_link"] is answer


def test_settings_that_cannot_be_read_make_every_probe_a_what_if(rules: RuleSet, root: Path) -> None:
    write(root, "/var/opt/azcmagent/localconfig.json", "{broken")
    found = plan(rules, root)
    assert {t.route.path for t in found.targets} == {FactPath.WHAT_IF} == {found.path}
    assert any("own path" in item.what for item in found.left_out)


def test_a_proxy_that_does_not_parse_is_never_a_target(rules: RuleSet, root: Path) -> None:
    local(root, proxy_url="http://http://proxy:8080")
    found = plan(rules, root)
    assert found.proxies == ()
    assert set(routes(found).values()) == {"proxy"}
    assert any("scheme-twice" in item.why for item in found.left_out)


def test_the_callers_own_proxy_changes_no_way(rules: RuleSet, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = plan(rules, root)
    monkeypatch.setenv("HTTPS_PROXY", "http://caller:1")
    after = plan(rules, root)
    assert after.fallbacks and replace(after, fallbacks=()) == before


def lines(rules: RuleSet, root: Path, probe: bool = True) -> str:
    host = LinuxHost(root)
    return "\n".join(dry_run_lines(plan(rules, root), host, CollectOptions(probe=probe)))


def test_a_dry_run_names_every_address_file_and_program(rules: RuleSet, root: Path) -> None:
    local(root, proxy_url="http://user:hush-hush@proxy:8080", proxy_bypass="Arc")
    text = lines(rules, root)
    for needed in (
        "gbl.his.arc.azure.com:443  GET /  direct",
        "login.microsoftonline.com:443  GET /common/oauth2  through proxy:8080",
        "10.0.0.2:53",
        "www.microsoft.com",
        "127.0.0.1:40342",
        "169.254.169.254:80",
        "/opt/azcmagent/bin/azcmagent show -j",
        "/usr/bin/systemctl show",
        "/var/opt/azcmagent/log/himds.log",
        "/var/opt/azcmagent/localconfig.json",
        "/etc/resolv.conf",
    ):
        assert needed in text
    assert "hush-hush" not in text


def test_a_dry_run_says_what_depends_on_answers(rules: RuleSet, root: Path) -> None:
    write(root, "/etc/environment", "HTTPS_PROXY=http://env:3128\n")
    text = lines(rules, root)
    assert (
        "/discovery?location=eastus2&api-version=2.1  (then at most 2 names matching *.his.arc.azure.com:443)" in text
    )
    assert "/urls/allowlist?api-version=2020-01-01&location=eastus2  (then at most 2 names matching azgn*" in text
    assert "gbl.his.arc.azure.com:443  GET /  through env:3128" in text.split("Only if the direct way to them fails")[1]


def test_a_dry_run_without_probes_names_no_host(rules: RuleSet, root: Path) -> None:
    text = lines(rules, root, probe=False)
    assert "azure.com" not in text and "169.254" not in text
    assert "no-probe" in text
