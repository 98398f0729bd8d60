"""What the agent cannot do without and what fails now: never "healthy", whether a cause is known or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Diagnosis, State, Verdict
from arcdiag.pipeline import analyze
from arcdiag.report.probe_text import render_probe

HIS, LOGIN, FEATURE = "gbl.his.arc.azure.com", "login.microsoftonline.com", "eastus.monitoring.azure.com"
LAYERS = ("probe.dns", "probe.tcp", "probe.tls", "probe.http")
PAGE = {"result": "unexpected", "http_status": 200, "page": True, "block_page": True, "content_type": "text/html"}
FOREIGN = {"microsoft_issuer": False, "public_issuer": False, "links": 2, "false_signature": False}
NAMED = FOREIGN | {"microsoft_issuer": True}
HIMDS = "localhost:40342"
Fact = dict[str, Any]


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def fact(name: str, subject: str | None, **value: Any) -> Fact:
    about = {"kind": "endpoint", "id": subject} if subject else None
    return {"fact": name, "subject": about, "status": "ok", "at": "2026-06-09T08:10:00Z", "by": "test", "value": value}


def endpoint(host: str, needed: str = "always", required: bool = True, **layers: dict[str, Any]) -> list[Fact]:
    """All layers fine but for those that are given; nothing behind the first that fails."""
    found = [fact("probe.endpoint", host, needed=needed, required=required, path="direct")]
    for name in LAYERS:
        value = {"result": "ok"} | layers.get(name.removeprefix("probe."), {})
        if name == "probe.dns":
            value = {"address_class": "public", "hosts_file": False} | value
        found.append(fact(name, host, **value))
        if value["result"] != "ok":
            break
    return found


def diagnosed(tmp_path: Path, rules: RuleSet, *facts: Fact) -> Diagnosis:
    (tmp_path / "facts.jsonl").write_text("".join(json.dumps(f) + "\n" for f in facts))
    return analyze(str(tmp_path), rules)


def first(diagnosis: Diagnosis) -> tuple[str, str] | None:
    return next(((c.id, c.confidence.value) for c in diagnosis.causes if c.state is State.CURRENT), None)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_failure_that_nothing_explains_is_inconclusive(tmp_path: Path, rules: RuleSet, layer: str) -> None:
    odd = {layer.removeprefix("probe."): {"result": "a word of tomorrow"}}
    diagnosis = diagnosed(tmp_path, rules, *endpoint(LOGIN), *endpoint(HIS, **odd))
    assert (first(diagnosis), diagnosis.verdict) == (None, Verdict.INCONCLUSIVE)
    assert "can work without" not in render_probe(diagnosis, rules)


@pytest.mark.parametrize(("needed", "required"), [("optional", False), ("connect", False), ("feature", True)])
def test_what_the_agent_can_do_without_may_fail(tmp_path: Path, rules: RuleSet, needed: str, required: bool) -> None:
    odd = endpoint(FEATURE, needed, required, http={"result": "a word of tomorrow"})
    diagnosis = diagnosed(tmp_path, rules, *endpoint(LOGIN), *odd)
    assert (first(diagnosis), diagnosis.verdict) == (None, Verdict.HEALTHY)
    assert "can work without" in render_probe(diagnosis, rules)


ROWS: dict[str, tuple[tuple[str, str] | None, list[Fact]]] = {
    "a page over inspection": (("captive-portal", "likely"), endpoint(HIS, tls=FOREIGN, http=PAGE)),
    "a page of Azure itself": (None, endpoint(HIS, tls={"public_issuer": True}, http=PAGE)),
    "an error of Azure through inspection": (
        ("azure-service-unavailable", "likely"),
        endpoint(HIS, tls=FOREIGN, http=PAGE | {"http_status": 503}),
    ),
    "a denial of Azure itself": (
        ("pls-dns-public", "possible"),
        endpoint(HIS, tls={"public_issuer": True}, http={"result": "unexpected", "http_status": 403, "page": False}),
    ),
    "names without proof": (("tls-inspection", "likely"), endpoint(HIS, tls=NAMED | {"result": "untrusted"})),
    "names and a false signature": (
        ("tls-inspection", "confirmed"),
        endpoint(HIS, tls=NAMED | {"result": "untrusted", "false_signature": True}),
    ),
    "a leaf without its intermediate": (
        ("tls-root-missing", "likely"),
        endpoint(HIS, tls=NAMED | {"result": "untrusted", "links": 1}),
    ),
    "a chain that the public roots verify": (
        ("tls-root-missing", "confirmed"),
        endpoint(HIS, tls=NAMED | {"result": "untrusted", "public_issuer": True}),
    ),
    "a sinkhole": (
        ("dns-failure", "confirmed"),
        endpoint(HIS, dns={"result": "sinkhole", "address_class": "loopback"}),
    ),
    "a false address where something listens": (
        ("dns-failure", "confirmed"),
        endpoint(HIS, dns={"address_class": "loopback"}, tls=FOREIGN | {"result": "untrusted"}),
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_the_first_cause(tmp_path: Path, rules: RuleSet, row: str) -> None:
    expected, facts = ROWS[row]
    diagnosis = diagnosed(tmp_path, rules, *endpoint(LOGIN), *facts)
    assert first(diagnosis) == expected
    assert diagnosis.verdict is (Verdict.PROBLEM if expected else Verdict.INCONCLUSIVE)


@pytest.mark.parametrize(
    ("answer", "onboarded", "expected"),
    [
        ({"result": "unexpected", "http_status": 500}, True, ("himds-not-running", "likely")),
        ({"result": "reset"}, True, ("himds-not-running", "likely")),
        ({"result": "error"}, False, ("himds-not-running", "likely")),
        ({"result": "unexpected", "http_status": 500}, False, None),
        ({"result": "unexpected", "http_status": 404}, True, None),
        ({"result": "ok", "http_status": 200}, True, None),
    ],
)
def test_a_himds_that_listens_and_does_not_work(
    tmp_path: Path, rules: RuleSet, answer: dict[str, Any], onboarded: bool, expected: tuple[str, str] | None
) -> None:
    plan = fact("probe.plan", None, installed=True, onboarded=onboarded)
    state = fact("service.state", None) | {"subject": {"kind": "service", "id": "himds"}, "status": "unsupported"}
    himds = fact("probe.himds", HIMDS, listener_is_himds=True, **answer)
    assert first(diagnosed(tmp_path, rules, *endpoint(LOGIN), plan, state, himds)) == expected
