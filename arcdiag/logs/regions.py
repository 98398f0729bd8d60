"""The few records of a portion that can say something; the others are never taken apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from arcdiag.logs.finder import Finder, finder_of
from arcdiag.logs.forms import LineForm
from arcdiag.logs.growing import GrowingFinder, SharedFinder
from arcdiag.logs.needles import DOUBTFUL, FOLDED, ODD, strays_of
from arcdiag.logs.second_look import telling

_LONE_RETURN = re.compile(rb"\r(?!\n)")
_ODD = bytes([ODD])
_BLANK = 0x20
_SMALL = 8 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be read of a portion: `stretches` of (begin, end, line ends before it), in order.

    Each stretch is one record with all its lines. `line_ends` is how many the whole portion has.
    """

    stretches: Sequence[tuple[int, int, int]]
    line_ends: int


class Regions:
    """Compiled once for a kind and a form of log, whose `needles` are among the `shared` ones.

    `numbered` gives all that is searched for and holds a digit, whole; few logs ask for it.
    """

    def __init__(
        self,
        shared: SharedFinder,
        needles: Collection[bytes],
        numbered: Callable[[], Sequence[bytes]],
        form: LineForm,
    ) -> None:
        self._form = form
        self._start = b"\n" + form.start
        self._finder = GrowingFinder(shared, needles, DOUBTFUL, strays_of(form))
        self._numbered = numbered

    def expect(self, size: int) -> None:
        """The next file has so many bytes, as far as is known."""
        self._finder.expect(size)

    def find(self, data: bytes, end: int) -> Found:
        """What is to be read of `data[:end]`, which begins where a record does, or with lines that belong to none."""
        points, strays = self._points(data, end)
        found = self._stretches(data, end, points if strays is None else points + strays)
        if strays is None and (strays := self._irregular(data, end, found.line_ends)):
            return self._stretches(data, end, points + strays)
        return found

    def has_number(self, line: bytes) -> bool:
        """Whether a number that is searched for stands in a line, which is in lower case."""
        return bool(self._numbers.find(line))

    @cached_property
    def _numbers(self) -> Finder:
        return finder_of(self._numbered())

    def _stretches(self, data: bytes, end: int, points: list[int]) -> Found:
        start, form, done = self._start, self._form, 0
        ahead = len(form.start)
        counted, lines = 0, 0
        stretches = []
        for point in sorted(points):
            if point < done:
                continue
            begin = data.rfind(start, done - 1 if done else 0, point + ahead) + 1 or done
            while begin > done and not form.begins(data, begin):
                begin = data.rfind(start, done - 1 if done else 0, begin) + 1 or done
            done = data.find(start, point, end + ahead) + 1 or end
            while done < end and not form.begins(data, done):
                done = data.find(start, done, end + ahead) + 1 or end
            lines += data.count(b"\n", counted, begin)
            counted = begin
            stretches.append((begin, done, lines))
        return Found(stretches, lines + data.count(b"\n", counted, end))

    def _points(self, data: bytes, end: int) -> tuple[list[int], list[int] | None]:
        """Places in the lines that are worth a look, and the beginnings of lines that begin no record, if known."""
        low = data.translate(FOLDED)
        plain, apart, breaks = self._finder.find(low)
        points = [at for at in plain if at < end]
        doubtful = [at for at in apart if at < end and (data[at] == _BLANK or _is_escape(data, at))]
        if _ODD in low:
            doubtful += _all(low, _ODD, end)
        if doubtful:
            points += telling(data, sorted(doubtful), end, self._finder.places)
        if b"\r" in low and low.count(b"\r", 0, end) != low.count(b"\r\n", 0, end + 1):
            points += [match.start() for match in _LONE_RETURN.finditer(data, 0, end)]
        if breaks is None:
            return points, None
        strays = [at + 1 for at in breaks if at + 1 < end]
        return points, strays if data.startswith(self._form.start) else [0, *strays]

    def _irregular(self, data: bytes, end: int, line_ends: int) -> list[int]:
        """Lines of `data[:end]` that do not begin as records do; few if any in most logs."""
        points: list[int] = []
        if line_ends + (data[end - 1 : end] != b"\n") != self._starts(data, 0, end):
            self._add_irregular(data, 0, end, points)
        return points

    def _starts(self, data: bytes, begin: int, end: int) -> int:
        return data.count(self._start, begin, end) + data.startswith(self._form.start, begin, end)

    def _add_irregular(self, data: bytes, begin: int, end: int, points: list[int]) -> None:
        lines = data.count(b"\n", begin, end) + (data[end - 1 : end] != b"\n")
        if lines == self._starts(data, begin, end):
            return
        middle = data.find(b"\n", (begin + end) // 2, end) + 1
        if end - begin > _SMALL and begin < middle < end:
            self._add_irregular(data, begin, middle, points)
            self._add_irregular(data, middle, end, points)
            return
        at = begin
        while at < end:
            if not data.startswith(self._form.start, at):
                points.append(at)
            at = data.find(b"\n", at, end) + 1 or end


def _is_escape(data: bytes, at: int) -> bool:
    """Whether the backslash at `at` is not itself escaped."""
    before = at
    while before > 0 and data[before - 1] == 0x5C:
        before -= 1
    return (at - before) % 2 == 0


def _all(low: bytes, sign: bytes, end: int) -> list[int]:
    """One place in each line of `low[:end]` that holds `sign`."""
    found = []
    at = low.find(sign, 0, end)
    while at >= 0:
        found.append(at)
        line_end = low.find(b"\n", at, end)
        at = low.find(sign, line_end, end) if line_end >= 0 else -1
    return found
