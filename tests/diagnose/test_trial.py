"""A cause on trial: what is true, what is false, what is not known, and what became of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.case.open import open_case
from arcdiag.diagnose.trial import Trial, try_cause
from arcdiag.diagnose.truth import Truth
from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet

PROXY = """\
time="2026-05-01T10:00:00Z" level=info msg="Agent Command: connect"
time="2026-05-01T10:00:02Z" level=fatal msg="AZCM0026: Network Error" Error="Get \\"https://gbl.his.arc.azure.com/discovery\\": proxyconnect tcp: dial tcp: lookup proxy01.corp.example on 10.0.0.2:53: no such host"
"""


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def trial(rules: RuleSet, folder: Path, cause: str) -> Trial:
    (folder / "azcmagent.log").write_text(PROXY, encoding="utf-8")
    with open_case(str(folder), None) as case:
        return try_cause(case, rules, cause)


def test_the_chosen_cause_shows_the_line_that_is_true(rules: RuleSet, tmp_path: Path) -> None:
    seen = trial(rules, tmp_path, "proxy-unreachable")
    assert seen.chosen is not None and seen.under is None
    true = [t for t in seen.tried if t.truth is Truth.TRUE]
    assert any(p.line == 2 and "no such host" in p.text for t in true for p in t.proofs)


def test_what_no_probe_has_seen_is_unknown_and_not_false(rules: RuleSet, tmp_path: Path) -> None:
    seen = trial(rules, tmp_path, "proxy-unreachable")
    facts = [t for t in seen.tried if t.entry.kind == "fact"]
    assert facts and all(t.truth is Truth.UNKNOWN for t in facts)


def test_another_cause_is_neither_chosen_nor_a_consequence(rules: RuleSet, tmp_path: Path) -> None:
    seen = trial(rules, tmp_path, "clock-skew")
    assert seen.chosen is None and seen.under is None
    assert not any(t.truth is Truth.TRUE for t in seen.tried)
