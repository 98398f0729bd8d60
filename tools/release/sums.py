"""The list of SHA-256 sums, as `sha256sum --check` reads it."""

from __future__ import annotations

import hashlib
from pathlib import Path

NAME = "SHA256SUMS"


def write_sums(folder: Path) -> Path:
    """Write the list of every file of `folder`, by name."""
    files = sorted(p for p in folder.iterdir() if p.is_file() and p.name != NAME)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    target = folder / NAME
    target.write_text("".join(lines), encoding="ascii", newline="\n")
    return target
