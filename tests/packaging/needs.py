"""What building and trying each program takes of a machine."""

from __future__ import annotations

import os
import shutil

from tests.lab.windows.conftest import NEEDED as FOR_WINDOWS
from tests.namespaces import available

PROGRAMS = {
    "test_linux.py": ("debootstrap", "dpkg-source", "make", "objdump", "ip"),
    "test_windows.py": FOR_WINDOWS,
    "test_wheel.py": FOR_WINDOWS,
}


def unmet(file: str) -> str | None:
    """Why the tests of this file cannot run here; None if they can."""
    if missing := [name for name in PROGRAMS.get(file, ()) if shutil.which(name) is None]:
        return f"not installed: {', '.join(missing)}"
    if not available() or (file == "test_linux.py" and os.geteuid() != 0):
        return "this user may not make a system of its own"
    return None
