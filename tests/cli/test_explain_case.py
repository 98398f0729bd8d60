from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.cli.main import run
from tests.diagnose.test_trial import PROXY


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "azcmagent.log"
    path.write_text(PROXY, encoding="utf-8")
    return path


def test_each_proof_is_true_false_or_unknown(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "proxy-unreachable", "--case", str(log), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert "a cause now" in printed and "- TRUE: " in printed and "- unknown: " in printed
    assert "azcmagent.log, line 2" in printed
    assert max(map(len, printed.splitlines())) <= 80


@pytest.mark.parametrize("what", ["AZCM0026", "proxy-unreachabel", "no such host"])
def test_only_a_cause_can_be_tried(log: Path, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", what, "--case", str(log)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "no cause has the id" in error
