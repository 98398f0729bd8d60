"""A negative serial number in a chain: the agent's version and the day decide whether it matters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import CheckStatus, Diagnosis
from arcdiag.report.catalogue import catalogue
from tests.diagnose.test_required_endpoints import FOREIGN, HIS, diagnosed, endpoint, fact, first

INSPECTION = "tls-inspection"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def inspected(tmp_path: Path, rules: RuleSet, day: str, version: str | None, apart: str) -> Diagnosis:
    tls: dict[str, Any] = {
        "result": "negative-serial",
        "but_for_serial": apart,
        "trusted": apart == "ok",
        "issuer": "CN=Gate",
        **FOREIGN,
    }
    facts = endpoint(HIS, tls=tls)
    if apart == "ok":
        facts.append(fact("probe.http", HIS, result="ok"))
    if version:
        facts.append(fact("agent.version", None, version=version))
    facts.append(fact("agent.show", None, status="Connected"))
    return diagnosed(tmp_path, rules, *({**f, "at": f"{day}T08:10:00Z"} for f in facts))


@pytest.mark.parametrize(
    ("day", "version", "apart", "cause"),
    [
        ("2026-11-21", "1.48.1.1", "ok", (INSPECTION, "confirmed")),
        ("2026-11-21", "1.49.1.1", "ok", None),
        ("2027-01-31", "1.60.1.1", "ok", None),
        ("2027-02-01", "1.60.1.1", "ok", (INSPECTION, "confirmed")),
        ("2027-02-01", None, "ok", (INSPECTION, "confirmed")),
        ("2026-11-21", None, "ok", (INSPECTION, "likely")),
        ("2026-11-21", "1.60.1.1", "untrusted", (INSPECTION, "confirmed")),
    ],
)
def test_the_version_and_the_day_decide(
    tmp_path: Path, rules: RuleSet, day: str, version: str | None, apart: str, cause: tuple[str, str] | None
) -> None:
    diagnosis = inspected(tmp_path, rules, day, version, apart)
    assert first(diagnosis) == cause
    if cause is None:
        assert INSPECTION in [check.id for check in diagnosis.checks if check.status is CheckStatus.WARN]
        assert [layer.status for end in diagnosis.endpoints for layer in end.layers] == ["pass"] * 4
        says = next(layer.says for end in diagnosis.endpoints for layer in end.layers if layer.layer == "tls")
        assert says is not None and "February 2027" in catalogue(rules)[says.key]


def test_a_result_of_an_older_collector_stays_in_doubt(tmp_path: Path, rules: RuleSet) -> None:
    facts = endpoint(HIS, tls={"result": "negative-serial", **FOREIGN})
    facts.append(fact("agent.version", None, version="1.60.1.1"))
    assert first(diagnosed(tmp_path, rules, *facts)) == (INSPECTION, "likely")
