"""The files that people download are built from these sources, which takes minutes: only on request.

Run `ARCDIAG_RELEASE_TESTS=1 bash tests/run tests/packaging` before a release.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.lab.windows.conftest import NEEDED as FOR_WINDOWS
from tests.namespaces import available

NEEDED = {
    "test_linux.py": ("debootstrap", "dpkg-source", "make", "objdump", "ip"),
    "test_windows.py": FOR_WINDOWS,
}

ON_REQUEST = ["test_linux.py", "test_windows.py", "test_pyz.py"]
collect_ignore = [] if os.environ.get("ARCDIAG_RELEASE_TESTS") == "1" else ON_REQUEST


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        wanted = NEEDED.get(item.path.name, ())
        missing = [name for name in wanted if shutil.which(name) is None]
        if missing:
            item.add_marker(pytest.mark.skip(reason=f"not installed: {', '.join(missing)}"))
        elif wanted and (not available() or (item.path.name == "test_linux.py" and os.geteuid() != 0)):
            item.add_marker(pytest.mark.skip(reason="this user may not make a system of its own"))
