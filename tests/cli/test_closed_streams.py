"""Standard output and standard error that are closed or full: the exit code tells, and nothing is called a defect."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="redirections of a POSIX shell")
LOG = 'time="2024-10-01T09:00:00Z" level=error msg="dial tcp: lookup gbl.his.arc.azure.com: no such host"\n'
COMMANDS = {"analyze": "analyze a.log", "explain": "explain AZCM0042", "compare": "compare a.log a.log", "help": "--help",
            "version": "--version", "redact": "redact a.log -o out.log", "rules": "rules check"}  # fmt: skip
ROOT = Path(__file__).parents[2]


def shell(command: str, redirection: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "a.log").write_text(LOG)
    line = f'cd {folder}; PYTHONPATH={ROOT} "{sys.executable}" -m arcdiag {COMMANDS[command]} {redirection}'
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_changes_no_exit_code(tmp_path: Path, command: str, closed: str) -> None:
    done, plain = shell(command, closed, tmp_path), shell(command, "", tmp_path)
    assert done.returncode == plain.returncode
    assert "internal error" not in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_behind_the_output_is_told_as_one(tmp_path: Path, command: str) -> None:
    done = shell(command, ">/dev/full", tmp_path)
    assert done.returncode == 4
    assert "the disk is full" in done.stderr and done.stderr.count("\n") == 1
