"""Unpacks gzip: many parts behind one another, each as small as it likes, at the speed of zlib and only so many."""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO, cast

from arcdiag.case.limits import MAX_GZIP_PARTS

_BLOCK = 1024 * 1024
_INPUT = 8 * 1024
"""Packed bytes at once: what is left of them behind each part is copied, so a big block makes small parts dear."""
_GZIP = 16 + zlib.MAX_WBITS


class TooManyPartsError(EOFError):
    """Data goes on behind the last part that is read; the text says how many those are."""


class Gunzip(io.RawIOBase):
    """The unpacked bytes of `packed`, which is not closed with it; zeros between and behind the parts are no data.

    Reading raises zlib.error for what is no gzip or is damaged, EOFError if it is cut off, and TooManyPartsError; what
    lies before that place has been handed out then. The standard library's reader runs Python for each part: a few
    megabytes of empty parts keep it busy for minutes.
    """

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._rest = b""
        self._part: zlib._Decompress | None = None
        self._fresh = True
        self._parts = 0
        self._saved = b""
        self._error: zlib.error | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: object) -> int:
        """As `io.RawIOBase`."""
        view = memoryview(cast(bytearray, buffer))
        data = self.some(len(view))
        view[: len(data)] = data
        return len(data)

    def some(self, most: int = _BLOCK) -> bytes:
        """The next unpacked bytes, at least one and at most so many; empty at the end."""
        # zlib takes 0 for no limit.
        while most > 0 and self._error is None:
            part = self._part or self._next_part()
            data = self._unpacked(part, most) if part else b""
            if data or part is None:
                return data
        if self._error is not None and not self._saved:
            raise self._error
        data, self._saved = self._saved[:most], self._saved[most:]
        return data

    def _next_part(self) -> zlib._Decompress | None:
        while not (rest := self._rest.lstrip(b"\0") if self._parts else self._rest):
            self._rest = self._packed.read(_INPUT)
            if not self._rest:
                return None
        if self._parts >= MAX_GZIP_PARTS:
            raise TooManyPartsError(f"only its first {MAX_GZIP_PARTS:,} packed parts are read")
        self._parts += 1
        self._rest, self._fresh = rest, True
        self._part = zlib.decompressobj(_GZIP)
        return self._part

    def _unpacked(self, part: zlib._Decompress, most: int) -> bytes:
        packed = self._rest or self._packed.read(_INPUT)
        before = None if self._fresh else part.copy()
        try:
            data = part.decompress(packed, most)
        except zlib.error as error:
            # zlib throws away what it has when the damaged place comes.
            self._saved, self._error = _up_to_the_damage(before or zlib.decompressobj(_GZIP), packed), error
            return b""
        self._fresh = False
        self._rest = part.unconsumed_tail
        if part.eof:
            self._rest, self._part = part.unused_data, None
        elif not packed and not data:
            raise EOFError("the packed data ends in the middle")
        return data


def _up_to_the_damage(part: zlib._Decompress, packed: bytes) -> bytes:
    """What can be unpacked of `packed`, whose end cannot."""
    found, step = b"", len(packed)
    while step:
        attempt = part.copy()
        try:
            found += attempt.decompress(packed[:step])
        except zlib.error:
            step //= 2
        else:
            part, packed = attempt, packed[step:]
    return found
