"""What people download, built once for each state of the sources and kept with what else the labs build."""

from __future__ import annotations

from pathlib import Path

from tools.release.__main__ import build
from tools.release.sources import digest
from tools.release.store import kept


def built(what: str) -> Path:
    """The folder with the program, its bill of materials and SHA256SUMS. `what`: linux, windows, pyz or wheel."""
    return kept(f"built-{what}", [digest()], lambda folder: build([what], folder), keep=1)
