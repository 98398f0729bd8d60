"""The environment of the builder's own tools, made once for each state of their lock."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tools.release.places import LOCKS
from tools.release.run import run
from tools.release.store import kept


def tools_python() -> Path:
    """The interpreter that has what `locks/tools.txt` names."""
    lock = LOCKS / "tools.txt"
    parts = [sys.version, sys.executable, lock.read_text(encoding="utf-8")]
    return _interpreter(kept("tools", parts, _build))


def _build(folder: Path) -> None:
    run([sys.executable, "-m", "venv", folder])
    python = _interpreter(folder)
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "-q", "--no-deps", "--require-hashes"]
    run([*pip, "-r", LOCKS / "tools.txt"])


def _interpreter(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
