from __future__ import annotations

import io

import pytest

from arcdiag.case.limits import LINE_CHARS_EARNED, MAX_SHORT_LINES
from arcdiag.logs.allowance import LineAllowance
from arcdiag.logs.decode import TextFile, UnreadableError

SHORT, LONG = "x\n", "x" * (LINE_CHARS_EARNED - 1) + "\n"


def test_short_lines_end() -> None:
    allowance = LineAllowance()
    assert allowance.takes(SHORT * MAX_SHORT_LINES)
    assert not allowance.takes(SHORT * MAX_SHORT_LINES)


def test_lines_of_a_log_never_do() -> None:
    allowance = LineAllowance()
    assert all(allowance.takes(LONG * 100_000) for _ in range(30))


def test_long_lines_make_room_for_short_ones() -> None:
    allowance = LineAllowance()
    assert allowance.takes("x" * LINE_CHARS_EARNED * MAX_SHORT_LINES)
    assert allowance.takes(SHORT * 2 * MAX_SHORT_LINES)


def test_the_files_of_a_case_share_it() -> None:
    allowance = LineAllowance()
    first = TextFile(io.BytesIO(b"\n" * (MAX_SHORT_LINES - 10)), scrubbed=True, allowance=allowance)
    assert sum(1 for _ in first.lines()) == MAX_SHORT_LINES - 10
    with pytest.raises(UnreadableError, match="500,000 lines"):
        list(TextFile(io.BytesIO(b"\n" * MAX_SHORT_LINES), scrubbed=True, allowance=allowance).lines())
