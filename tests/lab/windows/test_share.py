"""`collect --quiet` onto a share of Windows, as a start-up script and a scheduled task call it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from arcdiag.pipeline import analyze
from tests.lab.windows.python import ROOT
from tests.lab.windows.wine import Machine

TASK = ROOT / "deploy" / "windows" / "arcdiag-task.xml"
_PARTS = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def share(machine: Machine, server: str, name: str) -> Path:
    r"""The folder behind `\\server\name`."""
    folder = machine.prefix / "dosdevices" / "unc" / server / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_the_task_s_command_line_writes_to_its_share(machine: Machine) -> None:
    action = ET.parse(TASK).getroot().find(f"{_PARTS}Actions/{_PARTS}Exec")
    assert action is not None
    command, arguments = (action.findtext(_PARTS + part, "") for part in ("Command", "Arguments"))
    assert command.endswith(r"\arcdiag.exe")
    words = arguments.split()
    _, _, server, name = words[-1].split("\\")
    folder = share(machine, server, name)
    made = machine.arcdiag(*words, "--no-probe")
    assert (made.code, made.errors) == (1, b""), made.errors
    report, case = sorted(folder.iterdir())
    assert (report.suffix, case.suffix) == (".html", ".zip")
    assert analyze(case).verdict.exit_code == made.code
    # The folder is the share itself, so what was printed can be opened from anywhere.
    assert made.output.splitlines() == [f"case:   {words[-1]}\\{case.name}", f"report: {words[-1]}\\{report.name}"]


def test_a_share_that_is_away_is_one_line(machine: Machine) -> None:
    made = machine.arcdiag("collect", "--quiet", "--no-probe", "--output", r"\\away.example.com\arcdiag$")
    assert (made.code, made.output) == (2, "")
    (line,) = made.errors.decode().splitlines()
    assert line.startswith(r"arcdiag: cannot write to \\away.example.com\arcdiag$")
