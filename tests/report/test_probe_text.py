from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.model.diagnosis import Diagnosis
from arcdiag.model.fact import Fact, FactPath, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker
from arcdiag.model.subject import Subject, SubjectKind
from arcdiag.report.layout import columns
from arcdiag.report.probe_rows import rows_of, short_name
from arcdiag.report.probe_text import render_probe
from tests.report import samples

RULES = load_rules()
MAKE = FactMaker("2024-10-01T09:12:44Z", "root")
LONG = "azgn-southcentralus-public-1p-sn-vazr0002.servicebus.windows.net"
LAYERS = ("probe.dns", "probe.tcp", "probe.tls", "probe.http")


def endpoint(
    host: str, role: str, needed: str = "always", path: FactPath = FactPath.AGENT, **layers: Any
) -> list[Fact]:
    """The facts of one endpoint: layers by keyword (`dns={"result": "nxdomain"}`), all before it are fine."""
    subject = Subject(SubjectKind.ENDPOINT, host)
    plan = {"role": role, "required": needed != "optional", "needed": needed, "path": "direct", "proxy": None}
    if "connect" in layers:
        plan |= {"path": "proxy", "proxy": "proxy:8080"}
    facts = [MAKE.ok("probe.endpoint", subject, plan, "test", path=path)]
    for name in ("probe.connect", "probe.tls", "probe.http") if "connect" in layers else LAYERS:
        value = {"result": "ok", "ms": 20} | layers.get(name.removeprefix("probe."), {})
        facts.append(MAKE.ok(name, subject, value, "test", path=path))
        if value["result"] != "ok":
            break
    return facts


def diagnosis(*facts: list[Fact], maker: Any = samples.one_cause) -> Diagnosis:
    made: Diagnosis = maker()
    flat = tuple(f for group in facts for f in group)
    return replace(made, case=replace(made.case, facts=flat))


def text_of(*facts: list[Fact], width: int = 80, **more: Any) -> str:
    return render_probe(diagnosis(*facts), RULES, width=width, **more)


def table(text: str) -> list[str]:
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("ENDPOINT"))
    return lines[start : lines.index("", start)]


MIXED = [
    endpoint("gbl.his.arc.azure.com", "his-global", dns={"result": "nxdomain", "resolver": "10.0.0.2:53"}),
    endpoint("agentserviceapi.guestconfiguration.azure.com", "guestconfig-global"),
    endpoint("management.azure.com", "arm", "connect", tcp={"result": "timeout", "address": "20.1.2.3", "ms": 5000}),
    endpoint(LONG, "notify-bus", "optional", tls={"result": "untrusted", "issuer": "CN=Corp Root\\, Inc,O=Corp"}),
]


def test_the_table_names_each_layer_and_the_reason_of_the_first_failure() -> None:
    assert table(text_of(*MIXED)) == [
        "ENDPOINT                                      REQUIRED  DNS   TCP   TLS   HTTP",
        "agentserviceapi.guestconfiguration.azure.com  yes       ok    ok    ok    ok",
        "gbl.his.arc.azure.com                         yes       FAIL  -     -     -",
        "    the name does not exist (10.0.0.2:53)",
        "management.azure.com                          connect   ok    FAIL  -     -",
        "    no answer from 20.1.2.3 within 5 s: dropped on the way",
        LONG,
        "                                              no        ok    ok    FAIL  -",
        "    signed by Corp Root, Inc, which this machine does not trust",
    ]


def test_a_wide_terminal_has_the_reason_in_the_last_column() -> None:
    lines = table(text_of(*MIXED, width=160))
    assert re.fullmatch(r"ENDPOINT +ROLE +REQUIRED +PATH +DNS +TCP +TLS +HTTP +TIME +REASON", lines[0])
    his = next(line for line in lines if line.startswith("gbl.his"))
    assert his.endswith("the name does not exist (10.0.0.2:53)")
    assert his.index("the name") >= lines[0].index("REASON")


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 160, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    what_if = endpoint("login.microsoftonline.com", "entra-login", path=FactPath.WHAT_IF, connect={})
    for line in text_of(*MIXED, what_if, width=width).splitlines():
        assert columns(line) <= width or line.startswith("       "), line


def test_the_same_reason_is_said_once() -> None:
    same = {"result": "servfail", "resolver": "10.0.0.2:53"}
    rows = [endpoint(f"h{i}.his.arc.azure.com", "his-regional", dns=same) for i in range(5)]
    lines = table(text_of(*rows))
    assert [line.strip() for line in lines if "SERVFAIL" in line] == [
        "all 5: the name server 10.0.0.2:53 fails (SERVFAIL)"
    ]


def test_what_a_proxy_hides_has_no_column() -> None:
    refused = {"result": "forbidden", "status": 403, "reason_phrase": "Forbidden", "proxy": "proxy:8080"}
    lines = table(text_of(endpoint("gbl.his.arc.azure.com", "his-global", connect=refused)))
    assert lines[0].split() == ["ENDPOINT", "ROLE", "REQUIRED", "PATH", "PROXY", "TLS", "HTTP", "TIME"]
    assert "the proxy proxy:8080 forbids this host (403 Forbidden)" in lines[2]


