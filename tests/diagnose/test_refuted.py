"""A log's cause that live checks speak against: the past stays told, and is no longer the answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Confidence, State, Verdict
from arcdiag.pipeline import analyze

HOST = "gbl.his.arc.azure.com"
LOG = """time="2026-01-05T08:{minute}:00Z" level=info msg="Sending heartbeat"
time="2026-01-05T08:{minute}:30Z" level=error msg="Failed to send heartbeat" Error="Post \\"https://{host}/v2.0/heartbeat\\": dial tcp 20.60.1.8:443: i/o timeout"
"""


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def case(folder: Path, minute: int, *live: str) -> Path:
    """A heartbeat failed at 08:`minute`; at nine o'clock each of the layers `live` answers."""
    (folder / "himds.log").write_text(LOG.format(minute=minute, host=HOST))
    facts = [
        {"fact": f"probe.{layer}", "subject": {"kind": "endpoint", "id": HOST}, "status": "ok", "path": "agent",
         "value": {"result": "ok"}, "at": "2026-01-05T09:00:00Z", "by": f"probe/{layer}", "user": "root", "raw": None}
        for layer in live
    ]  # fmt: skip
    (folder / "facts.jsonl").write_text("".join(json.dumps(fact) + "\n" for fact in facts))
    return folder


@pytest.mark.parametrize("live", [("tls",), ("http",), ("http", "tls")])
def test_however_many_checks_refute_it_the_past_stays(rules: RuleSet, tmp_path: Path, live: tuple[str, ...]) -> None:
    diagnosis = analyze(case(tmp_path, 10, *live), rules)
    assert [(c.id, c.state) for c in diagnosis.causes] == [("firewall-blocks-endpoint", State.PAST)]
    assert diagnosis.verdict is Verdict.RECOVERED


def test_what_fails_while_the_checks_pass_is_only_possible(rules: RuleSet, tmp_path: Path) -> None:
    cause = analyze(case(tmp_path, 58, "http", "tls"), rules).causes[0]
    assert (cause.id, cause.state, cause.confidence) == ("firewall-blocks-endpoint", State.CURRENT, Confidence.POSSIBLE)


def test_without_a_check_the_log_is_the_answer(rules: RuleSet, tmp_path: Path) -> None:
    cause = analyze(case(tmp_path, 10), rules).causes[0]
    assert (cause.id, cause.state, cause.confidence) == ("firewall-blocks-endpoint", State.CURRENT, Confidence.LIKELY)
