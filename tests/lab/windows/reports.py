"""Runs arcdiag on a machine of the lab and reads what came out of it."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab.windows.python import ROOT
from tests.lab.windows.wine import Ended, Machine, windows_path

HERE = (sys.executable, "-m", "arcdiag")
OUT = r"C:\out"


@dataclass(frozen=True)
class Collected:
    """What one `collect` left: its exit code and output, its two files, the facts, the diagnosis."""

    ended: Ended
    case: Path
    report: Path
    facts: list[dict[str, Any]]
    diagnosis: dict[str, Any]

    @property
    def causes(self) -> list[str]:
        """Ids of the current causes, the answer first."""
        return [cause["id"] for cause in self.diagnosis["causes"] if cause["state"] == "current"]

    @property
    def warnings(self) -> dict[str, str]:
        """Ids of the risks that break nothing yet, with their text."""
        return {check["id"]: check["reason"] for check in self.diagnosis["checks"] if check["status"] == "warn"}

    def fact(self, name: str, subject: str = "") -> dict[str, Any]:
        """The one fact of this name and subject."""
        found = [f for f in self.facts if f["fact"] == name and f["subject"]["id"] == subject]
        assert len(found) == 1, f"{name} {subject}: {len(found)} facts"
        return found[0]

    def value(self, name: str, subject: str = "") -> dict[str, Any]:
        """The value of a fact that was seen."""
        fact = self.fact(name, subject)
        assert fact["status"] == "ok", fact
        return dict(fact["value"])

    def status(self, name: str, subject: str = "") -> str:
        """The status of a fact."""
        return str(self.fact(name, subject)["status"])


def collect(machine: Machine, *options: str, variables: Mapping[str, str] | None = None) -> Collected:
    """`arcdiag collect` under Windows, and the diagnosis of its case by `analyze` under Windows."""
    out = machine.drive / "out"
    before = set(out.glob("*")) if out.exists() else set()
    ended = machine.arcdiag("collect", "-o", OUT, *options, variables=variables)
    made = {path.suffix: path for path in set(out.glob("*")) - before}
    assert set(made) == {".zip", ".html"}, f"{ended.code}: {ended.output[-2000:]} {ended.errors.decode()[-2000:]}"
    case = made[".zip"]
    with zipfile.ZipFile(case) as archive:
        facts = [json.loads(line) for line in archive.read("facts.jsonl").splitlines()]
    shown = machine.arcdiag("analyze", windows_path(case), "--format", "json")
    assert shown.code == ended.code, shown.errors.decode()[-2000:]
    return Collected(ended, case, made[".html"], facts, json.loads(shown.raw))


def here(*arguments: str) -> Ended:
    """Run arcdiag on this system."""
    done = subprocess.run([*HERE, *arguments], cwd=ROOT, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return Ended(done.returncode, done.stdout, done.stderr)
