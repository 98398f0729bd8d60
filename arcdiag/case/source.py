"""The newest part of a file on its way into a bundle: as text, unpacked, and never more than a cap."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from arcdiag.case.folder import open_regular
from arcdiag.case.packed import tolerant
from arcdiag.case.sniff import SNIFF_BYTES, Shape, look
from arcdiag.case.spool import TooMuchError, check_ratio
from arcdiag.case.streams import why_unreadable
from arcdiag.case.text_only import TextOnly
from arcdiag.redact.stream import Scrubber, wide_codec

_BLOCK = 1024 * 1024
_RUN_UP = 64 * 1024
"""So many bytes before the kept part are scrubbed with it, so that no secret that begins there is half kept."""
_SAMPLE = 1024 * 1024
_KEY_STORES = (".key", ".pfx", ".p12", ".jks", ".keytab")


class LeftOutError(Exception):
    """A file that does not go into a bundle; the text says why."""


@dataclass(frozen=True, slots=True)
class Tail:
    """`size` bytes of text in all, of which the first `dropped` are not kept; `packed` if they come from a gzip."""

    path: Path
    size: int
    dropped: int
    packed: bool
    head: bytes


def measure_tail(path: Path, cap: int) -> Tail:
    """Look at a file without keeping anything. Raises LeftOutError for links, devices, key stores and binary files."""
    if path.suffix.lower() in _KEY_STORES:
        raise LeftOutError("it holds key material, which is never copied")
    try:
        if path.is_symlink() and path.resolve().parent != path.parent.resolve():
            raise LeftOutError("it is a link that leads elsewhere")
        with _open(path) as file:
            size = os.fstat(file.fileno()).st_size
            head = file.read(SNIFF_BYTES)
            packed = look(head).shape is Shape.GZIP
            if packed:
                head, size = _measure_packed(file, size)
    except OSError as error:
        raise LeftOutError(why_unreadable(error)) from error
    seen = look(head)
    if seen.shape not in (Shape.TEXT, Shape.EMPTY):
        raise LeftOutError(f"it is {seen.name or 'an archive'}, whose secrets cannot be taken out")
    return Tail(path, size, max(0, size - max(cap, 0)), packed, head)


def _open(path: Path) -> BinaryIO:
    # A link within its own folder (himds.log -> himds-1.log) is followed, to a regular file only.
    return open_regular(path.resolve(strict=True) if path.is_symlink() else path)


def _measure_packed(file: BinaryIO, packed_size: int) -> tuple[bytes, int]:
    """The first bytes of what is packed in `file`, and how many there are."""
    file.seek(0)
    with tolerant(file) as stream:
        head = stream.read(SNIFF_BYTES)
        size = len(head)
        while block := stream.read(_BLOCK):
            size += len(block)
            try:
                check_ratio(size, packed_size)
            except TooMuchError as error:
                raise LeftOutError(str(error)) from error
    return head, size


def scrubbed_tail(tail: Tail, removed: Counter[str] | None = None) -> Iterator[bytes]:
    """The kept bytes without secrets, from the beginning of a line on; `removed` counts those that were given.

    Raises OSError, also, after all that there is, for a file that has become shorter since it was measured, and
    LeftOutError behind the last byte before something that is packed.
    """
    counted = removed if removed is not None else Counter()
    with _open(tail.path) as file:
        stream = tolerant(file) if tail.packed else file
        scrubber, text = Scrubber(tail.head), TextOnly(tail.head)
        left = tail.size
        if tail.dropped:
            left -= _run_up(stream, tail, scrubber)
        while left > 0 and text.ended_at is None and (block := stream.read(min(_BLOCK, left))):
            left -= len(block)
            ready = scrubber.feed(text.feed(block))
            counted.update(scrubber.removed - counted)
            yield ready
        ready = scrubber.feed(text.finish()) + scrubber.finish()
        counted.update(scrubber.removed - counted)
        yield ready
        if text.ended_at is not None:
            raise LeftOutError(f"the rest of it: {text.why}")
        if left > 0 and not tail.packed:
            raise OSError(0, "it became shorter while it was read")


def within(tail: Tail, seconds: float) -> Tail:
    """The same with less kept if a first portion shows that all of it would take longer than so many seconds.

    A file is read towards its end, which is what people need most: it must not be the end that is missing.
    """
    kept = tail.size - tail.dropped
    if tail.packed or kept <= _SAMPLE:
        return tail
    begin = time.monotonic()
    with _open(tail.path) as file:
        file.seek(tail.dropped)
        Scrubber(tail.head).feed(file.read(_SAMPLE))
    spent = max(time.monotonic() - begin, 1e-6)
    possible = int(_SAMPLE * seconds / spent)
    return tail if possible >= kept else replace(tail, dropped=tail.size - possible)


def _run_up(stream: BinaryIO, tail: Tail, scrubber: Scrubber) -> int:
    """Feed what lies before the kept part, for what it says of it; how many bytes of the file are behind then."""
    start = max(0, tail.dropped - _RUN_UP) & ~1
    _skip(stream, start, tail.packed)
    before = stream.read(tail.dropped - start)
    at = tail.dropped
    while not before.endswith(b"\n") and at < tail.size and at - tail.dropped < _BLOCK:
        line = stream.readline(_BLOCK)
        if not line:
            break
        before += line
        at += len(line)
    if wide_codec(tail.head):
        extra = stream.read((at - start) % 2)
        before, at = before + extra, at + len(extra)
    scrubber.run_up(before)
    return at


def _skip(stream: BinaryIO, count: int, packed: bool) -> None:
    if not packed:
        stream.seek(count)
    while packed and count > 0 and (block := stream.read(min(_BLOCK, count))):
        count -= len(block)
