"""A start imports what it needs and no more; what `--help` says without click is what click says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from arcdiag.cli.commands import COMMANDS, OPTIONS
from arcdiag.cli.group import cli
from arcdiag.cli.quick import help_page, quick_answer

ROOT = Path(__file__).parents[2]
HEAVY = {"ahocorasick_rs", "babel", "certifi", "cryptography", "dns", "jinja2", "psutil", "requests", "yaml"}
SHARED = {"arcdiag.cli.redact"}
"""Commands that others take an option from."""


def modules(tmp_path: Path, *arguments: str) -> set[str]:
    """All modules that a start has imported when it ends well."""
    code = (
        "import sys\n"
        "from arcdiag.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=ROOT, env=env, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("asked", ["--help", "-h"])
def test_help_imports_no_library_at_all(tmp_path: Path, asked: str) -> None:
    seen = modules(tmp_path, asked)
    assert {name for name in seen if name.startswith("arcdiag")} == {
        "arcdiag", "arcdiag.cli", "arcdiag.cli.main", "arcdiag.cli.quick", "arcdiag.cli.commands",
    }  # fmt: skip
    assert seen & (HEAVY | {"click", "msgspec", "re", "pathlib", "typing", "json"}) == set()
    assert not (tmp_path / "cache").exists()


def test_version_makes_no_rules(tmp_path: Path) -> None:
    seen = modules(tmp_path, "--version")
    assert seen & (HEAVY | {"click", "msgspec", "arcdiag.knowledge.rule_set"}) == set()
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_imports_nothing_heavy_and_no_other_command(tmp_path: Path, command: str) -> None:
    seen = modules(tmp_path, command, "--help")
    assert seen & (HEAVY | {"pyarrow", "duckdb", "fsspec", "dask"}) == set()
    assert seen & {module for name, (module, _) in COMMANDS.items() if name != command} <= SHARED
    assert "arcdiag.knowledge.rule_set" not in seen


@pytest.mark.parametrize("what", ["AZCM0042", "proxy-unreachable", "curl 60"])
def test_explain_imports_neither_yaml_nor_what_makes_rules(tmp_path: Path, what: str) -> None:
    modules(tmp_path, "explain", what)
    seen = modules(tmp_path, "explain", what)
    # What is said of a code is the rules' own; else the automaton is that of the last look for secrets.
    only_rules = what != "proxy-unreachable"
    assert seen & (HEAVY | {"click"}) == (set() if only_rules else {"ahocorasick_rs"})
    assert only_rules != any(name.startswith("arcdiag.redact.") for name in seen)
    unused = ("knowledge.compile", "knowledge.pattern", "knowledge.own_rules", "logs", "diagnose", "collect", "case")
    assert not {name for name in seen for room in unused if f"{name}.".startswith(f"arcdiag.{room}.")}
    assert "arcdiag.model.diagnosis" not in seen


@pytest.mark.parametrize("columns", [1, 51, 60, 72, 80, 83, 100, 101, 250])
def test_the_quick_help_is_that_of_click(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    context = click.Context(cli, info_name="arcdiag", **cli.context_settings)
    assert quick_answer(["--help"]) == quick_answer(["-h"]) == cli.get_help(context) + "\n"
    assert help_page(78).count("\n") > len(COMMANDS) + len(OPTIONS)


def test_the_quick_version_is_that_of_click() -> None:
    assert quick_answer(["--version"]) == CliRunner().invoke(cli, ["--version"], prog_name="arcdiag").output


def test_everything_else_takes_the_long_way() -> None:
    for arguments in ([], ["--help", "x"], ["explain", "--help"], ["--debug", "--help"], ["-h", "-h"], ["help"]):
        assert quick_answer(arguments) is None


def test_every_line_of_the_help_fits_the_real_command() -> None:
    context = click.Context(cli, info_name="arcdiag")
    for name, (module, says) in COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None and command.name == name, module
        assert says.endswith(".") and len(says) <= 90
        assert command.help, f"{name} says nothing of itself"
    assert {f"{', '.join(p.opts)}" for p in cli.get_params(context)} <= {
        ", ".join(sorted(option.split(", "), key=len)) for option in OPTIONS
    } | {"--help"}


@pytest.mark.parametrize("asked", ["--help", "--version"])
def test_a_full_disk_is_told_and_a_closed_pipe_is_not(asked: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "arcdiag", asked],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            check=False,
        )
    assert done.returncode not in (0, 1) and "No space left" in done.stderr
    reader, writer = os.pipe()
    os.close(reader)
    closed = subprocess.run(
        [sys.executable, "-m", "arcdiag", asked],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        check=False,
    )
    os.close(writer)
    assert (closed.returncode, closed.stderr) == (0, "")
