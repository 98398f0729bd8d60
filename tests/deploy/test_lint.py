"""The playbook and the workflows, by the linters that their own worlds use."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sysconfig.get_path("scripts"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def lint(*command: str, home: Path) -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ,
        "HOME": str(home),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
    }
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False, env=env, cwd=ROOT)


@pytest.mark.linux
def test_the_playbook(tmp_path: Path) -> None:
    done = lint("ansible-lint", "--offline", "--profile", "production", "deploy/ansible/collect.yml", home=tmp_path)
    assert done.returncode == 0 and "Passed: 0 failure(s), 0 warning(s)" in done.stdout + done.stderr, done.stdout


def test_there_are_workflows() -> None:
    assert {path.name for path in WORKFLOWS} == {"build.yml", "ci.yml", "release.yml"}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_fits_the_schema_of_github(workflow: Path, tmp_path: Path) -> None:
    schema = ("--builtin-schema", "vendor.github-workflows")
    done = lint(str(BIN / "check-jsonschema"), *schema, str(workflow), home=tmp_path)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_safe_to_run(workflow: Path, tmp_path: Path) -> None:
    done = lint(str(BIN / "zizmor"), "--offline", "--no-progress", "--persona=pedantic", str(workflow), home=tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_workflow_runs_the_gates_of_tests_run() -> None:
    ours = (ROOT / "tests" / "run").read_text(encoding="utf-8")
    gates = ours[ours.index("\nruff check") : ours.index("\npython -m pytest")].strip().splitlines()
    lines = {line.strip() for line in gates if not line.startswith("#")}
    assert len(lines) >= 5
    theirs = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    missing = {line for line in lines if line not in theirs}
    assert missing == set()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_to_a_commit_and_names_its_release(workflow: Path) -> None:
    used = re.findall(r"uses: (?!\./)(\S+)(.*)", workflow.read_text(encoding="utf-8"))
    for action, rest in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action) and re.fullmatch(r" # v\d+\.\d+\.\d+", rest)
