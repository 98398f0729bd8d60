"""Bad input: one clear line, exit 2, nothing half-written."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

LOG = 'time="2024-01-01T00:00:00Z" level=info msg="Connected machine to Azure"\n'


def arcdiag(*arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "arcdiag", *arguments],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        timeout=120,
        check=False,
    )


def refused(result: subprocess.CompletedProcess[bytes], *words: str) -> None:
    text = result.stderr.decode()
    assert result.returncode == 2, text
    assert result.stdout == b""
    assert len(text.strip().splitlines()) == 1, text
    assert "Traceback" not in text
    for word in words:
        assert word in text


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    refused(arcdiag("analyze", str(tmp_path / "nowhere")), "nowhere")


def test_an_empty_folder(tmp_path: Path) -> None:
    refused(arcdiag("analyze", str(tmp_path)), tmp_path.name)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.log").touch()
    refused(arcdiag("analyze", str(tmp_path / "empty.log")), "empty")


def test_a_binary_file() -> None:
    refused(arcdiag("analyze", os.path.realpath(sys.executable)))


def test_a_truncated_zip(tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("azcmagent.log", LOG * 1000)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[:500])
    refused(arcdiag("analyze", str(cut)), "cut.zip")


def test_empty_standard_input() -> None:
    refused(arcdiag("analyze", "-"))


@pytest.mark.parametrize("where", ["nowhere/at/all.html", "file/inside.html"])
def test_an_output_place_that_cannot_be_written(tmp_path: Path, where: str) -> None:
    (tmp_path / "azcmagent.log").write_text(LOG)
    (tmp_path / "file").write_text("in the way")
    result = arcdiag("analyze", str(tmp_path / "azcmagent.log"), "-o", str(tmp_path / where))
    refused(result, "cannot write")
    assert not [p for p in tmp_path.rglob("*") if "partial" in p.name]


def test_a_rule_file_with_a_typo(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("- cause: x\n  titel: y\n")
    (tmp_path / "azcmagent.log").write_text(LOG)
    result = arcdiag("analyze", str(tmp_path / "azcmagent.log"), "--rules", str(tmp_path / "own.yaml"))
    refused(result, "own.yaml:2", "titel", "did you mean 'title'")


def test_a_typo_is_found_by_rules_check_too(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("- cause: x\n  titel: y\n")
    refused(arcdiag("rules", "check", "--rules", str(tmp_path)), "own.yaml:2")


def test_an_unknown_command_and_option() -> None:
    assert arcdiag("frobnicate").returncode == 2
    assert arcdiag("analyze", "--frobnicate", "x").returncode == 2


def test_pasted_text_is_a_case() -> None:
    text = b'FATAL   Get "https://gbl.his.arc.azure.com/": dial tcp: lookup gbl.his.arc.azure.com on 10.0.0.2:53: no such host\n'
    result = arcdiag("analyze", "-", "--format", "json", stdin=text)
    assert result.returncode == 1, result.stderr
    assert b'"dns-failure"' in result.stdout


def test_a_pipe_that_closes_early_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "azcmagent.log").write_text(LOG)
    command = f"{sys.executable} -m arcdiag rules list --kind codes | head -n 1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60, check=False)
    assert b"Traceback" not in result.stderr
