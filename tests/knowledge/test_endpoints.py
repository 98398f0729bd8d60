from __future__ import annotations

import pytest

from arcdiag.knowledge.endpoints import (
    bypassed_by,
    feature_ids,
    hosts_for,
    learnt_role,
    normal_cloud,
    normal_region,
    role_of,
    unforetold,
)
from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


@pytest.mark.parametrize(
    ("host", "role"),
    [
        ("LOGIN.windows.net.", "entra-legacy"),
        ("login.microsoftonline.com", "entra-login"),
        ("login.microsoft.com", "entra-regional"),
        ("eastus.login.microsoft.com", "entra-regional"),
        ("gbl.his.arc.azure.com", "his-global"),
        ("weu.his.arc.azure.com", "his-regional"),
        ("usgv.his.arc.azure.us", "his-regional"),
        ("eu-ats.his.arc.azure.com", "his-ats"),
        ("agentserviceapi.guestconfiguration.azure.com", "guestconfig-global"),
        ("eastus-gas.guestconfiguration.azure.com", "guestconfig-regional"),
        ("eastus-gas.privatelink.guestconfiguration.azure.com", "guestconfig-regional"),
        ("azgn-southcentralus-public-1p-sn-vazr0002.servicebus.windows.net", "notify-bus"),
        ("contoso.servicebus.windows.net", "relay"),
        ("packages.microsoft.com", "download-linux"),
        ("download.microsoft.com", "download-win"),
        ("localhost:40342", "himds-local"),
        ("[::1]:40342", "himds-local"),
        ("127.0.0.1:40343", "arcproxy-local"),
        ("169.254.169.254", "imds"),
        ("prefix.gw.arc.azure.com", "gateway"),
        ("gbl.his.arc.azure.com.attacker.example", None),
        ("evil-management.azure.com.example", None),
        ("", None),
    ],
)
def test_role_of_takes_the_most_specific_name(rules: RuleSet, host: str, role: str | None) -> None:
    assert role_of(rules, host) == role


def test_hosts_for_fills_the_region_and_leaves_regional_hosts_out_without_one(rules: RuleSet) -> None:
    without = {h.host for h in hosts_for(rules, "AzureCloud")}
    with_region = {h.host for h in hosts_for(rules, "AzureCloud", "eastus2")}
    assert {"login.windows.net", "login.microsoftonline.com", "management.azure.com"} <= without
    assert with_region - without == {"eastus2-gas.guestconfiguration.azure.com", "eastus2.login.microsoft.com"}
    assert not any("{" in host for host in with_region)


def test_each_cloud_has_its_own_hosts(rules: RuleSet) -> None:
    government = {h.role: h.host for h in hosts_for(rules, "AzureUSGovernment", "usgovvirginia")}
    china = {h.role: h.host for h in hosts_for(rules, "AzureChinaCloud")}
    assert government["arm"] == "management.usgovcloudapi.net"
    assert government["his-global"] == "gbl.his.arc.azure.us"
    assert "entra-legacy" not in government
    assert china["entra-pas"] == "pas.chinacloudapi.cn"


def test_local_addresses_are_never_hosts_of_a_cloud(rules: RuleSet) -> None:
    for cloud in ("AzureCloud", "AzureUSGovernment", "AzureChinaCloud"):
        assert not {"imds", "himds-local", "arcproxy-local", "wireserver"} & {h.role for h in hosts_for(rules, cloud)}


def test_bypass_keywords_take_their_roles_past_the_proxy(rules: RuleSet) -> None:
    hosts = {h.host: h for h in hosts_for(rules, "AzureCloud", "eastus")}

    def past(keyword: str) -> set[str]:
        return {name for name, host in hosts.items() if bypassed_by(keyword, host)}

    assert past("arc") == {
        "gbl.his.arc.azure.com",
        "agentserviceapi.guestconfiguration.azure.com",
        "eastus-gas.guestconfiguration.azure.com",
    }
    assert past("AAD") == {"login.windows.net", "login.microsoftonline.com", "pas.windows.net"}
    assert past("ARM") == {"management.azure.com"} == past("AMA")
    assert past("") == set()


@pytest.mark.parametrize(
    ("text", "region"),
    [("East US 2", "eastus2"), (" westeurope\n", "westeurope"), ("East US 2/..", None), ("évry", None), ("", None)],
)
def test_normal_region(text: str, region: str | None) -> None:
    assert normal_region(text) == region


def test_normal_cloud() -> None:
    assert normal_cloud("azureusgovernment") == "AzureUSGovernment"
    assert normal_cloud("AzureGermany") is None


def test_features_bring_hosts_of_their_own(rules: RuleSet) -> None:
    assert {"ama", "esu", "gateway", "sql", "ssh", "wac"} <= set(feature_ids(rules))
    plain = {h.host for h in hosts_for(rules, "AzureCloud", "eastus")}
    esu = {h.host: h for h in hosts_for(rules, "AzureCloud", "eastus", ["esu"])}
    assert set(esu) - plain == {"www.microsoft.com"}
    assert esu["www.microsoft.com"].required and esu["login.windows.net"].required
    assert {rule.endpoint for rule in unforetold(rules, "AzureCloud", ["wac"])} == {"wac", "relay"}
    assert not hosts_for(rules, "AzureChinaCloud", None, ["licence"])[-1].host.startswith("dls")


@pytest.mark.parametrize(
    ("host", "cloud", "role"),
    [
        ("WEU.his.arc.azure.com", "AzureCloud", "his-regional"),
        ("weu.his.arc.azure.us", "AzureCloud", None),
        ("usgv.his.arc.azure.us", "AzureUSGovernment", "his-regional"),
        ("weu.his.arc.azure.com", "AzureUSGovernment", None),
        ("eu-ats.his.arc.azure.com", "AzureCloud", "his-ats"),
        ("x.privatelink.his.arc.azure.com", "AzureCloud", None),
        ("weu.his.arc.azure.com:443", "AzureCloud", None),
        ("-x.his.arc.azure.com", "AzureCloud", None),
        ("a/b.his.arc.azure.com", "AzureCloud", None),
        ("x" * 250 + ".his.arc.azure.com", "AzureCloud", None),
        ("127.0.0.1", "AzureCloud", None),
        ("gbl.his.arc.azure.com.attacker.example", "AzureCloud", None),
    ],
)
def test_a_learnt_name_is_plain_and_of_the_cloud(rules: RuleSet, host: str, cloud: str, role: str | None) -> None:
    assert learnt_role(rules, host, cloud) == role


def test_a_second_question_needs_a_region(rules: RuleSet) -> None:
    def paths(region: str | None) -> list[str]:
        return [h.ask.path for h in hosts_for(rules, "AzureCloud", region) if h.ask]

    assert paths("eastus") == [
        "/discovery?location=eastus&api-version=2.1",
        "/urls/allowlist?api-version=2020-01-01&location=eastus",
    ]
    assert paths(None) == []


def test_when_each_endpoint_is_needed(rules: RuleSet) -> None:
    needed = {h.host: h.needed for h in hosts_for(rules, "AzureCloud", "eastus", ["ama", "telemetry"])}
    assert needed["management.azure.com"] == "connect" and needed["packages.microsoft.com"] == "install"
    assert needed["gbl.his.arc.azure.com"] == "always" and needed["login.windows.net"] == "optional"
    assert needed["global.handler.control.monitor.azure.com"] == needed["dc.services.visualstudio.com"] == "feature"
