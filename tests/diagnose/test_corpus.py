"""Every labelled case names its first cause; the score is printed as a table by `tests/diagnose/score.py`."""

from __future__ import annotations

import gzip
import json
import os
import random
import zipfile
from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Diagnosis, Verdict
from arcdiag.pipeline import analyze
from arcdiag.report import render_json
from tests.diagnose import noise
from tests.diagnose.score import judge, labels

CASES = labels()
KNOWN_WRONG: dict[str, str] = {
    "fresh/c26-nuuk-vsat": "large pings that vanish are not read as evidence; it names the firewall, as possible",
}
"""Cases whose first cause is known to be named wrongly, and why; the test fails as soon as one is right again."""


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def case_id(path: Path) -> str:
    return f"{path.parent.parent.name}/{path.parent.name}"


def check(path: Path, diagnosis: Diagnosis) -> None:
    label = json.loads(path.read_text(encoding="utf-8"))
    name = case_id(path)
    result = judge(label, name, diagnosis)
    if name in KNOWN_WRONG:
        assert not result.first_right, f"{name} is right now: take it off the list"
        return
    assert result.first_right, f"expected {result.expected}, got {result.verdict} {result.got}"
    assert result.also_right, f"{label['also_present']} are not all in {result.got}"


@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_the_first_cause_is_right(path: Path, rules: RuleSet) -> None:
    check(path, analyze(path.parent / "evidence", rules))


@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_twice_gives_the_same_bytes_whatever_the_files_times(path: Path, rules: RuleSet, tmp_path: Path) -> None:
    first = render_json(analyze(path.parent / "evidence", rules), rules)
    copy = tmp_path / "evidence"
    copy.mkdir()
    for file in sorted((path.parent / "evidence").rglob("*"), reverse=True):
        if file.is_file():
            target = copy / file.relative_to(path.parent / "evidence")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
            os.utime(target, (random.random() * 1e9, random.random() * 1e9))
    assert render_json(analyze(copy, rules), rules) == first


def texts(path: Path) -> dict[str, str]:
    found = {}
    for file in sorted((path.parent / "evidence").rglob("*")):
        if file.is_file():
            data = file.read_bytes()
            encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
            found[file.relative_to(path.parent / "evidence").as_posix()] = data.decode(encoding, "replace")
    return found


def coloured(text: str) -> str:
    return "\n".join(f"\x1b[36m{line}\x1b[0m" if line else line for line in text.split("\n"))


ENCODERS = {
    "utf-16-crlf": lambda text: b"\xff\xfe" + text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-16-le"),
    "utf-8-bom": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "ansi": lambda text: coloured(text).encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
}


@pytest.mark.parametrize("encoder", sorted(ENCODERS))
@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_encodings_do_not_matter(path: Path, encoder: str, rules: RuleSet, tmp_path: Path) -> None:
    for name, text in texts(path).items():
        target = tmp_path / (name + (".gz" if encoder == "gzip" else ""))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(ENCODERS[encoder](text))
    check(path, analyze(tmp_path, rules))


@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_a_zip_among_unrelated_files_is_the_same(path: Path, rules: RuleSet, tmp_path: Path) -> None:
    target = tmp_path / "azcmagent.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts(path).items():
            archive.writestr(f"logs/{name}", text)
        archive.writestr("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
        archive.writestr("notes/readme.md", "# Notes\nNothing to see here.\n")
        archive.writestr("logs/dpkg.log", "2024-01-01 10:00:00 status installed base-files:amd64 12\n" * 50)
    check(path, analyze(target, rules))


@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_wrapped_at_80_columns(path: Path, rules: RuleSet, tmp_path: Path) -> None:
    for name, text in texts(path).items():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        wrapped = (line[i : i + 80] for line in text.splitlines() for i in range(0, max(1, len(line)), 80))
        target.write_text("\n".join(wrapped) + "\n", encoding="utf-8")
    check(path, analyze(tmp_path, rules))


def test_healthy_noise_is_healthy(rules: RuleSet, tmp_path: Path) -> None:
    noise.write(tmp_path, megabytes=float(os.environ.get("ARCDIAG_NOISE_MB", "5")))
    found = analyze(tmp_path, rules)
    assert (found.verdict, [c.id for c in found.causes]) == (Verdict.HEALTHY, [])
