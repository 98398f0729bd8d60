"""What the guides tell to do is done: their files are written, their commands run, in a copy of this repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from arcdiag.cli.commands import COMMANDS
from tests.docs.pages import PAGES, ROOT, Block, blocks

NOT_RUN = {
    "once": "makes the environment in which the tests run already",
    "long": "runs all tests; it is what runs this one",
    "live": "looks at the machine itself; the tests of collect and probe do that in places of their own",
}
"""Notes of blocks that are not run, and why."""
LIVE = ("README.md", "docs/server-owner.md", "docs/server-owner.ko.md", "docs/server-owner.zh-CN.md")
COPIED = (
    "arcdiag",
    "rules",
    "templates",
    "tests",
    "docs",
    "pyproject.toml",
    "README.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
)
GUIDES = ("docs/rule-guide.md", "docs/support-engineer.md", "docs/how-arcdiag-decides.md", "docs/fleet.md")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    root = tmp_path / "arcdiag"
    root.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
        else:
            shutil.copy(source, root / name)
    return root


def environment(copy: Path) -> dict[str, str]:
    """Commands of this environment, the program of the copy. Hostile lines are for the gate itself, not for a copy."""
    shim = copy.parent / "bin"
    shim.mkdir(exist_ok=True)
    for name, run in (("arcdiag", "-m arcdiag"), ("python", "")):
        (shim / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {run} "$@"\n')
        (shim / name).chmod(0o755)
    slow = "--deselect tests/rules/test_gate.py::test_no_pattern_is_slow_on_hostile_lines"
    return {
        **os.environ,
        "PATH": f"{shim}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
        "XDG_CACHE_HOME": str(copy.parent / "cache"),
        "PYTEST_ADDOPTS": f"-p no:cacheprovider {slow}",
        "COLUMNS": "80",
    }


def follow(block: Block, copy: Path, env: dict[str, str]) -> str:
    """Write the file of a block, or run its commands; what is wrong, or nothing."""
    if block.file:
        target = copy / block.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.text, encoding="utf-8")
    elif block.lang == "sh" and block.note not in NOT_RUN:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block.text],
            capture_output=True, text=True, cwd=copy, env=env, timeout=600, check=False,
        )  # fmt: skip
        wanted = int(block.value) if block.note == "exit" else 0
        if done.returncode != wanted:
            return f"line {block.line}: exit code {done.returncode}, not {wanted}\n{done.stdout}{done.stderr}"
        if block.note == "shows" and not re.search(_form(block.value), done.stdout):
            return f"line {block.line}: does not show {block.value}\n{done.stdout}{done.stderr}"
    return ""


def _form(shown: str) -> str:
    return re.escape(shown).replace("HASH", "[0-9a-f]{12}")


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_does_what_it_says(name: str, copy: Path) -> None:
    env = environment(copy)
    found = blocks(ROOT / name)
    assert any(block.lang == "sh" and block.note not in NOT_RUN for block in found)
    for block in found:
        assert follow(block, copy, env) == ""


def test_every_block_of_commands_is_run_somewhere_or_is_named_here() -> None:
    told = {
        f"{name}:{block.line}"
        for name in (page.relative_to(ROOT).as_posix() for page in PAGES)
        if name not in (*GUIDES, *LIVE, "CONTRIBUTING.md") and not name.startswith("deploy/")
        for block in blocks(ROOT / name)
        if block.lang == "sh"
    }
    assert told == set()


@pytest.mark.parametrize("name", [*GUIDES, *LIVE, "CONTRIBUTING.md", "SECURITY.md"])
def test_every_option_that_a_page_names_is_there(name: str) -> None:
    """Commands in backticks or blocks: `arcdiag collect --dry-run`."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    helps: dict[str, str] = {}
    words = "|".join(COMMANDS)
    for command, options in re.findall(
        rf"\barcdiag ((?:{words})(?:(?<=rules) [a-z]+|(?<=fleet) [a-z]+)?)\b([^`|\n]*)", text
    ):
        if command not in helps:
            asked = [sys.executable, "-m", "arcdiag", *command.split(), "--help"]
            helps[command] = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False).stdout
        for option in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", options):
            assert option in helps[command], f"{name}: arcdiag {command} has no {option}"
