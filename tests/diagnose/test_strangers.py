"""Files of two machines in one case are noticed and said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.pipeline import analyze

ONE, TWO = "0a7c1f52-6d3e-4b1a-9f10-3c52d7a1e001", "5b7c1f52-6d3e-4b1a-9f10-3c52d7a1e002"


def show(vm_id: str, name: str) -> str:
    return json.dumps({"agentVersion": "1.50.0", "status": "Connected", "vmId": vm_id, "resourceName": name})


def said(folder: Path) -> list[str]:
    return [n.why for n in analyze(folder, load_rules()).not_evaluated if n.what.startswith("whether this case")]


@pytest.mark.parametrize(("second", "noticed"), [(TWO, True), (ONE, False), (ONE.upper(), False)])
def test_two_machine_ids(tmp_path: Path, second: str, noticed: bool) -> None:
    (tmp_path / "web01.json").write_text(show(ONE, "web01"), encoding="utf-8")
    (tmp_path / "web02.json").write_text(show(second, "web02"), encoding="utf-8")
    found = said(tmp_path)
    assert bool(found) is noticed
    assert not noticed or (ONE in found[0] and "web02.json" in found[0])


def test_two_machines_by_the_names_of_their_folders(tmp_path: Path) -> None:
    for name in ("srv01", "srv02"):
        (tmp_path / name).mkdir()
        text = 'time="2026-09-30T08:00:00Z" level=info msg="Heartbeat sent successfully"\n'
        (tmp_path / name / "himds.log").write_text(text, encoding="utf-8")
    assert "srv01, srv02" in said(tmp_path)[0]


def test_a_file_that_shows_two_machines(tmp_path: Path) -> None:
    rows = "Resource Name : {}\nAgent Version : 1.62\nAgent Status : {}\nAgent Last Heartbeat : 2026-09-30T10:00:00Z\n"
    (tmp_path / "all.txt").write_text(rows.format("a", "Connected") + rows.format("b", "Expired"), encoding="utf-8")
    notes = [n.why for n in analyze(tmp_path, load_rules()).not_evaluated if n.what == "all.txt"]
    assert len(notes) == 1 and "2 machines (a, b)" in notes[0]
