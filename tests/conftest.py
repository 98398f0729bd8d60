"""In CI nothing is skipped, apart from what `tests/allowed_skips.txt` names with its reason.

On a system other than Linux, or with ARCDIAG_PORTABLE_TESTS set, what needs Linux and Debian's packages is left out: the places in `tests/linux_only.txt`, and tests that are marked.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine must not fail a run; a run of CI is repeatable, a run at the desk looks for new examples.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "desk")

# A job in the background of a shell ignores Ctrl-C, and so would all that it starts: tests press it on purpose.
signal.signal(signal.SIGINT, signal.default_int_handler)

# What the tests read is English, whatever the system of the one who runs them speaks.
os.environ["LC_ALL"] = "C.UTF-8"

ALLOWED = Path(__file__).with_name("allowed_skips.txt")
LINUX_ONLY = Path(__file__).with_name("linux_only.txt")
_LINUX = sys.platform == "linux" and not os.environ.get("ARCDIAG_PORTABLE_TESTS")


def _listed(file: Path) -> list[str]:
    """What the lines of a list name; behind a # stands why."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]


def _allowed() -> list[str]:
    return _listed(ALLOWED)


collect_ignore = [] if _LINUX else _listed(LINUX_ONLY)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _LINUX:
        return
    marks = ("linux", "network")
    config.hook.pytest_deselected(items=[item for item in items if any(map(item.get_closest_marker, marks))])
    items[:] = [item for item in items if not any(map(item.get_closest_marker, marks))]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    if os.environ.get("CI") != "true":
        return
    bad = [r.nodeid for r in terminalreporter.stats.get("skipped", []) if r.nodeid not in _allowed()]
    if bad:
        terminalreporter.write_line("skipped in CI, which is a failure: " + ", ".join(bad), red=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None:
        return
    skipped = [r.nodeid for r in reporter.stats.get("skipped", [])]
    if any(nodeid not in _allowed() for nodeid in skipped):
        session.exitstatus = 1
