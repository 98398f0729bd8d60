"""A stream of bytes that is read without its secrets, so that nothing behind it ever sees one."""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO

from arcdiag.redact.stream import Scrubber

_BLOCK, _LEAST = 256 * 1024, 8 * 1024


class ScrubbedReader(io.RawIOBase):
    """Reads `inner` through the scrubber: whole lines before they are taken apart, as secrets go over several.

    Lines stay lines. Errors of `inner` come through, after what was read before them.
    """

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        self._scrubber = Scrubber()
        self._ready = b""
        self._ended = False
        self._error: Exception | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: object) -> int:
        """As `io.RawIOBase`."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._ready and not self._ended:
            self._ready = self._next(len(view))
        if not self._ready and self._error is not None:
            raise self._error
        data, self._ready = self._ready[: len(view)], self._ready[len(view) :]
        view[: len(data)] = data
        return len(data)

    def _next(self, wanted: int) -> bytes:
        try:
            # No more than is asked for: whoever looks at the beginning only does not pay for what follows.
            block = self._inner.read(min(_BLOCK, max(wanted, _LEAST)))
        except (OSError, EOFError, zlib.error) as error:
            block, self._error = b"", error
        if block:
            return self._scrubber.feed(block)
        self._ended = True
        return self._scrubber.finish()
