from __future__ import annotations

import json
from pathlib import Path

import pytest

from arcdiag.collect.dry_run import dry_run_lines
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.host.settings import read_settings
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.probe.plan import ProbePlan, make_plan
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


def plan(rules: RuleSet, root: Path, cloud: str | None = None, region: str | None = None) -> ProbePlan:
    return make_plan(rules, read_settings(LinuxHost(root)), cloud, region)


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
    found = plan(rules, root, "AzureUSGovernment", "usgovvirginia")
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


def test_the_gateway_takes_everything_through_the_local_proxy(rules: RuleSet, root: Path) -> None:
    local(root, connection_type="gateway", proxy_url="http://proxy:8080", proxy_bypass="Arc")
    found = plan(rules, root)
    assert set(routes(found).values()) == {"gateway"}
    assert [p.address for p in found.proxies] == ["localhost:40343"]


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


def test_the_callers_own_proxy_changes_nothing(rules: RuleSet, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = plan(rules, root)
    monkeypatch.setenv("HTTPS_PROXY", "http://caller:1")
    assert plan(rules, root) == before


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


def test_a_dry_run_without_probes_names_no_host(rules: RuleSet, root: Path) -> None:
    text = lines(rules, root, probe=False)
    assert "azure.com" not in text and "169.254" not in text
    assert "no-probe" in text
