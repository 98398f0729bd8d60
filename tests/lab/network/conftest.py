"""The lab needs root, network namespaces and the servers that tests/run installs; there is no row that runs without."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from tests.lab.network.lab import Lab

_LAB = pytest.StashKey[Lab]()


@pytest.fixture
def lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A healthy machine in a healthy network, until the test says otherwise."""
    with Lab() as made:
        request.node.stash[_LAB] = made
        yield made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails shows what arcdiag said."""
    report = yield
    made = item.stash.get(_LAB, None)
    if report.failed and made is not None:
        report.sections += [("arcdiag", repr(run)) for run in made.reports]
    return report
