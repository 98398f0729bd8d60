"""A log in portions of whole records, each with some of what stands before and behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from arcdiag.logs.forms import LineForm
from arcdiag.logs.raw_text import READ_ERRORS

BLOCK = 1024 * 1024
BEHIND = 16 * 1024
"""So much is kept of what stands before a portion, and at least so much is known of what stands behind it."""
MOST = 4 * 1024 * 1024


class Reads(Protocol):
    """Anything with `read`."""

    def read(self, size: int, /) -> bytes:
        """Some bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Window:
    """`data[:end]` are whole records that begin where a line begins; `before` are some whole lines before them."""

    data: bytes
    end: int
    before: bytes


class Windows:
    """Portions of a stream. What is left when they end is `left`: the file's last bytes before an `error`, or the
    beginning of a stretch without a single record (`stuck`), from which on the stream is to be read in another way.
    """

    def __init__(self, stream: Reads, form: LineForm) -> None:
        self._stream = stream
        self._form = form
        self._start = b"\n" + form.start
        self.left = b""
        self.error: Exception | None = None
        self.stuck = False

    def __iter__(self) -> Iterator[Window]:
        held, before = b"", b""
        while block := self._read():
            data = held + block if held else block
            end = self._end(data)
            if end > 0:
                yield Window(data, end, before)
                before = _last_lines(before + data[:end] if end < BEHIND else data[end - BEHIND - 1 : end])
                held = data[end:]
            elif len(data) > MOST:
                self.left, self.stuck = data, True
                return
            else:
                held = data
        if self.error is not None:
            self.left = held
        elif held:
            yield Window(held, len(held), before)

    def _read(self) -> bytes:
        try:
            return self._stream.read(BLOCK)
        except READ_ERRORS as error:
            self.error = error
            return b""

    def _end(self, data: bytes) -> int:
        """Where the last record begins that has enough behind it; 0 if there is none."""
        at = data.rfind(self._start, 0, max(0, len(data) - BEHIND))
        while at >= 0 and not self._form.begins(data, at + 1):
            at = data.rfind(self._start, 0, at + 1)
        return at + 1


def _last_lines(data: bytes) -> bytes:
    """The whole lines among the last BEHIND bytes."""
    if len(data) <= BEHIND:
        return data
    return data[data.find(b"\n", len(data) - BEHIND - 1) + 1 :]
