"""What a build is made of: the files of the checkout that end in it, and the time that stands in for today."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from tools.release.places import ROOT
from tools.release.run import BuildError, run

_INTO_THE_WHEEL = ("arcdiag", "rules", "templates", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")
_NO_SOURCE = {"__pycache__", "_data"}


def epoch() -> str:
    """SOURCE_DATE_EPOCH, else the time of the last commit, else one that never changes."""
    if value := os.environ.get("SOURCE_DATE_EPOCH"):
        return value
    if shutil.which("git") and (ROOT / ".git").exists():
        try:
            return run(["git", "log", "-1", "--format=%ct"], cwd=ROOT).strip() or "1700000000"
        except BuildError:
            pass
    return "1700000000"


def source_files() -> list[Path]:
    """Every file that ends in a wheel, in a fixed order."""
    found = []
    for name in _INTO_THE_WHEEL:
        top = ROOT / name
        inner = top.rglob("*") if top.is_dir() else [top]
        found += [p for p in inner if p.is_file() and not _NO_SOURCE & set(p.relative_to(ROOT).parts)]
    return sorted(found, key=lambda p: p.relative_to(ROOT).as_posix())


def digest() -> str:
    """The hash over names and content of what ends in a wheel and of what builds."""
    own = sorted(p for p in Path(__file__).parent.rglob("*") if p.is_file() and p.suffix in (".py", ".txt", ".spec"))
    total = hashlib.sha256()
    for path in (*source_files(), *own):
        data = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(ROOT).as_posix()}\0{data}\0".encode())
    return total.hexdigest()
