from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from arcdiag.cli.main import run
from arcdiag.knowledge.entry import LISTS
from arcdiag.report.schema import generated_schema, schema
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


def test_the_schema_names_every_list_of_a_cause() -> None:
    assert tuple(schema("trial")["$defs"]["TriedDoc"]["properties"]["list"]["enum"]) == tuple(sorted(LISTS))


def test_json_holds_to_its_schema(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert schema("trial") == generated_schema("trial")
    for cause in ("proxy-unreachable", "clock-skew"):
        assert run(["explain", cause, "--case", str(log), "--format", "json", "--lang", "ko"]) == 0
        document = json.loads(capsys.readouterr().out)
        jsonschema.validate(document, schema("trial"))
        assert document["cause"] == cause
    assert document["state"] is None and document["confidence"] is None
    assert {entry["truth"] for entry in document["entries"]} <= {"false", "unknown"}


def test_json_says_what_the_text_says(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["explain", "proxy-unreachable", "--case", str(log), "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    assert (document["state"], document["confidence"] is None, document["under"]) == ("current", False, None)
    proved = [entry for entry in document["entries"] if entry["truth"] == "true"]
    assert any(
        proof["source"] == "azcmagent.log" and proof["line"] == 2 for entry in proved for proof in entry["proofs"]
    )
    assert any(entry["truth"] == "unknown" for entry in document["entries"])


def test_json_holds_no_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "azcmagent.log"
    path.write_text(PROXY.replace("http://", "http://svc:Tr0ub4dor77@"), encoding="utf-8")
    run(["explain", "proxy-unreachable", "--case", str(path), "--format", "json"])
    printed = capsys.readouterr().out
    assert json.loads(printed)["entries"] and "Tr0ub4dor77" not in printed