def test_another_way_has_a_table_of_its_own() -> None:
    other = endpoint("gbl.his.arc.azure.com", "his-global", path=FactPath.WHAT_IF, connect={})
    text = text_of(endpoint("gbl.his.arc.azure.com", "his-global", tcp={"result": "refused"}), other)
    own, what_if = text.split("WHAT IF THE AGENT WENT ANOTHER WAY")
    assert "FAIL" in own and "FAIL" not in what_if.split("PROBLEM")[0]
    assert "through proxy:8080" in what_if
    assert "Reachable: 1 of 1" in what_if


def test_a_look_up_for_information_makes_no_row() -> None:
    looked = MAKE.ok("probe.dns", Subject.endpoint("x.azure.com"), {"result": "ok"}, "test", path=FactPath.WHAT_IF)
    assert rows_of(diagnosis([looked])) == ()


def test_what_was_cut_off_says_so_and_counts_for_nothing() -> None:
    subject = Subject.endpoint("gbl.his.arc.azure.com")
    facts = endpoint(subject.id, "his-global")[:2]
    facts.append(MAKE.not_seen("probe.tcp", subject, FactStatus.TIMEOUT, "interrupted before it ended", "test"))
    (row,) = rows_of(diagnosis(facts))
    assert (row.cells, row.failed, row.reachable) == (("pass", "unknown", "none", "none", "none"), False, False)
    assert "interrupted before it ended" in text_of(facts)


def test_the_verdict_the_cause_and_its_first_steps_follow() -> None:
    text = text_of(*MIXED, seconds=4.21)
    assert "Reachable: 1 of 4 endpoints, in 4.2 s. Of those that are required: 1 of 3." in text
    order = ["PROBLEM: ", "[proxy-unreachable]", "WHAT TO DO NOW", "The whole report"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_a_healthy_machine_with_a_failing_feature_is_told_so() -> None:
    rows = endpoint("eastus.monitoring.azure.com", "ama", "feature", dns={"result": "nodata"})
    text = render_probe(diagnosis(rows, maker=samples.healthy), RULES)
    assert "The agent can work without what fails here: eastus.monitoring.azure.com." in text


def test_plan_and_way_stand_above_the_table() -> None:
    plan = MAKE.ok(
        "probe.plan",
        MACHINE,
        {"cloud": "AzureCloud", "region": "eastus", "private_link": True, "gateway_host": "p.gw.arc.azure.com",
         "features": ["esu", "sql"]},
        "test",
    )  # fmt: skip
    proxy = MAKE.ok("agent.proxy", MACHINE, {"url": "http://proxy:8080", "source": "proxy.url"}, "test")
    head = " ".join(text_of([plan, proxy]).split("PROBLEM")[0].split())
    for said in (
        "Cloud AzureCloud, region eastus.",
        "With a private link scope.",
        "With the Arc gateway p.gw.arc.azure.com.",
        "Features: esu, sql.",
        "The agent goes through the proxy http://proxy:8080, set in proxy.url.",
    ):
        assert said in head


def test_hostile_words_of_a_peer_do_nothing_to_the_terminal() -> None:
    evil = {"result": "unexpected", "status": 200, "expected": [400], "location_host": "\x1b]0;x\x07"}
    tls = {"result": "untrusted", "issuer": "CN=\x1b[31mred\u202e,O=x\nFAKE LINE"}
    text = text_of(endpoint("a.example", "arm", http=evil), endpoint("b.example", "arm", tls=tls))
    assert "\x1b" not in text and "\u202e" not in text
    assert not [line for line in text.splitlines() if line.startswith("FAKE")]


def test_a_result_that_has_no_words_is_still_said() -> None:
    assert "failed: brand-new-result" in text_of(endpoint("a.example", "arm", tcp={"result": "brand-new-result"}))


@pytest.mark.parametrize(
    ("name", "shown"),
    [("CN=Corp Root,O=Corp", "Corp Root"), ("O=Corp,C=DE", "Corp"), ("C=DE", "C=DE"), ("CN=A\\, B,O=x", "A, B")],
)
def test_short_names_of_issuers(name: str, shown: str) -> None:
    assert short_name(name) == shown


@pytest.mark.parametrize(("installed", "said"), [(False, True), (True, False)])
def test_a_bare_machine_in_a_good_network_is_ready(installed: bool, said: bool) -> None:
    plan = MAKE.ok("probe.plan", MACHINE, {"cloud": "AzureCloud", "installed": installed}, "test")
    good = endpoint("gbl.his.arc.azure.com", "his-global")
    text = render_probe(diagnosis([plan], good, maker=samples.healthy), RULES)
    assert ("ready to onboard" in text) is said
    bad = endpoint("management.azure.com", "arm", "connect", tcp={"result": "timeout"})
    assert "ready to onboard" not in render_probe(diagnosis([plan], good, bad, maker=samples.healthy), RULES)


def test_who_refuses_on_the_way_is_named() -> None:
    tcp = {"result": "refused", "address": "20.1.2.3", "port": 443, "refused_by": "10.0.0.1"}
    assert "10.0.0.1 on the way forbids the connection to 20.1.2.3" in text_of(
        endpoint("a.example", "arm", tcp=tcp), width=160
    )
