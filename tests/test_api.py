"""What other programs use: `arcdiag.analyze` and `arcdiag.render`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import arcdiag
from arcdiag.errors import InputError
from tests.diagnose.test_trial import PROXY


def test_a_log_in_a_diagnosis_out_and_every_form_of_it(tmp_path: Path) -> None:
    log = tmp_path / "azcmagent.log"
    log.write_text(PROXY, encoding="utf-8")
    diagnosis = arcdiag.analyze(log)
    assert diagnosis.verdict.value == "problem"
    assert diagnosis.causes[0].id == "proxy-unreachable"
    assert json.loads(arcdiag.render(diagnosis))["causes"][0]["id"] == "proxy-unreachable"
    assert arcdiag.render(diagnosis, "text").startswith("azcmagent.log")
    assert len(arcdiag.render(diagnosis, "md")) < 6000
    assert "<!doctype html>" in arcdiag.render(diagnosis, "html", lang="ko")


def test_own_rules_and_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        arcdiag.analyze(tmp_path / "none.zip")
    diagnosis = arcdiag.analyze(_empty(tmp_path))
    with pytest.raises(InputError, match="language"):
        arcdiag.render(diagnosis, "text", lang="xx")


def _empty(folder: Path) -> Path:
    log = folder / "himds.log"
    log.write_text('time="2026-05-01T10:00:00Z" level=info msg="Starting HIMDS"\n', encoding="utf-8")
    return log


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import sys, arcdiag; print([m for m in ('yaml', 'msgspec', 'click', 'jinja2', 'dns') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
