"""What only connecting needs is no outage of a machine that is connected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.model.diagnosis import CheckStatus, Diagnosis, Verdict
from arcdiag.pipeline import analyze
from tests.diagnose.test_pairs import ARM, AT, HIS, fact

RULES = load_rules()
TIMEOUT = {"result": "timeout", "address": "20.1.2.3", "port": 443, "ms": 5000}


def diagnosed(folder: Path, *facts: dict[str, Any]) -> Diagnosis:
    healthy = [
        fact("probe.endpoint", HIS, role="his-global", required=True, needed="always"),
        *(fact(f"probe.{layer}", HIS, result="ok") for layer in ("dns", "tcp", "tls", "http")),
    ]
    (folder / "facts.jsonl").write_text("".join(json.dumps(f) + "\n" for f in (*facts, *healthy)))
    manifest = {"schema_version": "1.0", "tool_version": "x", "rules_version": "x", "host": "h", "os": "linux",
                "collected_at": AT, "utc_offset_minutes": 0, "user": "root", "elevated": True,
                "files": [], "left_out": []}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return analyze(folder, RULES)


def arm(required: bool, **tcp: object) -> list[dict[str, Any]]:
    plan = fact("probe.endpoint", ARM, role="arm", required=required, needed="connect")
    return [plan, fact("probe.dns", ARM, result="ok"), fact("probe.tcp", ARM, **tcp)]


@pytest.mark.parametrize(("required", "verdict"), [(True, Verdict.PROBLEM), (False, Verdict.HEALTHY)])
def test_a_blocked_resource_manager(tmp_path: Path, required: bool, verdict: Verdict) -> None:
    seen = diagnosed(tmp_path, *arm(required, **TIMEOUT))
    assert seen.verdict is verdict
    (end,) = [e for e in seen.endpoints if e.host == ARM]
    assert (end.required, end.failing_layer) == (required, "tcp")
    (check,) = [c for c in seen.checks if c.subject == ARM and c.id == "endpoint"]
    assert check.status is (CheckStatus.FAIL if required else CheckStatus.WARN)


def test_it_speaks_for_itself_where_it_works(tmp_path: Path) -> None:
    seen = diagnosed(tmp_path, *arm(False, result="ok"), fact("probe.tls", ARM, result="ok"))
    assert seen.verdict is Verdict.HEALTHY


def test_other_endpoints_are_judged_as_ever(tmp_path: Path) -> None:
    other = "agentserviceapi.guestconfiguration.azure.com"
    plan = fact("probe.endpoint", other, role="guestconfig-global", required=True, needed="always")
    facts = [plan, fact("probe.dns", other, result="ok"), fact("probe.tcp", other, **TIMEOUT)]
    seen = diagnosed(tmp_path, *arm(False, **TIMEOUT), *facts)
    assert seen.verdict is Verdict.PROBLEM
    assert seen.causes[0].subjects == (other,)
