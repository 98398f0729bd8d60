from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.lab.windows.python import COMPILER
from tests.lab.windows.wine import Machine, new_machine
from tests.namespaces import available

NEEDED = ("wine", COMPILER, "ip", "nsenter")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = [name for name in NEEDED if shutil.which(name) is None]
    reason = f"not installed: {', '.join(missing)}" if missing else "this user may not make a network namespace"
    if missing or not available():
        for item in items:
            if item.path.is_relative_to(__file__.rpartition("/")[0]):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """One Windows machine for a file of tests."""
    with new_machine() as made:
        yield made


@pytest.fixture
def fresh() -> Iterator[Machine]:
    """A Windows machine for one test."""
    with new_machine() as made:
        yield made
