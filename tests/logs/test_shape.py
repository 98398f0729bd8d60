"""What was put around the text of a log: found in its beginning, taken off line by line."""

from __future__ import annotations

import random

import pytest

from arcdiag.logs.decode import Line
from arcdiag.logs.shape import Shape, cleaned, shaped

LONG = "connecting to the service failed because the name of the host could not be resolved by the server"


def test_plain_text_has_no_shape() -> None:
    assert Shape.of('time="2026-03-01T00:00:00Z" level=info msg="Heartbeat sent"\n' * 50) == Shape()


@pytest.mark.parametrize(("quoted", "bare", "is_quoted"), [(9, 1, True), (5, 1, True), (4, 1, False), (8, 2, False)])
def test_more_than_four_of_five_lines_are_quoted(quoted: int, bare: int, is_quoted: bool) -> None:
    lines = ["bare", ""] * bare + ["> line", "", "  "] * quoted
    assert Shape.of("\n".join(lines)).quoted is is_quoted


def test_the_rows_of_a_table_are_not_quoted() -> None:
    assert not Shape.of("| code | meaning |\n|---|---|\n| AZCM0026 | network |\n| AZCM0042 | rights |").quoted
    assert Shape.of("| FATAL   no such host\n| INFO    Exit Code: AZCM0026\n|\n").quoted


def test_lines_as_wide_as_a_terminal_are_joined() -> None:
    pieces = [LONG[:80], LONG[80:]]
    shape = Shape.of("\r\n".join(pieces))
    assert (shape.wrap, shape.hard) == (80, True)
    assert [line.text for line in shaped((Line(n, text) for n, text in enumerate(pieces, 1)), shape)] == [LONG]


def test_a_line_that_begins_a_record_continues_none() -> None:
    full = 'time="2026-03-01T00:00:00Z" level=info msg="'.ljust(79, "x") + '"'
    assert Shape.of("\n".join([full] * 20)).wrap == 0


def test_the_whole_beginning_is_cleaned_as_its_lines_are() -> None:
    rng = random.Random(8)
    signs = ("a", " b", "\n", "\r\n", "\r", "\x1b[31m", "\x00", "> ", "&quot;")
    for shape in (Shape(), Shape(quoted=True), Shape(entities=True)):
        for _ in range(400):
            head = "".join(rng.choices(signs[: rng.choice((4, 5, 9))], k=rng.randrange(20)))
            lines = (Line(n, line.removesuffix("\r")) for n, line in enumerate(head.split("\n"), 1))
            assert cleaned(head, shape) == "\n".join(line.text for line in shaped(lines, shape))
