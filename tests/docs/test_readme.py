"""The README is true: help texts, exit codes, dependencies with a reason each, a picture of a real report."""

from __future__ import annotations

import re
import struct
import tomllib

import pytest

from arcdiag import errors
from arcdiag.model.diagnosis import Verdict
from tests.docs.pages import ROOT
from tests.docs.readme import README, generated

TEXT = README.read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_generated_parts_are_as_the_program_says() -> None:
    assert TEXT.count("<!-- generated: ") == TEXT.count("<!-- end of generated -->") == 1
    assert generated(TEXT) == TEXT, "run: python -m tests.docs.readme"


def test_a_changed_part_is_noticed() -> None:
    assert generated(TEXT.replace("Usage: arcdiag", "Usage: arcdoag")) == TEXT


@pytest.mark.parametrize("verdict", list(Verdict))
def test_the_exit_codes_of_verdicts_are_told(verdict: Verdict) -> None:
    rows = dict(re.findall(r"^\| (\d+) \| (.*) \|$", TEXT, re.MULTILINE))
    word = "a current problem" if verdict is Verdict.PROBLEM else f"`{verdict.value}`"
    assert word in rows[str(verdict.exit_code)]
    raised = {e.exit_code for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.ArcdiagError)}
    assert raised | {130} <= {int(code) for code in rows}


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9_.-]", requirement)[0].lower() for requirement in requirements}


def test_every_dependency_is_named_with_its_reason() -> None:
    told = {name.lower() for name in re.findall(r"^\| ([A-Za-z0-9_.-]+) \| [^|]{10,} \|$", TEXT, re.MULTILINE)}
    assert names(PROJECT["dependencies"]) <= told
    for extra, wanted in PROJECT["optional-dependencies"].items():
        missing = [name for name in names(wanted) if name not in TEXT.lower()]
        assert missing == [], f"the extra {extra} is told without {missing}"


def test_the_picture_is_small_and_as_wide_as_a_page() -> None:
    picture = (ROOT / "docs" / "report.png").read_bytes()
    assert picture.startswith(b"\x89PNG") and len(picture) < 200_000
    width, height = struct.unpack(">II", picture[16:24])
    assert 900 <= width <= 1600 and 500 <= height <= 1200
    assert "docs/report.png" in TEXT
