"""The wheel holds everything: installed into a fresh environment, run in another directory."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOG = (
    'time="2024-01-01T00:00:00Z" level=debug msg="Agent Command: connect"\n'
    'time="2024-01-01T00:00:01Z" level=fatal msg="Get \\"https://gbl.his.arc.azure.com/\\": dial tcp: '
    'lookup gbl.his.arc.azure.com on 10.0.0.2:53: no such host"\n'
)


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run(arguments, capture_output=True, text=True, cwd=cwd, env=env, timeout=600, check=False)


def test_the_wheel_runs_in_a_fresh_environment(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    built = run(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(dist), str(ROOT), cwd=tmp_path
    )
    assert built.returncode == 0, built.stdout + built.stderr
    wheel = next(dist.glob("arcdiag-*.whl"))
    venv.create(tmp_path / "env", with_pip=True)
    python = str(tmp_path / "env" / "bin" / "python")
    installed = run(python, "-m", "pip", "install", "-q", str(wheel), cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "azcmagent.log").write_text(LOG)
    shown = run(
        str(tmp_path / "env" / "bin" / "arcdiag"), "analyze", "azcmagent.log", "-o", "report.html", cwd=elsewhere
    )
    assert shown.returncode == 1, shown.stderr
    assert "<html" in (elsewhere / "report.html").read_text(encoding="utf-8")
    explained = run(python, "-m", "arcdiag", "explain", "AZCM0042", cwd=elsewhere)
    assert explained.returncode == 0 and "AZCM0042" in explained.stdout
    mine = run(sys.executable, "-m", "arcdiag", "analyze", "azcmagent.log", "--json", cwd=elsewhere)
    theirs = run(python, "-m", "arcdiag", "analyze", "azcmagent.log", "--json", cwd=elsewhere)
    assert mine.stdout == theirs.stdout, "checkout and wheel carry the same rules"
