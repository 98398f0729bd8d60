"""Streams that the readers of a case get: capped, and with one kind of error for all that can be damaged."""

from __future__ import annotations

import io
import threading
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, MemoryError)
"""What the standard library raises for archives that are cut, broken, locked or packed in an unknown way.

MemoryError: LZMA data says itself how much room its unpacker has to make.
"""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of a case. `path` is relative, with `/`, and safe to show; `size` is in bytes, -1 if it is not known.

    Each `open()` gives a fresh binary stream. Reading raises EOFError, with the reason, if the data is damaged or has
    become unreadable. A `.gz` is not unpacked, unless it is
    damaged or too long: then what can be read of it is.
    """

    path: str
    size: int
    open: Callable[[], BinaryIO]


class _Guarded(io.RawIOBase):
    """At most `cap` bytes of `inner`; whatever goes wrong below is an EOFError above."""

    def __init__(self, inner: BinaryIO, cap: int) -> None:
        self._inner = cast(io.BufferedIOBase, inner)
        self._left = cap

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        try:
            count: int = self._inner.readinto(view[: min(len(view), self._left)]) or 0
        except (OSError, *DAMAGED) as error:
            raise EOFError(why_unreadable(error)) from error
        self._left -= count
        return count

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


class _Broken(io.RawIOBase):
    """Stands for a file that can no longer be opened."""

    def __init__(self, why: str) -> None:
        self._why = why

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        raise EOFError(self._why)


def guarded(opened: Callable[[], BinaryIO], cap: int) -> Callable[[], BinaryIO]:
    """`opened` with at most `cap` bytes, and with EOFError as the only error of opening and reading."""

    def open_guarded() -> BinaryIO:
        try:
            inner: io.RawIOBase = _Guarded(opened(), cap)
        except (OSError, *DAMAGED) as error:
            inner = _Broken(why_unreadable(error))
        return cast(BinaryIO, io.BufferedReader(inner, 128 * 1024))

    return open_guarded


def why_unreadable(error: BaseException) -> str:
    """A short reason in plain words for an error of opening or reading."""
    if isinstance(error, PermissionError):
        return "no right to read it"
    if isinstance(error, FileNotFoundError):
        return "it is no longer there"
    if isinstance(error, TimeoutError):
        return "it could not be read in time"
    if isinstance(error, RuntimeError) and "password" in str(error):
        return "it is locked with a password"
    if isinstance(error, NotImplementedError):
        return "it is packed in a way that cannot be unpacked here"
    if isinstance(error, MemoryError):
        return "it needs more memory to be unpacked than there is"
    if isinstance(error, (zipfile.BadZipFile, zlib.error, EOFError)):
        return "its data is damaged or cut off"
    if isinstance(error, OSError) and error.strerror:
        return f"it cannot be read ({error.strerror})"
    return "its data is damaged or cut off" if isinstance(error, OSError) else "it cannot be read"


def open_path(path: Path) -> BinaryIO:
    """A fresh binary stream of a file."""
    return path.open("rb")


class SharedFile:
    """One open file that many independent views read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lock = threading.Lock()

    def view(self, start: int, size: int) -> BinaryIO:
        """A stream of its own over `size` bytes from `start`, with seek."""
        return cast(BinaryIO, io.BufferedReader(_View(self, start, size)))

    def read_at(self, at: int, size: int) -> bytes:
        """Bytes at a place, whatever other views do."""
        with self._lock:
            self._file.seek(at)
            return self._file.read(size)


class _View(io.RawIOBase):
    def __init__(self, shared: SharedFile, start: int, size: int) -> None:
        self._shared = shared
        self._start, self._size, self._at = start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        wanted = max(0, min(len(view), self._size - self._at))
        data = self._shared.read_at(self._start + self._at, wanted) if wanted else b""
        self._at += len(data)
        view[: len(data)] = data
        return len(data)
