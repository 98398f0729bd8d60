"""The program itself under a real Windows Python: what it prints is what it prints here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.lab.windows.python import ROOT
from tests.lab.windows.reports import here
from tests.lab.windows.wine import Machine

CASES = ("tests/cases/corpus/06-spn-secret-expired-file", "tests/cases/fresh/a05-sgp-app-server")
KOREAN, CHINESE, GERMAN = "ko_KR.UTF-8", "zh_CN.UTF-8", "de_DE.UTF-8"


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("collect", "--help"), ("explain", "dns-failure"), ("explain", "1069"), ("rules", "--help")],
)
def test_prints_the_same_text(machine: Machine, arguments: tuple[str, ...]) -> None:
    there = machine.arcdiag(*arguments)
    assert there.code == 0, there.errors
    assert there.output == here(*arguments).output


def test_completes_for_powershell(machine: Machine) -> None:
    variables = {"_ARCDIAG_COMPLETE": "powershell_complete", "COMP_WORDS": "arcdiag.exe explain proxy-unre"}
    answer = machine.arcdiag(variables={**variables, "COMP_CWORD": "2"})
    assert (answer.code, answer.errors) == (0, b"")
    assert answer.raw.startswith(b"plain\nproxy-unreachable\n") and b"\r" not in answer.raw
    assert machine.arcdiag("completion", "powershell").raw == here("completion", "powershell").raw


@pytest.mark.parametrize("case", CASES)
def test_a_case_gives_the_same_diagnosis(machine: Machine, case: str) -> None:
    evidence = str(next(p for p in (ROOT / case).iterdir() if p.is_dir()).relative_to(ROOT))
    there, ours = (run("analyze", evidence, "--format", "json") for run in (machine.arcdiag, here))
    assert there.code == ours.code, there.errors
    assert json.loads(there.raw) == json.loads(ours.raw)
    assert json.loads(ours.raw)["causes"]


def test_paths_with_backslashes_give_the_same_sources(machine: Machine) -> None:
    evidence = f"{CASES[0]}/evidence"
    there = machine.arcdiag("analyze", evidence.replace("/", "\\"), "--format", "json")
    assert json.loads(there.raw) == json.loads(here("analyze", evidence, "--format", "json").raw)


@pytest.mark.parametrize(
    ("locale", "page", "language"),
    [(KOREAN, "cp949", "ko"), (KOREAN, "cp949", "zh-CN"), (CHINESE, "cp936", "zh-CN"), (CHINESE, "cp936", "ko"),
     (GERMAN, "cp1252", "ko"), (GERMAN, "cp1252", "en")],
)  # fmt: skip
def test_no_code_page_of_the_system_stops_the_output(machine: Machine, locale: str, page: str, language: str) -> None:
    variables = {"LC_ALL": locale}
    asked = "import locale; print(locale.getpreferredencoding())"
    assert machine.py("-c", asked, variables=variables).output.strip() == page
    ended = machine.arcdiag("analyze", CASES[0], "--lang", language, variables=variables)
    assert (ended.code, ended.errors) == (1, b"")
    # Into a pipe a diagnosis is UTF-8 everywhere: what reads it need not know the system's code page.
    assert "AADSTS7000222" in ended.raw.decode("utf-8")
    explained = machine.arcdiag("explain", "dns-failure", "--lang", language, variables=variables)
    assert (explained.code, explained.errors) == (0, b"")
    assert b"dns-failure" in explained.raw


def test_collect_prints_in_any_code_page(machine: Machine) -> None:
    for locale in (KOREAN, CHINESE, GERMAN):
        ended = machine.arcdiag("collect", "-o", r"C:\out", "--no-probe", variables={"LC_ALL": locale})
        assert ended.code == 1 and b"Traceback" not in ended.errors
        assert b"case:" in ended.raw


@pytest.mark.parametrize("page", ["cp437", "cp850"])
def test_letters_that_a_code_page_lacks_become_marks(machine: Machine, tmp_path: Path, page: str) -> None:
    log = tmp_path / "console.txt"
    log.write_text("FATAL dial tcp: lookup gbl.his.arc.azure.com: no such host … 호스트를 찾을 수 없음 主机\n", "utf-8")
    ended = machine.arcdiag("analyze", f"Z:{log}", variables={"PYTHONIOENCODING": page})
    assert ended.code in (1, 3), ended.errors
    assert b"Traceback" not in ended.errors and "no such host" in ended.raw.decode(page)
