"""`arcdiag` for Linux x64: one file for every system with glibc 2.17 or newer."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tools.release.frozen import Interpreter, freeze
from tools.release.old_glibc import old_glibc_python, python_command, python_env
from tools.release.packages import LINUX


def build_linux(out: Path) -> Path:
    """Build `arcdiag` into `out`. Raises BuildError."""
    prefix = old_glibc_python()
    python = Interpreter(python_command(prefix), python_env(prefix))
    with tempfile.TemporaryDirectory(prefix="arcdiag-build-") as work:
        made = freeze("frozen-linux", LINUX, python, Path(work), out)
    contents = out / "contents.json"
    known = json.loads(contents.read_text(encoding="utf-8"))
    known["sources"] = json.loads((prefix / "sources.json").read_text(encoding="utf-8"))
    contents.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
    return made
