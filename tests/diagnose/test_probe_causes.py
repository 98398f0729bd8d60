"""What the probes saw, and the cause that it gives: each row beside its look-alike, without any log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Cause, Confidence, State
from arcdiag.pipeline import analyze

HIS, LOGIN = "gbl.his.arc.azure.com", "login.microsoftonline.com"
GUEST, GAS = "agentserviceapi.guestconfiguration.azure.com", "eastus-gas.guestconfiguration.azure.com"
PROXY = "proxy.corp.example:3128"
Fact = dict[str, Any]


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def fact(name: str, subject: str | None = HIS, kind: str = "endpoint", **value: Any) -> Fact:
    about = {"kind": kind, "id": subject} if subject else None
    return {"fact": name, "subject": about, "status": "ok", "at": "2026-06-09T08:10:00Z", "by": "test", "value": value}


def dns(host: str = HIS, result: str = "ok", path: str = "agent", **value: Any) -> Fact:
    values = {"address_class": "public", "hosts_file": False} | value
    return fact("probe.dns", host, result=result, **values) | {"path": path}


def tcp(host: str = HIS, result: str = "ok", **value: Any) -> Fact:
    return fact("probe.tcp", host, result=result, **value)


def tls(host: str = HIS, result: str = "ok", **value: Any) -> Fact:
    return fact("probe.tls", host, result=result, **value)


def web(result: str) -> Fact:
    return fact("probe.web", "www.msftconnecttest.com:80", result=result)


def plan(**value: Any) -> Fact:
    return fact("probe.plan", None, **value)


def proxy(result: str) -> Fact:
    return fact("probe.proxy", PROXY, "proxy", result=result)


def skew(seconds: int, **value: Any) -> Fact:
    return fact("clock.skew", None, seconds=seconds, **value)


def causes(tmp_path: Path, rules: RuleSet, facts: tuple[Fact, ...]) -> list[Cause]:
    folder = tmp_path / "case"
    folder.mkdir(parents=True)
    (folder / "facts.jsonl").write_text("".join(json.dumps(f) + "\n" for f in facts))
    return [c for c in analyze(str(folder), rules).causes if c.state is State.CURRENT]


GOOD = (dns(LOGIN), tcp(LOGIN), tls(LOGIN, microsoft_issuer=True))
ROWS: dict[str, tuple[str | None, tuple[Fact, ...]]] = {
    "a filter on the way": ("firewall-blocks-endpoint", (dns(), tcp(result="timeout", own_filter=False))),
    "a filter here": ("local-firewall-blocks-agent", (dns(), tcp(result="blocked-locally", own_filter=True))),
    "a filter here for the questions to DNS": (
        "local-firewall-blocks-agent",
        (dns(result="error", detail="EPERM", address_class=None),),
    ),
    "a gateway that does not answer on the link": (
        "no-route",
        (dns(), tcp(result="host-unreachable", neighbour_silent=True)),
    ),
    "a device that says unreachable": (
        "firewall-blocks-endpoint",
        (dns(), tcp(result="host-unreachable", neighbour_silent=False)),
    ),
    "no way to any name server": ("no-route", (dns(result="timeout", no_route=True, address_class=None),)),
    "no port left": ("port-exhaustion", (dns(), tcp(result="ports-exhausted"))),
    "names only with a suffix": ("dns-failure", (dns(search_suffix=True), *GOOD)),
    "a zone of this network's own": ("dns-record-missing", (dns(result="nxdomain", private_zone=True), *GOOD)),
    "the public zone says no": (
        "dns-failure",
        (dns(GAS, "nxdomain", private_zone=False), dns(GUEST), tcp(GUEST)),
    ),
    "a private zone without the regional name": (
        "dns-record-missing",
        (dns(GAS, "nxdomain"), dns(GUEST, address_class="private"), plan(private_link=True)),
    ),
    "the pinned address is the one that fails": (
        "hosts-file-override",
        (dns(hosts_file=True), tcp(result="timeout"), *GOOD),
    ),
    "another address than the pinned one fails": (
        "firewall-blocks-endpoint",
        (dns(hosts_file=True), tcp(), tls(microsoft_issuer=True), dns(GUEST), tcp(GUEST, "timeout")),
    ),
    "cut by name": ("sni-filter-resets", (dns(), tcp(), tls(result="reset", name_matters=True))),
    "cut whatever the name": (
        "firewall-blocks-endpoint",
        (dns(), tcp(), tls(result="reset", name_matters=False), *GOOD),
    ),
    "large packets vanish": (
        "mtu-blackhole",
        (dns(), tcp(), tls(result="timeout", large_packets_lost=True, name_matters=False)),
    ),
    "all packets of the handshake vanish": (
        "firewall-blocks-endpoint",
        (dns(), tcp(), tls(result="timeout", large_packets_lost=False, name_matters=False)),
    ),
    "a portal": ("captive-portal", (dns(), tcp(), tls(result="name-mismatch"), web("portal"))),
    "another host's certificate": ("tls-name-mismatch", (dns(), tcp(), tls(result="name-mismatch"), web("ok"))),
    "inspection": (
        "tls-inspection",
        (dns(), tcp(), tls(result="untrusted", trusted=False, microsoft_issuer=False, public_issuer=False)),
    ),
    "inspection that has expired too": (
        "tls-inspection",
        (dns(), tcp(), tls(result="expired", trusted=False, microsoft_issuer=False, public_issuer=False), skew(0)),
    ),
    "a trusted certificate that has expired": (
        "tls-certificate-expired",
        (dns(), tcp(), tls(result="expired", trusted=True), skew(0)),
    ),
    "a new public authority that is missing here": (
        "tls-root-missing",
        (dns(), tcp(), tls(result="untrusted", trusted=False, microsoft_issuer=False, public_issuer=True)),
    ),
    "inspection that is trusted": (
        None,
        (dns(), tcp(), tls(microsoft_issuer=False, public_issuer=False), fact("probe.http", result="ok")),
    ),
    "a wrong clock": ("clock-skew", (dns(), tcp(), tls(result="not-yet-valid", trusted=True), skew(-260000))),
    "a proxy that never speaks": (
        "proxy-unreachable",
        (proxy("silent"), fact("probe.connect", result="timeout", proxy=PROXY)),
    ),
    "no way to the proxy": ("no-route", (proxy("no-route"),)),
    "a proxy setting without its port": (
        "proxy-url-malformed",
        (proxy("refused"), fact("agent.proxy", None, source="proxy.url", problem="port-missing")),
    ),
    "private addresses without a scope": (
        "pls-required",
        (dns(address_class="private"), tcp(), plan(private_link=False, onboarded=False), dns(LOGIN)),
    ),
    "private addresses of a machine that is connected": (
        None,
        (
            dns(address_class="private"),
            tcp(),
            tls(microsoft_issuer=True),
            fact("probe.http", result="ok"),
            plan(private_link=False, onboarded=True),
            fact("probe.himds", "localhost:40342", result="ok", agent_status="Connected"),
        ),
    ),
    "a private address for every name": (
        None,
        (
            dns(address_class="private"),
            tcp(),
            plan(private_link=False, onboarded=False),
            dns(LOGIN, address_class="private"),
        ),
    ),
    "a tunnel that is granted and cut": (
        "proxy-blocks-login",
        (fact("probe.connect", LOGIN, result="ok"), tls(LOGIN, "reset", name_matters=False, proxy=PROXY)),
    ),
    "a proxy that hangs up whatever it is asked": (
        "proxy-unreachable",
        (
            fact("probe.proxy", PROXY, "proxy", result="answered", hung_up=True),
            fact("probe.connect", LOGIN, result="closed"),
            fact("probe.connect", HIS, result="closed"),
        ),
    ),
    "a proxy that hangs up at one host": (
        "proxy-blocks-endpoint",
        (
            fact("probe.proxy", PROXY, "proxy", result="answered", hung_up=True),
            fact("probe.connect", LOGIN, result="ok"),
            fact("probe.connect", HIS, result="closed"),
        ),
    ),
    "a server that does not serve the name": ("tls-name-mismatch", (dns(), tcp(), tls(result="alert", alert=112))),
    "a denial of what came through the proxy": (
        "proxy-bypass-wrong",
        (
            dns(address_class="private", path="what-if"),
            fact("probe.connect", HIS, result="ok"),
            tls(proxy=PROXY),
            fact("probe.http", result="unexpected", http_status=403),
            plan(private_link=True),
        ),
    ),
    "a scope and public addresses that are blocked": (
        "pls-dns-public",
        (dns(), tcp(result="timeout"), plan(private_link=True)),
    ),
    "a private endpoint that denies": (
        "pls-access-denied",
        (
            dns(address_class="private"),
            tcp(),
            tls(microsoft_issuer=True),
            fact("probe.http", result="unexpected", http_status=403),
            plan(private_link=True),
        ),
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_the_first_cause(tmp_path: Path, rules: RuleSet, row: str) -> None:
    expected, facts = ROWS[row]
    found = [c.id for c in causes(tmp_path, rules, facts)]
    assert next(iter(found), None) == expected, found


def test_what_cannot_be_told_is_said_and_not_ruled_out(tmp_path: Path, rules: RuleSet) -> None:
    reset = causes(tmp_path, rules, (dns(), tcp(result="refused", own_filter=None)))[0]
    assert (reset.id, reset.confidence) == ("firewall-blocks-endpoint", Confidence.LIKELY)
    assert any("local-firewall-blocks-agent" in doubt.key for doubt in reset.why_not_sure)
    assert "local-firewall-blocks-agent" not in {r.id for r in reset.ruled_out}


def test_what_can_be_told_is_ruled_out(tmp_path: Path, rules: RuleSet) -> None:
    refused = causes(tmp_path / "refused", rules, (dns(), tcp(result="refused", own_filter=False)))[0]
    assert (refused.confidence, refused.why_not_sure) == (Confidence.CONFIRMED, ())
    dropped = causes(tmp_path, rules, (dns(), tcp(result="timeout", own_filter=False)))[0]
    assert not dropped.why_not_sure
    assert "local-firewall-blocks-agent" in {r.id for r in dropped.ruled_out}


def test_a_proxys_own_clock_is_a_weaker_witness(tmp_path: Path, rules: RuleSet) -> None:
    facts = (skew(7200, by_proxy=True), fact("probe.connect", result="auth-required", proxy=PROXY))
    assert [c.id for c in causes(tmp_path, rules, facts)] == ["proxy-auth-required", "clock-skew"]
