"""Packages at the versions and hashes that the files in `locks` name; nothing else is ever installed."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.release.run import run

LOCKS = Path(__file__).parent / "locks"
ROOT = Path(__file__).parents[2]
LINUX = ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux2010_x86_64", "manylinux_2_12_x86_64",
         "manylinux1_x86_64", "manylinux_2_5_x86_64", "linux_x86_64")  # fmt: skip
WINDOWS = ("win_amd64",)
_PIP = ("-m", "pip", "--disable-pip-version-check", "install", "-q", "--require-hashes", "--no-deps", "--no-compile")


def installed(lock: str, target: Path, platforms: tuple[str, ...] = LINUX, version: str = "3.11") -> Path:
    """Install what `locks/LOCK.txt` names, for another system and Python if need be, into the folder `target`."""
    wanted = [part for name in platforms for part in ("--platform", name)]
    pip = [sys.executable, *_PIP, "--only-binary=:all:", "--python-version", version, *wanted]
    run([*pip, "--target", target, "-r", LOCKS / f"{lock}.txt"])
    return target
