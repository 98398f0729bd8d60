"""The headers of a tar, read in bounded time and memory.

The standard library's reader takes a block apart well, but trusts what holds several of them together: chains of long
names call it again and again, maps of holes and attributes grow as they like, and its patterns take the square of
their length.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from arcdiag.case.limits import MAX_HEADER_BYTES, MAX_HEADER_FIELDS
from arcdiag.case.spool import Budget

BLOCK = tarfile.BLOCKSIZE
_SKIPPED = 1024 * 1024
_LONG_NAME, _LONG_LINK = tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK
_ATTRIBUTES = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_FIELD = re.compile(rb"(\d{1,7}) ([^=\n]{1,255})=")
_MORE_HOLES, _STILL_MORE_HOLES = 482, 504
"""Where an old header with holes, and each block of its map, say that the map goes on."""


class DamagedTarError(Exception):
    """A header that is none, or data that ends before the archive does."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`at`: where its `size` bytes begin in the archive. `kind`: file, folder, link or special (holes included)."""

    name: str
    kind: str
    at: int
    size: int


@dataclass
class _Ahead:
    """What the headers before a member's own say of it."""

    name: str | None = None
    size: int | None = None
    holes: bool = False


@dataclass
class TarStream:
    """A tar that is read once, forwards. `seekable`: what is not wanted is jumped over; else it is read past."""

    stream: BinaryIO
    seekable: bool
    budget: Budget
    at: int = field(default=0, init=False)

    def entries(self) -> Iterator[Entry]:
        """The entries; the data of one must be read, if at all, before the next is asked for.

        Raises TooManyError, DamagedTarError, and what the stream does.
        """
        ahead = _Ahead()
        while (block := self._block()).count(0) != BLOCK:
            self.budget.take_entry()
            header = _header(block)
            if header.type in (_LONG_NAME, _LONG_LINK, tarfile.XGLTYPE, *_ATTRIBUTES):
                _learn(ahead, header.type, self._held(header.size))
                continue
            entry = self._entry(header, ahead, block)
            yield entry
            self._go_to(entry.at + (entry.size + -entry.size % BLOCK if _has_data(header) else 0))
            ahead = _Ahead()

    def read(self, size: int) -> bytes:
        """At most so many of the next bytes."""
        data = self.stream.read(size)
        self.at += len(data)
        return data

    def _entry(self, header: tarfile.TarInfo, ahead: _Ahead, block: bytes) -> Entry:
        holes = ahead.holes or header.type == tarfile.GNUTYPE_SPARSE
        more = header.type == tarfile.GNUTYPE_SPARSE and block[_MORE_HOLES]
        while more:
            self.budget.take_entry()
            more = self._block()[_STILL_MORE_HOLES]
        kind = "special"
        if header.isdir():
            kind = "folder"
        elif header.issym() or header.islnk():
            kind = "link"
        elif header.isreg() and not holes:
            kind = "file"
        size = header.size if ahead.size is None else ahead.size
        return Entry(header.name if ahead.name is None else ahead.name, kind, self.at, size)

    def _block(self) -> bytes:
        return self._exactly(BLOCK)

    def _held(self, size: int) -> bytes:
        """The content of a header, which is held in memory."""
        if size > MAX_HEADER_BYTES:
            raise DamagedTarError
        return self._exactly(size + -size % BLOCK)[:size]

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self.read(size - len(data))
            if not more:
                raise DamagedTarError
            data += more
        return data

    def _go_to(self, place: int) -> None:
        if self.seekable:
            self.at = self.stream.seek(place)
        while self.at < place:
            if not self.read(min(_SKIPPED, place - self.at)):
                raise DamagedTarError


def _header(block: bytes) -> tarfile.TarInfo:
    try:
        header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError) as error:
        raise DamagedTarError from error
    if header.size < 0:
        raise DamagedTarError
    return header


def _has_data(header: tarfile.TarInfo) -> bool:
    return header.isreg() or header.type not in tarfile.SUPPORTED_TYPES


def _learn(ahead: _Ahead, kind: bytes, content: bytes) -> None:
    if kind == _LONG_NAME:
        ahead.name = _text(content.partition(b"\0")[0])
    elif kind in _ATTRIBUTES:
        _learn_attributes(ahead, content)


def _learn_attributes(ahead: _Ahead, content: bytes) -> None:
    """Path and size; what does not look like an attribute ends the list, as it does for other programs."""
    at = 0
    for _ in range(MAX_HEADER_FIELDS):
        found = _FIELD.match(content, at)
        if not found:
            return
        end = at + int(found[1])
        if end <= found.end() or end > len(content):
            return
        name, value = found[2], content[found.end() : end - 1]
        if name in (b"path", b"GNU.sparse.name"):
            ahead.name = _text(value).rstrip("/")
        elif name == b"size":
            if not re.fullmatch(rb"\d{1,19}", value):
                raise DamagedTarError
            ahead.size = int(value)
        ahead.holes = ahead.holes or name.startswith(b"GNU.sparse.")
        at = end
    raise DamagedTarError


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
