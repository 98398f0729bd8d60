"""Wheel and sdist, with the tools and versions of the lock, the same bytes for the same sources."""

from __future__ import annotations

import os
from pathlib import Path

from tools.release.places import ROOT
from tools.release.run import run
from tools.release.sources import epoch
from tools.release.tools_env import tools_python


def build_wheel(out: Path) -> list[Path]:
    """Build both into `out` and have twine look at them: the wheel, then the sdist. Raises BuildError."""
    python = tools_python()
    env = {**os.environ, "SOURCE_DATE_EPOCH": epoch(), "PYTHONHASHSEED": "0", "PIP_NO_INDEX": "1"}
    env.pop("PYTHONPATH", None)
    run([python, "-m", "build", "--no-isolation", "--sdist", "--wheel", "--outdir", out, ROOT], env=env)
    made = [next(out.glob("arcdiag-*.whl")), next(out.glob("arcdiag-*.tar.gz"))]
    run([python, "-m", "twine", "check", "--strict", *made], env=env)
    return made
