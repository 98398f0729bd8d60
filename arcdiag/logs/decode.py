"""Bytes to physical lines: BOMs, UTF-16, code pages, gzip, invalid bytes, endless lines; constant memory."""

from __future__ import annotations

import codecs
import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from arcdiag.case.gunzip import Gunzip
from arcdiag.case.recode import Recoded
from arcdiag.case.sniff import without_gap
from arcdiag.logs.allowance import TOO_MANY_LINES, LineAllowance
from arcdiag.logs.raw_text import Kept, RawText
from arcdiag.redact.reader import ScrubbedReader

HEAD_BYTES = 256 * 1024
LINE_CHARS = 64 * 1024
"""A longer line is cut here and says so."""
_BLOCK = 256 * 1024
_REMAINDER = 8 * 1024
"""Scrubbed text is read in portions of so many bytes where less than a block is missing."""
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
    """The bytes cannot be read as text to their end (damaged, too many lines); what was read has been handed out."""


def unpack(stream: BinaryIO) -> BinaryIO:
    """The stream, unpacked if it is gzip."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))
    if buffered.peek(2)[:2] == b"\x1f\x8b":
        return cast(BinaryIO, io.BufferedReader(Gunzip(buffered), _BLOCK))
    return cast(BinaryIO, buffered)


def encoding_of(head: bytes) -> str:
    """The encoding that the first bytes show; `binary` if they are no text."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    sample = without_gap(head[:4096])
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

    def __init__(self, stream: BinaryIO, scrubbed: bool = False, allowance: LineAllowance | None = None) -> None:
        """Read `stream` without its secrets; `scrubbed` if they were taken out when it was written.

        `allowance`: the lines that the case may still have; a fresh one without.
        """
        self._allowance = allowance or LineAllowance()
        self._recoded = Recoded(unpack(stream))
        self._kept = Kept(self._recoded)
        self._stream = cast(BinaryIO, self._kept)
        if not scrubbed:
            self._stream = cast(BinaryIO, io.BufferedReader(ScrubbedReader(self._stream), _REMAINDER))
        self._first = self._read(HEAD_BYTES)
        self.head_bytes = len(self._first)
        self.encoding = encoding_of(self._first)
        self.replaced = False
        codec = "utf-8" if self.encoding == "binary" else self.encoding
        self._decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        self.head = codecs.getincrementaldecoder(codec)(errors="replace").decode(self._first).lstrip("\ufeff")

    @property
    def shown_encoding(self) -> str:
        """The encoding, as far as it has shown: a code page does with its first characters only."""
        return self._recoded.page or self.encoding

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except (EOFError, zlib.error) as error:
            raise UnreadableError(f"damaged gzip data: {error}") from error

    def raw(self) -> RawText:
        """The bytes from the beginning, as UTF-8 and with their secrets; nothing else may be read after that."""
        return RawText(self._kept, self.encoding)

    def _texts(self) -> Iterator[str]:
        self._kept.forget()
        block = self._first
        while block:
            text = self._decoder.decode(block)
            if not self._allowance.takes(text):
                raise UnreadableError(TOO_MANY_LINES)
            if not self.replaced and "\ufffd" in text:
                self.replaced = True
            yield text
            block = self._read(_BLOCK)
        rest = self._decoder.decode(b"", final=True)
        self.replaced = self.replaced or "\ufffd" in rest
        yield rest

    def blocks(self) -> Iterator[str]:
        """The whole text in pieces of any size, without a byte order mark. Raises UnreadableError."""
        for number, text in enumerate(self._texts()):
            yield text.lstrip("\ufeff") if number == 0 else text

    def lines(self) -> Iterator[Line]:
        """All lines. A line end is LF or CRLF; a lone CR stays in the text. Raises UnreadableError."""
        return _lines(self._texts(), 1)

    def lines_of(self, rest: BinaryIO, number: int) -> Iterator[Line]:
        """The lines of a stream in UTF-8 that goes on where `raw` was left, the first of them line `number`."""
        self._stream = rest
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._first = self._read(_BLOCK)
        return _lines(self._texts(), number)


def _lines(texts: Iterable[str], number: int) -> Iterator[Line]:
    pending, dropping = "", False
    for text in texts:
        pieces = (pending + text).split("\n")
        pending = pieces.pop()
        for piece in pieces:
            if not dropping:
                yield line_of(number, piece)
            number, dropping = number + 1, False
        if len(pending) > LINE_CHARS:
            if not dropping:
                yield line_of(number, pending)
            pending, dropping = "", True
    if pending and not dropping:
        yield line_of(number, pending)


def line_of(number: int, text: str) -> Line:
    """A line from its text, which may end with a CR."""
    text = text.removesuffix("\r")
    if number == 1:
        text = text.lstrip("\ufeff")
    if len(text) > LINE_CHARS:
        return Line(number, text[:LINE_CHARS], cut=True)
    return Line(number, text)
