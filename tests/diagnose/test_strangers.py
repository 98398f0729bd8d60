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
