"""The program for Windows in a fresh Windows without Python: it does what the checkout does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lab.windows.python import ROOT
from tests.lab.windows.reports import here
from tests.lab.windows.wine import Ended, Machine, new_machine
from tests.packaging.bills import components
from tests.packaging.built import built

CASE = "tests/cases/corpus/06-spn-secret-expired-file/evidence"
LIMIT = 30 * 1024 * 1024
ARCDIAG = r"C:\tool\arcdiag.exe"


@dataclass(frozen=True)
class Fresh:
    """A machine that holds nothing but the program and a case."""

    machine: Machine

    def run(self, *arguments: str, **variables: str) -> Ended:
        """Run the program in a folder of drive C."""
        return self.machine.run(ARCDIAG, *arguments, apart=True, cwd=self.machine.drive / "tool", variables=variables)


@pytest.fixture(scope="module")
def folder() -> Path:
    return built("windows")


@pytest.fixture(scope="module")
def fresh(folder: Path) -> Iterator[Fresh]:
    with new_machine() as machine:
        tool = machine.drive / "tool"
        shutil.copytree(ROOT / CASE, tool / "evidence")
        shutil.copy(folder / "arcdiag.exe", tool)
        # Every Windows since 8 has it; this Wine does not.
        shutil.copy(machine.python / "bcryptprimitives.dll", machine.drive / "windows" / "system32")
        assert not [p for p in machine.drive.rglob("*") if p.name.lower().startswith("python")]
        yield Fresh(machine)


def test_it_is_small(folder: Path) -> None:
    assert (folder / "arcdiag.exe").stat().st_size < LIMIT


@pytest.mark.parametrize(
    "arguments", [("--version",), ("explain", "AZCM0042"), ("explain", "dns-failure", "--lang", "ko")]
)
def test_it_says_what_the_checkout_says(fresh: Fresh, arguments: tuple[str, ...]) -> None:
    told = fresh.run(*arguments, PYTHONUTF8="1")
    assert (told.code, told.output) == (0, here(*arguments).output), told.errors


def test_it_gives_the_same_diagnosis(fresh: Fresh) -> None:
    told = fresh.run("analyze", "evidence", "--format", "json")
    ours = here("analyze", CASE, "--format", "json")
    assert told.code == ours.code == 1, told.errors
    theirs, mine = (json.loads(each.raw) for each in (told, ours))
    assert theirs["causes"] == mine["causes"] and theirs["causes"]
    assert theirs["tool"] == mine["tool"]


def test_it_collects(fresh: Fresh) -> None:
    told = fresh.run("collect", "-o", r"C:\out", "--timeout", "5")
    assert told.code in (1, 3) and b"Traceback" not in told.errors, told.errors
    case = next((fresh.machine.drive / "out").glob("*.zip"))
    assert next((fresh.machine.drive / "out").glob("*.html")).read_bytes().startswith(b"<!doctype html>")
    ours = here("analyze", str(case), "--format", "json")
    theirs = fresh.run("analyze", rf"C:\out\{case.name}", "--format", "json")
    assert (ours.code, json.loads(ours.raw)) == (theirs.code, json.loads(theirs.raw))


@pytest.mark.parametrize(("arguments", "code"), [(("nonsense",), 2), (("analyze", r"C:\nowhere"), 2)])
def test_its_exit_codes_are_those_of_the_contract(fresh: Fresh, arguments: tuple[str, ...], code: int) -> None:
    told = fresh.run(*arguments)
    assert told.code == code and b"Traceback" not in told.errors


def test_it_leaves_nothing_in_the_place_for_temporary_files(fresh: Fresh) -> None:
    assert fresh.run("--version").code == 0
    assert not list(fresh.machine.drive.rglob("_MEI*"))


def test_its_bill_names_what_is_inside(folder: Path) -> None:
    known = components(folder, "arcdiag.exe")
    assert {"click", "cryptography", "ahocorasick_rs", "certifi", "regipy", "CPython", "OpenSSL"} <= set(known)
    assert not {"pytest", "hatchling", "Babel", "pefile", "pip"} & set(known)
