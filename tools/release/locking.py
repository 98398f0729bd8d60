"""Renews the files in `locks`: today's versions of what is asked for, with the hashes of every file of each."""

from __future__ import annotations

from tools.release.places import LOCKS, ROOT
from tools.release.run import run
from tools.release.tools_env import tools_python

_PYTHON = "3.11"
_LOCKS = {
    "toolchain": ("linux", ()),
    "tools": ("linux", (ROOT / "pyproject.toml",)),
    "pyz-linux": ("linux", (ROOT / "pyproject.toml",)),
    "pyz-windows": ("windows", (ROOT / "pyproject.toml",)),
    "frozen-linux": ("x86_64-manylinux_2_17", (ROOT / "pyproject.toml",)),
    "frozen-windows": ("windows", (ROOT / "pyproject.toml",)),
}
"""Each lock with its system, and what it is made of beside the `.in` file of its name or of its first word."""


def renew_locks() -> None:
    """Write every lock anew. Raises BuildError."""
    python = tools_python()
    for name, (system, more) in _LOCKS.items():
        own = LOCKS / f"{name.partition('-')[0]}.in"
        settled = ["--python-version", _PYTHON, "--python-platform", system, "--generate-hashes", "--upgrade"]
        quiet = ["-q", "--no-header", "--no-annotate", "-o", LOCKS / f"{name}.txt"]
        run([python, "-m", "uv", "pip", "compile", *settled, *quiet, own, *more])
