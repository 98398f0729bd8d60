"""Bytes to physical lines: BOMs, UTF-16 with and without one, gzip, invalid bytes, endless lines; constant memory."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from arcdiag.redact.reader import ScrubbedReader

HEAD_BYTES = 256 * 1024
LINE_CHARS = 64 * 1024
"""A longer line is cut here and says so."""
_BLOCK = 256 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A physical line: `number` from 1, no line end; `cut` if it was longer than LINE_CHARS."""

    number: int
    text: str
    cut: bool = False


class UnreadableError(Exception):
    """The bytes cannot be read as text to their end (a damaged gzip); what was read so far has been handed out."""


def unpack(stream: BinaryIO) -> BinaryIO:
    """The stream, unpacked if it is gzip."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))
    if buffered.peek(2)[:2] == b"\x1f\x8b":
        return cast(BinaryIO, gzip.GzipFile(fileobj=buffered))
    return cast(BinaryIO, buffered)


def encoding_of(head: bytes) -> str:
    """The encoding that the first bytes show; `binary` if they are no text."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    sample = head[:4096]
    if not sample.count(0):
        return "utf-8"
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) * 0.3 and even < len(sample) * 0.05:
        return "utf-16-le"
    if even > len(sample) * 0.3 and odd < len(sample) * 0.05:
        return "utf-16-be"
    return "binary" if sample.count(0) > len(sample) * 0.1 else "utf-8"


class TextFile:
    """A stream as text. `encoding` is known at once, `replaced` (invalid bytes were seen) only after reading.

    `head` is the beginning of the text, up to HEAD_BYTES bytes of it, for looking at before reading on.
    """

    def __init__(self, stream: BinaryIO, scrubbed: bool = False) -> None:
        """Read `stream` without its secrets; `scrubbed` if they were taken out when it was written."""
        self._stream = unpack(stream)
        if not scrubbed:
            self._stream = cast(BinaryIO, io.BufferedReader(ScrubbedReader(self._stream), _BLOCK))
        self._first = self._read(HEAD_BYTES)
        self.encoding = encoding_of(self._first)
        self.replaced = False
        codec = "utf-8" if self.encoding == "binary" else self.encoding
        self._decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        self.head = codecs.getincrementaldecoder(codec)(errors="replace").decode(self._first).lstrip("\ufeff")

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableError(f"damaged gzip data: {error}") from error

    def _texts(self) -> Iterator[str]:
        block = self._first
        while block:
            text = self._decoder.decode(block)
            if not self.replaced and "\ufffd" in text:
                self.replaced = True
            yield text
            block = self._read(_BLOCK)
        yield self._decoder.decode(b"", final=True)

    def blocks(self) -> Iterator[str]:
        """The whole text in pieces of any size, without a byte order mark. Raises UnreadableError."""
        for number, text in enumerate(self._texts()):
            yield text.lstrip("\ufeff") if number == 0 else text

    def lines(self) -> Iterator[Line]:
        """All lines. A line end is LF or CRLF; a lone CR stays in the text. Raises UnreadableError."""
        number, pending, dropping = 1, "", False
        for text in self._texts():
            pieces = (pending + text).split("\n")
            pending = pieces.pop()
            for piece in pieces:
                if not dropping:
                    yield _line(number, piece)
                number, dropping = number + 1, False
            if len(pending) > LINE_CHARS:
                if not dropping:
                    yield _line(number, pending)
                pending, dropping = "", True
        if pending and not dropping:
            yield _line(number, pending)


def _line(number: int, text: str) -> Line:
    text = text.removesuffix("\r")
    if number == 1:
        text = text.lstrip("\ufeff")
    if len(text) > LINE_CHARS:
        return Line(number, text[:LINE_CHARS], cut=True)
    return Line(number, text)
