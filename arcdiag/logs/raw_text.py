"""The bytes of a text file as they are, from the beginning, after some of them were read for another purpose."""

from __future__ import annotations

import codecs
import zlib
from collections import deque

from arcdiag.case.recode import Readable


class Kept:
    """Reads `inner`, and remembers all that was read until `forget` is called."""

    def __init__(self, inner: Readable) -> None:
        self._inner = inner
        self._taken: deque[bytes] | None = deque()

    def read(self, size: int) -> bytes:
        """As a stream's."""
        data = self._inner.read(size)
        if self._taken is not None and data:
            self._taken.append(data)
        return data

    def forget(self) -> None:
        """Let go of what was read; `again` is over."""
        self._taken = None

    def again(self, size: int) -> bytes:
        """The next bytes, counted from the very beginning; of any size up to `size` or what was read at a time."""
        if self._taken:
            return self._taken.popleft()
        return self._inner.read(size)


class RawText:
    """A file from its beginning in UTF-8, secrets and all. Errors of reading come as EOFError, OSError, zlib.error."""

    def __init__(self, kept: Kept, encoding: str) -> None:
        self._kept = kept
        wide = encoding.startswith("utf-16")
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace") if wide else None

    def read(self, size: int) -> bytes:
        """Some bytes; none at the end."""
        data = self._kept.again(size)
        if self._decoder is None:
            return data
        text = self._decoder.decode(data, final=not data)
        while not text and data:
            data = self._kept.again(size)
            text = self._decoder.decode(data, final=not data)
        return text.encode("utf-8", "replace")


READ_ERRORS = (EOFError, OSError, zlib.error)
"""What reading a stream of a case can raise."""
