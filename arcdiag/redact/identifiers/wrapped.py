"""Identifiers that a console broke at its width: the end of a line and the beginning of the next one as one text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from arcdiag.redact.identifiers.spans import Span
from arcdiag.redact.wrapped import LENGTHS, begins_record, is_wide

TOKEN_BEGIN = "«".encode()
_AROUND = 300
_BLANKS = frozenset(b" \t\r\n")


class Junction(NamedTuple):
    """`joined` is text[start:end] + text[next_:...], without the line end between them."""

    joined: bytes
    start: int
    end: int
    next_: int

    def across(self, spans: Iterable[Span]) -> Iterator[Span]:
        """The spans of `joined` that go over the line end, in two: the token takes the place of the first half."""
        middle = self.end - self.start
        for start, end, kind, value in spans:
            if start < middle < end:
                yield self.start + start, self.end, kind, value or self.joined[start:end]
                yield self.next_, self.next_ + end - middle, kind, b""


def junctions(text: bytes) -> Iterator[Junction]:
    """Where a line is as wide as a console and the next one may go on with the same word."""
    lengths = list(map(len, text.split(b"\n")))
    if LENGTHS.isdisjoint(lengths):
        return
    wide = [number for number, length in enumerate(lengths[:-1]) if length in LENGTHS]
    if not wide:
        return
    ends = list(accumulate(map((1).__add__, lengths)))
    for number in wide:
        at, next_ = ends[number] - lengths[number] - 1, ends[number]
        end = next_ - (2 if text[next_ - 2 : next_ - 1] == b"\r" else 1)
        if TOKEN_BEGIN in text[at:end]:
            continue
        if next_ >= len(text) or text[end - 1] in _BLANKS or text[next_] in _BLANKS:
            continue
        if is_wide(text, at, lengths[number]) and not begins_record(text, next_):
            start = max(at, end - _AROUND)
            yield Junction(
                text[start:end] + text[next_ : min(next_ + lengths[number + 1], next_ + _AROUND)], start, end, next_
            )
