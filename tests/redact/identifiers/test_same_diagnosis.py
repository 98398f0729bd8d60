"""The diagnosis of a redacted case is that of the case: the same causes in the same order, for every labelled case."""

from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.case.redacted import redact_case
from arcdiag.knowledge.load import load_rules
from arcdiag.model.diagnosis import Diagnosis
from arcdiag.pipeline import analyze
from arcdiag.redact.identifiers.replace import Identifiers
from arcdiag.redact.identifiers.vocabulary import catalogue, vocabulary

CASES = sorted((Path(__file__).parents[2] / "cases").glob("*/*/case.json"))
RULES = load_rules()
GLOBS, COMMON = catalogue(RULES), vocabulary(RULES)


def told(diagnosis: Diagnosis) -> list[tuple[str, str, str]]:
    return [(cause.id, cause.state.value, cause.confidence.value) for cause in diagnosis.causes]


def test_the_labelled_cases_are_there() -> None:
    assert len(CASES) >= 160


@pytest.mark.parametrize("label", CASES, ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
def test_the_same_causes(label: Path, tmp_path: Path) -> None:
    evidence = label.parent / "evidence"
    whole = analyze(evidence, RULES)
    for identifiers in (None, Identifiers(GLOBS, COMMON)):
        redact_case(str(evidence), tmp_path / "case.zip", identifiers)
        copy = analyze(tmp_path / "case.zip", RULES)
        assert told(copy) == told(whole)
        assert copy.verdict is whole.verdict
        assert [code.code for code in copy.codes] == [code.code for code in whole.codes]
        assert (copy.case.os, copy.case.agent_version) == (whole.case.os, whole.case.agent_version)
