from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.namespaces import NEW_NETWORK, available

ROOT = Path(__file__).parents[2]


def arcdiag(*arguments: str, cwd: Path = ROOT, alone: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the program; `alone` in a network namespace where nothing but the loopback could be reached."""
    command = [sys.executable, "-m", "arcdiag", *arguments]
    if alone:
        if not available():
            pytest.skip("this user may not make a network namespace")
        command = [*NEW_NETWORK, *command]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=cwd, env=env, check=False)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--cloud", "AzureGermanCloud"], "--cloud"),
        (["--location", "east/us"], "--location"),
        (["--location", ""], "--location"),
        (["--timeout", "0"], "--timeout"),
        (["--timeout", "nan"], "--timeout"),
        (["--timeout", "1e9"], "--timeout"),
    ],
)
def test_values_that_cannot_be_meant_end_with_one_line(arguments: list[str], says: str, tmp_path: Path) -> None:
    result = arcdiag("collect", "-o", str(tmp_path / "out"), *arguments)
    assert result.returncode == 2
    assert says in result.stderr and len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_is_told_before_any_work(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    for place in (blocked, blocked / "below", Path("/proc/none")):
        result = arcdiag("collect", "-o", str(place))
        assert result.returncode == 2
        assert str(place) in result.stderr and len(result.stderr.strip().splitlines()) == 1
        assert "done:" not in result.stderr


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    result = arcdiag("collect", "--dry-run", "--location", "East US 2", "-o", str(tmp_path / "out"), cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "eastus2-gas.guestconfiguration.azure.com:443" in result.stdout
    assert "169.254.169.254:80" in result.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.network
def test_a_case_and_a_report_are_written_without_any_network(tmp_path: Path) -> None:
    result = arcdiag("collect", "--out", str(tmp_path), "--location", "East US 2", "--timeout", "15", alone=True)
    assert result.returncode in (1, 3), result.stderr
    case, report = sorted(tmp_path.iterdir(), reverse=True)
    assert re.fullmatch(r"arcdiag-[\w.-]+-\d{8}T\d{6}Z\.zip", case.name)
    assert report.name == case.with_suffix(".html").name
    assert str(case) in result.stdout and str(report) in result.stdout
    assert "done: himds" in result.stderr
    assert report.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")
    again = arcdiag("analyze", str(case), "--format", "json")
    assert again.returncode == result.returncode, again.stderr
    document = json.loads(again.stdout)
    assert {"gbl.his.arc.azure.com", "login.windows.net"} <= {e["host"] for e in document["endpoints"]}
    with zipfile.ZipFile(case) as bundle:
        assert {"manifest.json", "facts.jsonl"} <= set(bundle.namelist())


@pytest.mark.network
def test_quiet_prints_the_two_paths_and_nothing_else(tmp_path: Path) -> None:
    result = arcdiag("collect", "-o", str(tmp_path), "--quiet", "--no-probe", alone=True)
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == ["case", "report"]


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from arcdiag.cli.main import run; run(['collect', '--help']);"
        "print(sorted({'dns', 'psutil', 'requests', 'cryptography', 'jinja2', 'yaml'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "--dry-run" in result.stdout
    assert result.stdout.strip().endswith("[]")
