from __future__ import annotations

import json
from pathlib import Path

import pytest

from arcdiag.cli.main import run
from tests.diagnose.test_trial import PROXY


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    folder = tmp_path / "before"
    folder.mkdir()
    (folder / "azcmagent.log").write_text(PROXY, encoding="utf-8")
    return folder


@pytest.fixture
def quiet(tmp_path: Path) -> Path:
    folder = tmp_path / "after"
    folder.mkdir()
    (folder / "himds.log").write_text('time="2026-05-01T12:00:00Z" level=info msg="Starting HIMDS"\n', encoding="utf-8")
    return folder


def test_cases_and_reports_of_them_compare_alike(broken: Path, quiet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = broken.parent / "before.json"
    assert run(["analyze", str(broken), "-o", str(report)]) == 1
    capsys.readouterr()
    outputs = []
    for before in (broken, report):
        assert run(["compare", str(before), str(quiet), "--format", "json"]) == 0
        outputs.append(json.loads(capsys.readouterr().out))
    assert outputs[0] == outputs[1]
    assert [c["change"] for c in outputs[0]["causes"]] == ["not-seen-again"]


def test_a_new_cause_is_exit_1(broken: Path, quiet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", str(quiet), str(broken), "--lang", "en"]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("Something got worse.") and "NEW: " in printed


def test_a_page_is_written(broken: Path, quiet: Path) -> None:
    target = broken.parent / "compare.html"
    assert run(["compare", str(quiet), str(broken), "-o", str(target), "--lang", "en"]) == 1
    assert "Something got worse." in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text", ['{"schema_version": "9.9", "tool": {}}', '{"schema_version": "1.0", "tool": [[[[', ""]
)
def test_what_cannot_be_used_is_one_line(
    broken: Path, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(text)
    assert run(["compare", str(bad), str(broken)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert run(["compare", str(tmp_path / "none.json"), str(broken)]) == 2
