"""Lines that a console or a mail program broke: what was one line before is looked at as one line again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from arcdiag.redact.line import Line
from arcdiag.redact.mails import SOFT_LENGTHS, is_soft, soft_runs, unbroken
from arcdiag.redact.spans import find_spans, may_hold, replace_spans

WIDTHS = frozenset({80, 100, 120, 132, 160})
"""Columns of a console that people use."""
LENGTHS = WIDTHS | {width + 1 for width in WIDTHS}
"""Of lines that may be as wide, a carriage return counted."""
_MARKED = LENGTHS | SOFT_LENGTHS
_RETURN = 0x0D
_TOKEN = re.compile("«[a-z-]{2,24}:".encode())
MOST_LINES = 48
"""So many lines are taken as one at most."""
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_RECORD = re.compile(
    rb"\s{0,8}(?:time=|level=|msg=|\[\d|<\w|\{|[\"']?\d{4}-\d\d-\d\d|\d\d?[/.:]\d\d?[/.:]|[A-Z][a-z]{2} [ \d]\d \d\d:"
    rb"|(?:INFO|WARN|WARNING|ERROR|FATAL|DEBUG|TRACE|VERBOSE)\b|PS [A-Z]:|\$ |# |\+ |> |-----)"
)


def runs(data: bytes, lengths: list[int]) -> Iterator[tuple[int, int, bool]]:
    """Runs of broken lines, each with the line behind it: begin and end in `data`, and whether it ends there.

    Broken are lines as wide as a console, and those of a mail that end with the `=` of quoted-printable text.
    `lengths` are those of the lines of `data`, as `split` gives them; without a width no wide line is looked for.
    """
    marked = [index for index, length in enumerate(lengths) if length in _MARKED]
    if not marked:
        return
    soft = soft_runs(data, lengths, marked)
    wide = _wide_runs(data, lengths, [index for index in marked if lengths[index] in LENGTHS])
    behind = 0
    for run in sorted([*wide, *soft]) if soft else wide:
        if run[0] >= behind:
            behind = run[1]
            yield run


def _wide_runs(data: bytes, lengths: list[int], wide: list[int]) -> Iterator[tuple[int, int, bool]]:
    if not wide:
        return
    begins = list(accumulate((length + 1 for length in lengths), initial=0))
    # What stands behind the last line end is a line too, if it is not empty.
    count_all = len(lengths) if lengths[-1] else len(lengths) - 1
    index = 0
    for first in wide:
        if first < index or first >= count_all or not is_wide(data, begins[first], lengths[first]):
            continue
        index, length = first, lengths[first]
        most = min(count_all, first + MOST_LINES)
        while index < most and lengths[index] == length:
            if index > first and (begins_record(data, begins[index]) or not is_wide(data, begins[index], length)):
                break
            index += 1
        full = index - first >= MOST_LINES or (index < count_all and begins_record(data, begins[index]))
        ends = full or index < count_all
        if ends and not full:
            index += 1
        yield begins[first], min(begins[index], len(data)), ends


def begins_record(data: bytes, at: int) -> bool:
    """Whether the line at `at` begins a record or a command of its own."""
    return _RECORD.match(data, at) is not None


def is_wide(data: bytes, at: int, length: int) -> bool:
    """Whether the line is as wide as a console, its carriage return not counted.

    One with a token in it is not: the token gave it that width, and a second run would join what the first did not.
    """
    if length not in LENGTHS or _TOKEN.search(data, at, at + length):
        return False
    return (length - 1 if data[at + length - 1] == _RETURN else length) in WIDTHS


def rejoin(raw: bytes, before: bytes) -> bytes:
    """The lines of one run; if they hold a secret, as the one line that they were, and empty lines to keep the count.

    With a token in it a line is no longer taken as wide, so that nobody behind this could tell that it goes on.
    """
    lines = _LINE.findall(raw)
    if len(lines) < 2:
        return raw
    bodies = [line.removesuffix(b"\n").removesuffix(b"\r") for line in lines]
    joined = unbroken(bodies) if is_soft(bodies[0]) else b"".join(bodies)
    if not may_hold(joined.lower()):
        return raw
    text = joined.decode("utf-8", "surrogateescape")
    spans = find_spans(Line.of(text, before))
    if not spans:
        return raw
    ends = b"".join(line[len(body) :] for line, body in zip(lines, bodies, strict=True))
    return replace_spans(text, spans).encode("utf-8", "surrogateescape") + ends
