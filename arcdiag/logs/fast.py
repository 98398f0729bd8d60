"""Reads a large log by blocks, where its form allows that; what the blocks cannot tell is read line by line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from arcdiag.logs.allowance import TOO_MANY_LINES, LineAllowance
from arcdiag.logs.decode import Line, TextFile, UnreadableError
from arcdiag.logs.forms import LineForm, form_of
from arcdiag.logs.nearby import Scrubbing, each_record
from arcdiag.logs.records import records
from arcdiag.logs.scan import Hit, Scanner
from arcdiag.logs.shape import Shape, shaped
from arcdiag.logs.skim import Skimmer
from arcdiag.logs.split import Split, found_in
from arcdiag.logs.windows import Window, Windows
from arcdiag.model.record import Record
from arcdiag.redact.reader import ScrubbedReader

if TYPE_CHECKING:
    from arcdiag.logs.windows import Reads
    from arcdiag.model.stamp import Stamp

KINDS = frozenset(
    {"himds-log", "azcmagent-log", "arcproxy-log", "gc-ext-log", "gc-agent-log", "waagent-log", "waappagent-log"}
)
"""Logs that services write for years."""
_CODECS = frozenset({"utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"})


class _Rest:
    """The bytes that are left, then the rest of the stream, or the error that ended it."""

    def __init__(self, left: bytes, stream: Reads, error: Exception | None) -> None:
        self._left, self._stream, self._error = left, stream, error

    def read(self, size: int) -> bytes:
        if self._left:
            data, self._left = self._left, b""
            return data
        if self._error is not None:
            raise self._error
        return self._stream.read(size)


class FastReader:
    """Hits of one file. `lines`, `last` and `replaced` tell what was read so far; `problem` why not more."""

    def __init__(
        self,
        file: TextFile,
        scanner: Scanner,
        kind: str,
        form: LineForm,
        scrubbed: bool,
        allowance: LineAllowance,
        split: Split,
    ) -> None:
        self._split = split
        self._file, self._scanner, self._kind, self._form = file, scanner, kind, form
        codec = file.encoding if file.encoding.startswith("utf-16") else ""
        self._scrubbed, self._allowance = scrubbed, allowance
        self._skimmer = Skimmer(scanner, kind, form, Scrubbing(scrubbed, codec))
        self._lines = 0
        self._last: Stamp | None = None
        self.problem: str | None = None

    @property
    def lines(self) -> int:
        """Lines so far."""
        return max(self._lines, self._skimmer.lines)

    @property
    def last(self) -> Stamp | None:
        """The newest stamp, by place."""
        return self._last or self._skimmer.last

    @property
    def replaced(self) -> bool:
        """Whether there were bytes that are no text."""
        return self._skimmer.replaced

    def hits(self) -> Iterator[Hit]:
        """In order."""
        stream = self._file.raw()
        windows = Windows(stream, self._form)
        window: Window | None = None
        try:
            regions = self._scanner.regions(self._kind, self._form)
            for window, found in found_in(windows, regions, self._split):
                before = self._skimmer.lines
                yield from self._skimmer.hits(window, found)
                if not self._allowance.takes_lines(window.end, self._skimmer.lines - before):
                    raise UnreadableError(TOO_MANY_LINES)
            if window is not None:
                yield from self._skimmer.finish(window)
            if windows.stuck or windows.error is not None:
                yield from self._line_by_line(window, _Rest(windows.left, stream, windows.error))
        except (UnreadableError, OSError) as error:
            self.problem = f"read up to line {self.lines} only: {error}"

    def _line_by_line(self, window: Window | None, rest: _Rest) -> Iterator[Hit]:
        """The hits of the rest; lines before it are read again for what stands around the first of them."""
        run_up = self._skimmer.run_up(window, window.end) if window is not None else b""
        number = self._skimmer.lines - run_up.count(b"\n") + 1
        parts = cast(BinaryIO, _Rest(run_up, rest, None))
        if not self._scrubbed:
            parts = cast(BinaryIO, io.BufferedReader(ScrubbedReader(parts)))
        lines = self._file.lines_of(parts, number)
        found = self._records(lines)
        for hit in self._scanner.scan(found, self._kind, self._skimmer.asked):
            if hit.record.line > self._skimmer.lines:
                yield hit

    def _records(self, lines: Iterator[Line]) -> Iterator[Record]:
        for record in records(shaped(self._counted(lines), Shape())):
            self._last = record.time or self._last
            yield record

    def _counted(self, lines: Iterator[Line]) -> Iterator[Line]:
        for line in lines:
            self._lines = line.number
            yield line


def fast_form(file: TextFile, kind: str, shape: Shape, least: int) -> tuple[LineForm, Stamp] | None:
    """The form by which a file can be read in blocks, and its first stamp; None if it is small or of another sort."""
    if file.head_bytes < least or kind not in KINDS or shape != Shape() or file.encoding not in _CODECS:
        return None
    form = form_of(file.head)
    if form is None:
        return None
    first = next((r.time for r in each_record(file.head.encode("utf-8", "replace"), 1) if r.time), None)
    return (form, first) if first is not None else None
