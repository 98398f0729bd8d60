"""The fast way through a large log: blocks of bytes in, the same hits out as from reading it line by line.

Only records with a needle in their lines are taken apart, and not even they if all but the time was seen before.
What stands around a hit is read when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from arcdiag.logs.forms import LineForm
from arcdiag.logs.likeness import Key, Likeness
from arcdiag.logs.nearby import Nearby, Scrubbing, read_records
from arcdiag.logs.regions import Found
from arcdiag.logs.scan import NOTHING_ASKED, Asked, Hit, Scanner
from arcdiag.logs.series import Seen, Series
from arcdiag.logs.times import parse_time
from arcdiag.logs.windows import Window
from arcdiag.model.record import Record
from arcdiag.model.stamp import Stamp

_RUN_UP = 4096
"""So many bytes before a record are scrubbed with it: a secret may begin there."""
_GOES_ON = (b"\\", b"`", b"^")
_REMEMBERED = 4096
_LONGEST_KEY = 1024
_CONTEXT_STARTS = 3


@dataclass(frozen=True, slots=True)
class _Known:
    """What a line says whatever its time; `hit` is None where that is nothing. `routine`: it counts, no more."""

    hit: Hit | None
    routine: bool = False


class Skimmer:
    """Reads the windows of one file. `lines` and `last`, the newest stamp, tell how far it has come."""

    def __init__(self, scanner: Scanner, kind: str, form: LineForm, scrubbing: Scrubbing) -> None:
        self._scanner, self._kind, self._form, self._scrubbing = scanner, kind, form, scrubbing
        self._start = b"\n" + form.start
        self._known: dict[Key, _Known] = {}
        self._alike: Likeness[_Known] = Likeness(scanner.regions(kind, form).has_number)
        self._series: Series[_Known] = Series()
        self.asked: Asked = NOTHING_ASKED
        self.lines = 0
        self.replaced = False
        self.last: Stamp | None = None

    def hits(self, window: Window, found: Found) -> Iterator[Hit]:
        """The hits of the next window; `found` is what is to be read of it."""
        data, first = window.data, self.lines + 1
        key_of, known_of, feed = self._form.key.match, self._known.get, self._series.feed
        for begin, end, before in found.stretches:
            line = first + before
            match = key_of(data, begin, end)
            if match is None or end - match.end() > 1:
                yield from self._read(window, begin, end, line)
                continue
            groups = match.groups()
            stamp, key = groups[0], groups[1:]
            known = known_of(key) or self._like(key)
            if known is None:
                yield from self._read(window, begin, end, line, key, stamp)
            elif known.routine:
                for seen in feed(known, line, stamp):
                    yield _routine(seen)
            elif known.hit is not None:
                yield from self._flushed()
                yield self._again(known.hit, line, stamp, window, begin, end)
        self.lines += found.line_ends
        if data[window.end - 1 : window.end] != b"\n":
            self.lines += 1

    def finish(self, window: Window) -> Iterator[Hit]:
        """What was held back; `window` is the last one, from which `last` is read."""
        yield from self._flushed()
        at = window.end
        while at > 0:
            at = window.data.rfind(self._start, 0, at) + 1
            raw = self._scrubbing.clean(window.data[at : window.end], b"")
            times = [record.time for record in read_records(raw, 2) if record.time]
            if times:
                self.last = times[-1]
                return

    def _flushed(self) -> Iterator[Hit]:
        yield from map(_routine, self._series.flush())

    def _read(
        self, window: Window, begin: int, end: int, line: int, key: Key = (), stamp: bytes = b""
    ) -> Iterator[Hit]:
        raw = self._scrubbing.clean(window.data[begin:end], self._line_before(window, begin))
        found = read_records(raw, line)
        asked = self.asked
        for record in found:
            self.replaced = self.replaced or "\ufffd" in record.text
            hit, self.asked = self._scanner.follow(record, self._kind, self.asked)
            known = None
            if key and len(found) == 1 and self.asked is asked:
                known = self._remember(key, stamp, record, hit)
            if hit is None:
                continue
            if known is not None and known.routine:
                yield from map(_routine, self._series.feed(known, line, stamp))
                continue
            yield from self._flushed()
            yield Hit(hit.record, hit.matches, hit.marks, hit.codes, self._nearby(window, begin, end, record, line))

    def _remember(self, key: Key, stamp: bytes, record: Record, hit: Hit | None) -> _Known | None:
        if sum(map(len, key)) > _LONGEST_KEY or record.line != record.end_line:
            return None
        if record.time is None or record.time != parse_time(stamp.decode("utf-8", "replace")):
            return None
        known = _Known(hit, hit is not None and self._is_routine(hit))
        self._keep(key, known)
        if (hit is None or known.routine) and self._scanner.ignores_digits(record.text):
            self._alike.learn(key, known)
        return known

    def _like(self, key: Key) -> _Known | None:
        """What a line says that differs from a known one in nothing that matters."""
        known = self._alike.find(key)
        if known is not None:
            self._keep(key, known)
        return known

    def _keep(self, key: Key, known: _Known) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[key] = known

    def _is_routine(self, hit: Hit) -> bool:
        """Whether nothing but the marks of one routine step stands in it."""
        if hit.matches or hit.codes or hit.record.level.is_error:
            return False
        return self._scanner.is_routine(hit.marks)

    def _again(self, hit: Hit, line: int, stamp: bytes, window: Window, begin: int, end: int) -> Hit:
        found = _at(hit, line, stamp, 0)
        around = self._nearby(window, begin, end, found.record, line)
        return Hit(found.record, hit.matches, hit.marks, hit.codes, around)

    def _nearby(self, window: Window, begin: int, end: int, record: Record, line: int) -> Nearby:
        """The record of `line` at `data[begin:end]` with enough records before and behind it."""
        data, first, behind = window.data, begin, end
        for _ in range(_CONTEXT_STARTS):
            first = data.rfind(self._start, 0, max(0, first - 1) + len(self._form.start)) + 1
            if not first:
                break
        for _ in range(_CONTEXT_STARTS):
            behind = data.find(self._start, behind) + 1
            if not behind:
                behind = len(data)
                break
        before = data[first:begin]
        if not first:
            before = window.before + before
        return Nearby(before + data[begin:behind], line - before.count(b"\n"), record, self._scrubbing)

    def _line_before(self, window: Window, begin: int) -> bytes:
        """The line in which a secret may begin that goes on at `begin`, and more where that goes on another one."""
        start = window.data.rfind(b"\n", 0, max(0, begin - 1)) + 1
        line = window.data[start:begin]
        if not start or line.rstrip().endswith(_GOES_ON):
            return self.run_up(window, begin)
        return line

    def run_up(self, window: Window, begin: int) -> bytes:
        """Whole lines before a place of a window."""
        lines = window.data[begin - _RUN_UP - 1 : begin] if begin > _RUN_UP else window.before + window.data[:begin]
        if len(lines) <= _RUN_UP:
            return lines
        at = lines.find(b"\n", len(lines) - _RUN_UP - 1)
        return lines[at + 1 :] if at >= 0 else b""


def _routine(seen: Seen[_Known]) -> Hit:
    assert seen.what.hit is not None
    return _at(seen.what.hit, seen.line, seen.stamp, seen.again)


def _at(hit: Hit, line: int, stamp: bytes, again: int) -> Hit:
    """A hit that was seen before, at another line and time."""
    old = hit.record
    time = parse_time(stamp.decode("utf-8", "replace"))
    record = Record(line, line, time, old.level, old.text, old.form, old.fields, old.cut)
    return Hit(record, hit.matches, hit.marks, hit.codes, again=again)
