"""`collect --verify`: what became of the causes of an earlier report."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from arcdiag.cli.verify import standing
from arcdiag.report.compare.wire import CauseChange, Change
from tests.cli.test_collect_places import COLLECT, ENV
from tests.namespaces import NEW_NETWORK, available


def change(what: Change, before: str | None = "confirmed") -> CauseChange:
    return CauseChange(id="x", title="x", change=what, before=before, after=None, subjects=(), because="same")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ([Change.RESOLVED, Change.RESOLVED], 0),
        ([Change.RESOLVED, Change.UNKNOWN], 3),
        ([Change.RESOLVED, Change.UNKNOWN, Change.STILL], 1),
        ([Change.BETTER], 1),
        ([Change.WORSE], 1),
        ([Change.CHANGED], 1),
    ],
)
def test_the_exit_code(changes: list[Change], code: int) -> None:
    assert standing([change(c) for c in changes]) == code
    assert standing([change(Change.NEW, None), *(change(c) for c in changes)]) == code


def verify(report: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [*NEW_NETWORK, sys.executable, "-m", "arcdiag", "collect", "--verify", str(report), "--quiet", *more]
    return subprocess.run(
        [*command, "--lang", "en", "--timeout", "15"], capture_output=True, text=True, timeout=120, check=False, env=ENV
    )


@pytest.mark.network
@pytest.mark.skipif(not available(), reason="this user may not make a namespace")
def test_a_machine_without_a_network_is_still_without_one(tmp_path: Path) -> None:
    command = [arg for arg in COLLECT if arg != "--no-probe"]
    place = ["--location", "East US 2", "-o", str(tmp_path), "--timeout", "15"]
    subprocess.run([*NEW_NETWORK, *command, *place], capture_output=True, timeout=120, check=False, env=ENV)
    bundle = next(tmp_path.glob("*.zip"))
    with zipfile.ZipFile(bundle) as archive:
        data = archive.read("diagnosis.json")
    document = json.loads(data)
    current = [c["id"] for c in document["causes"] if c["state"] == "current"]
    assert current
    report = tmp_path / "report.json"
    report.write_bytes(data)
    before = sorted(tmp_path.iterdir())
    done = verify(report, "--location", "East US 2")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "STILL THERE" in done.stdout and f"[{current[0]}]" in done.stdout
    assert sorted(tmp_path.iterdir()) == before, "nothing is written"
    done = verify(report, "--location", "East US 2", "--redact", "identifiers")
    assert done.returncode == 1 and "STILL THERE" in done.stdout, done.stdout + done.stderr
    assert document["case"]["host"] not in done.stdout + done.stderr, "this machine's name is a token"
    assert sorted(tmp_path.iterdir()) == before, "nothing is written, no map either"
    # The same report without causes, and of another machine.
    document["causes"] = []
    report.write_text(json.dumps(document))
    assert verify(report).returncode == 0
    report.write_bytes(data.replace(document["case"]["host"].encode(), b"another-host-9"))
    done = verify(report)
    assert done.returncode == 2 and "another-host-9" in done.stderr and done.stdout == ""


@pytest.mark.parametrize("text", [None, "no report", '{"schema_version": "9.9", "tool": {}}'])
def test_what_is_no_report_is_one_line(tmp_path: Path, text: str | None) -> None:
    report = tmp_path / "report.json"
    if text is not None:
        report.write_text(text)
    command = [sys.executable, "-m", "arcdiag", "collect", "--verify", str(report)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=ENV)
    assert done.returncode == 2 and done.stdout == "" and len(done.stderr.splitlines()) == 1
