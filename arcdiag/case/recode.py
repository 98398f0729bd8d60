"""A stream in the code page of some Windows, read as UTF-8, so that secrets and messages are found in it as in any."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable
from typing import Protocol

from arcdiag.case.codepages import code_page_of, wide_codec_of
from arcdiag.case.sniff import without_gap

_BLOCK = 256 * 1024
_LOOKED_AT = 16 * 1024
_LONGEST = 1024 * 1024
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BEYOND_TWO_BYTES = 0x800
_TOKEN = re.compile(rb"(\xc2\xab[a-z][a-z0-9-]{0,30}:[^\xc2\xbb\s]{1,120}\xc2\xbb)")
"""What a redaction left in place of a name, in UTF-8 whatever the code page of the line."""


class Readable(Protocol):
    """What can be read from."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""


class Recoded:
    """Reads `inner`; lines that are no UTF-8 come in it, once what they hold shows their code page.

    `page`: that code page, None as long as none has shown. Line ends stay where they are. Text in UTF-16 comes as it
    is, if it has a mark or is mostly ASCII; else as UTF-8. Errors of `inner` come behind what was read before them.
    """

    def __init__(self, inner: Readable) -> None:
        self._inner = inner
        self._ready = self._held = b""
        self._error: Exception | None = None
        self._ended = self._begun = self._as_it_is = False
        self._wide: codecs.IncrementalDecoder | None = None
        self.page: str | None = None

    def read(self, size: int, /) -> bytes:
        """So many bytes, fewer at the end only."""
        while len(self._ready) < size and not self._ended:
            self._ready += self._next(max(size - len(self._ready), 1))
        if not self._ready and self._error is not None:
            raise self._error
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def _next(self, wanted: int) -> bytes:
        try:
            block = self._inner.read(min(wanted, _BLOCK))
        except (OSError, EOFError, zlib.error) as error:
            block, self._error = b"", error
        self._ended = not block
        if not self._begun:
            self._begin(block)
        if self._as_it_is:
            return block
        if self._wide is not None:
            return self._wide.decode(block, final=self._ended).encode("utf-8", "replace")
        data = self._held + block if self._held else block
        end = len(data) if self._ended or len(data) > _LONGEST else data.rfind(b"\n") + 1
        if not end and data.isascii():
            end = len(data)
        self._held = data[end:]
        return self._recoded(data[:end] if self._held else data)

    def _begin(self, block: bytes) -> None:
        self._begun = True
        sample = without_gap(block[:4096])
        zeros = sample.count(0)
        self._as_it_is = block.startswith(_WIDE_MARKS) or zeros > len(sample) * 0.3
        wide = wide_codec_of(sample) if zeros > len(sample) * 0.01 and not self._as_it_is else None
        if wide:
            self.page, self._wide = wide, codecs.getincrementaldecoder(wide)(errors="replace")

    def _recoded(self, data: bytes) -> bytes:
        if data.isascii() or (self.page is None and _is_utf8(data)):
            return data
        lines = data.split(b"\n")
        marked = [index for index, line in enumerate(lines) if not line.isascii()]
        if self.page is None:
            found = (line for index in marked if self._is_foreign(line := lines[index]))
            self.page = code_page_of(_TOKEN.sub(b"", _sample(found)))
        if self.page is None:
            return data
        for index in marked:
            if self._is_foreign(lines[index]):
                lines[index] = _in_utf8(lines[index], self.page)
        return b"\n".join(lines)

    def _is_foreign(self, line: bytes) -> bool:
        """Whether a line is in the code page: it is no UTF-8, or only by chance."""
        line = _TOKEN.sub(b"", line)
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            return _is_mostly_foreign(line)
        if line.isascii():
            return False
        eastern = self.page is not None and self.page not in ("cp1252", "cp850")
        return eastern and ord(max(text)) < _BEYOND_TWO_BYTES


def _in_utf8(line: bytes, page: str) -> bytes:
    """A line in a code page; tokens of a redaction in it are UTF-8 already."""
    parts = _TOKEN.split(line)
    parts[::2] = [part.decode(page, "replace").encode("utf-8", "replace") for part in parts[::2]]
    return b"".join(parts)


def _sample(lines: Iterable[bytes]) -> bytes:
    taken, size = [], 0
    for line in lines:
        taken.append(line)
        size += len(line)
        if size > _LOOKED_AT:
            break
    return b"\n".join(taken)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_foreign(line: bytes) -> bool:
    """Whether what is UTF-8 in a line is less than what is not: else it is a line of UTF-8 that was cut or damaged."""
    text = line.decode("utf-8", "replace")
    return sum(1 for char in text if ord(char) >= _BEYOND_TWO_BYTES and char != "\ufffd") <= text.count("\ufffd")
