"""The files that people download are built from these sources and tried; `ahead.py` begins with it beside other tests.

ARCDIAG_RELEASE_TESTS=0 leaves them out: for those who change something else and run all tests often.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.packaging.needs import unmet

ALL = ["test_linux.py", "test_windows.py", "test_pyz.py", "test_wheel.py"]
collect_ignore = ALL if os.environ.get("ARCDIAG_RELEASE_TESTS") == "0" else []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and (reason := unmet(item.path.name)):
            item.add_marker(pytest.mark.skip(reason=reason))
