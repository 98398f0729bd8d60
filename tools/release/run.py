"""Runs the programs that build: quiet unless they fail, then the end of what they said."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


class BuildError(Exception):
    """A build that cannot go on, in one line or the last lines of the program that failed."""


def run(argv: Sequence[object], cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """Run words and paths to the end without input; its standard output. Raises BuildError for any exit code but 0."""
    command = [str(part) for part in argv]
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=dict(env) if env is not None else None,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            input="",
        )
    except OSError as error:
        raise BuildError(f"{command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        raise BuildError(
            f"{' '.join(command)[:300]}: exit code {done.returncode}\n{(done.stdout + done.stderr)[-4000:]}"
        )
    return done.stdout
