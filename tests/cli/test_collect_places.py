"""`collect` where it cannot write, and where it is ended: nothing half-written, an exit code by the contract."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.namespaces import NEW_NETWORK, available

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(not available(), reason="this user may not make a namespace"),
]
COLLECT = [sys.executable, "-m", "arcdiag", "collect", "--no-probe", "--lang", "en"]
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}


def in_mounts(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A shell script in mounts and a network of its own."""
    command = [*NEW_NETWORK, "-m", "sh", "-ec", script, "sh", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=ENV)


def test_the_bundle_holds_its_diagnosis_its_report_and_the_hash_of_each_member(tmp_path: Path) -> None:
    done = subprocess.run(
        [*NEW_NETWORK, *COLLECT, "-o", str(tmp_path)], capture_output=True, text=True, timeout=120, check=False, env=ENV
    )
    assert done.returncode in (0, 1, 3), done.stderr
    page, bundle = sorted(tmp_path.iterdir())
    with zipfile.ZipFile(bundle) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(found.pop("manifest.json"))
    assert {f["path"]: (f["size"], f["sha256"]) for f in manifest["files"]} == {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in found.items()
    }
    assert {"tool_version", "rules_version", "collected_at", "utc_offset_minutes", "elevated", "left_out"} <= set(
        manifest
    )
    assert found["report.html"] == page.read_bytes()
    again = subprocess.run(
        [sys.executable, "-m", "arcdiag", "analyze", str(bundle), "--json"],
        capture_output=True,
        timeout=120,
        check=False,
        env=ENV,
    )
    assert again.returncode == done.returncode
    assert again.stdout == found["diagnosis.json"]


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    script = 'mount -t tmpfs -o size=20k none "$1"; shift; code=0; "$@" || code=$?; ls -A "$PLACE" >&2; exit $code'
    command = [*NEW_NETWORK, "-m", "sh", "-ec", script, "sh", str(tmp_path), *COLLECT, "-o", str(tmp_path), "--quiet"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env={**ENV, "PLACE": str(tmp_path)}
    )
    assert done.returncode == 4, done.stderr
    assert "disk" in done.stderr and "full" in done.stderr
    assert len(done.stderr.splitlines()) == 1, "the message, and no file left in the folder"
    assert done.stdout == ""


def test_a_place_that_is_read_only_is_told_before_any_work(tmp_path: Path) -> None:
    done = in_mounts('mount -t tmpfs -o ro none "$1"; shift; exec "$@"', str(tmp_path), *COLLECT, "-o", str(tmp_path))
    assert done.returncode == 2
    assert str(tmp_path) in done.stderr and len(done.stderr.splitlines()) == 1
    assert "done:" not in done.stderr


_SLOW = """
import os, signal, sys
from pathlib import Path
# Whoever started the tests may have them ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
import arcdiag.cli.bundle_reports as made
real = made.BundleReports.__call__
def paused(self, bundle):
    assert Path(bundle).exists()
    print("half", flush=True)
    sys.stdin.readline()
    return real(self, bundle)
made.BundleReports.__call__ = paused
from arcdiag.cli.main import main
main(sys.argv[1:])
"""


INT, TERM, HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP


@pytest.mark.parametrize("numbers", [[INT], [TERM], [HUP], [INT, INT, INT], [TERM, INT, HUP, TERM]])
def test_an_end_in_the_middle_of_writing_leaves_nothing(tmp_path: Path, numbers: list[signal.Signals]) -> None:
    command = [*NEW_NETWORK, sys.executable, "-c", _SLOW, *COLLECT[3:], "-o", str(tmp_path), "--quiet"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=ENV) as child:
        assert child.stdout is not None and child.stderr is not None
        assert child.stdout.readline() == "half\n"
        assert sorted(path.suffix for path in tmp_path.iterdir()) == [".claim", ".partial"]
        for number in numbers:
            child.send_signal(number)
        rest, errors = child.communicate(timeout=60)
    assert child.returncode == 130, errors
    assert rest == "" and errors.strip() == "arcdiag: interrupted"
    assert list(tmp_path.iterdir()) == []
