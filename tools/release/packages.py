"""Packages at the versions and hashes that the files in `locks` name; nothing else is ever installed."""

from __future__ import annotations

from pathlib import Path

from tools.release.places import LOCKS
from tools.release.run import run
from tools.release.tools_env import tools_python

LINUX, ARM, WINDOWS = "x86_64-manylinux2014", "aarch64-manylinux2014", "windows"
"""The systems that packages are installed for, by uv's names; manylinux2014 is glibc 2.17."""


def installed(lock: str, target: Path, system: str = LINUX, version: str = "3.11") -> Path:
    """Install what `locks/LOCK.txt` names, for another system and Python if need be, into the folder `target`."""
    wanted = ["--python-platform", system, "--python-version", version, "--only-binary", ":all:"]
    exactly = ["--no-config", "--no-deps", "--require-hashes", "--link-mode", "copy", "--target", target]
    run([tools_python(), "-m", "uv", "pip", "install", "-q", *wanted, *exactly, "-r", LOCKS / f"{lock}.txt"])
    # What uv itself keeps there.
    (target / ".lock").unlink(missing_ok=True)
    return target
