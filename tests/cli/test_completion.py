"""Completion as people use it: keys typed into real shells, on a terminal."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from arcdiag.cli.completion import SHELLS
from arcdiag.knowledge.load import load_rules

ROOT = Path(__file__).parents[2]
SECONDS = 60.0
SHELL_STARTS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(arcdiag completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], 'autoload -Uz compinit && compinit -u -D; eval "$(arcdiag completion zsh)"'),
    "fish": (["fish", "--no-config", "-i"], "arcdiag completion fish | source"),
}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A home of its own, and `arcdiag` as a command."""
    program = tmp_path / "bin" / "arcdiag"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m arcdiag "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}:/usr/local/bin:/usr/bin:/bin"
    return {"PATH": path, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "TERM": "dumb", "LC_ALL": "C.UTF-8"}


def typed(command: Sequence[str], env: dict[str, str], keys: str, until: str) -> str:
    """What a terminal shows of a program from the keys on, until a text comes; the test fails where it does not."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(env["HOME"])
        os.execvpe(command[0], list(command), env)
    try:
        os.write(terminal, keys.encode())
        shown, end = "", time.monotonic() + SECONDS
        while until not in shown:
            ready, _, _ = select.select([terminal], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{until!r} did not come: {shown[-2000:]}"
            shown += os.read(terminal, 4096).decode("utf-8", "replace")
        return shown
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


@pytest.mark.parametrize("shell", SHELL_STARTS)
@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("arcdiag expl\tproxy-unre\t", "explain proxy-unreachable"),
        ("arcdiag explain azcm0042\t", "explain AZCM0042"),
        ("arcdiag collect --verif\t", "collect --verify"),
        ("arcdiag analyze --format ht\t", "analyze --format html"),
        ("arcdiag collect --feature es\t", "collect --feature esu"),
        ("arcdiag analyze the-c\t", "analyze the-case.log"),
        ("arcdiag redact the-c\t--ident\t", "redact the-case.log --identifiers"),
    ],
)
def test_a_key_completes(shell: str, keys: str, line: str, env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "the-case.log").touch()
    command, setup = SHELL_STARTS[shell]
    # Once the line is complete, the program says how it was called.
    (tmp_path / "bin" / "arcdiag").write_text(
        f'#!/bin/sh\n[ -n "$COMP_WORDS" ] || [ "$1" = completion ] || {{ echo "<$*>"; exit; }}\n'
        f'exec "{sys.executable}" -m arcdiag "$@"\n'
    )
    typed(command, env, f"{setup}\r{keys}\r", f"<{line}>")


def complete(shell: str, line: str, word: int, env: dict[str, str]) -> str:
    """What arcdiag answers a shell's script that asks for the completion of a word."""
    asked = {**env, "_ARCDIAG_COMPLETE": f"{shell}_complete", "COMP_WORDS": line, "COMP_CWORD": str(word)}
    command = [sys.executable, "-m", "arcdiag"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=asked)
    assert done.stderr == ""
    return done.stdout


def test_powershell_gets_three_lines_for_each(env: dict[str, str]) -> None:
    lines = complete("powershell", "arcdiag explain proxy-unre", 2, env).splitlines()
    assert lines[:2] == ["plain", "proxy-unreachable"] and len(lines) == 3
    assert lines[2] not in ("", "_")
    assert complete("powershell", "arcdiag analyze C:\\logs\\", 2, env).splitlines()[0] == "file"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_the_same_bytes_on_every_system(shell: str, env: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "arcdiag", "completion", shell], capture_output=True, timeout=60, check=True, env=env
    )
    assert b"\r" not in done.stdout and b"_ARCDIAG_COMPLETE" in done.stdout


def test_rules_that_cannot_be_used_complete_nothing(env: dict[str, str]) -> None:
    assert complete("bash", "arcdiag explain --rules /nonexistent proxy", 4, env).strip() == ""


def test_rules_of_your_own_complete_too(env: dict[str, str], tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    signal_id = next(iter(load_rules().signals))
    fix = "[{ do: Lay another one., who: network }]"
    own.write_text(
        f"- cause: the-cable-is-cut\n  layer: network\n  title: The cable is cut\n  summary: The cable is cut.\n"
        f"  likely: [{signal_id}]\n  breaks: [connect]\n  fix: {fix}\n  verify: azcmagent show\n  references: []\n"
    )
    asked = f"arcdiag explain --rules {own} the-cable"
    assert complete("bash", asked, 4, env).strip() == "plain,the-cable-is-cut"


def test_a_feature_after_another(env: dict[str, str]) -> None:
    assert complete("bash", "arcdiag probe --feature sql,es", 3, env).strip() == "plain,sql,esu"


def test_what_a_wrong_shell_is_told(env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "arcdiag", "completion", "tcsh"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env)
    assert done.returncode == 2 and "tcsh" in done.stderr
