"""Room for unpacked data: one budget for a whole case, and a temporary folder that goes with it."""

from __future__ import annotations

import errno
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NoReturn

from arcdiag.case.limits import (
    MAX_ENTRIES,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_TOTAL_BYTES,
    MAX_TOTAL_RATIO,
    RATIO_FLOOR,
    TOTAL_RATIO_FLOOR,
)
from arcdiag.errors import FullDiskError

_BLOCK = 1024 * 1024
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Errors of writing that mean: there is no room."""


_TOO_DENSE = f"the case unpacks to more than {MAX_TOTAL_RATIO:,} times its size"


class TooMuchError(Exception):
    """A cap is reached; the text says which one."""


class TooManyError(TooMuchError):
    """No more files or entries are looked at; those so far are read."""


class Budget:
    """What one case may still hold; the archives of a case share it."""

    def __init__(self) -> None:
        self._bytes = MAX_TOTAL_BYTES
        self._allowed = TOTAL_RATIO_FLOOR
        self._members = MAX_MEMBERS
        self._entries = MAX_ENTRIES
        self._passing = 4 * TOTAL_RATIO_FLOOR

    def take_member(self) -> None:
        """Count one file. Raises TooManyError."""
        if self._members <= 0:
            raise TooManyError(f"only the first {MAX_MEMBERS:,} files of a case are read")
        self._members -= 1

    def take_entry(self) -> None:
        """Count what has to be looked at to find out that it is no file, and what is one. Raises TooManyError."""
        if self._entries <= 0:
            raise TooManyError(f"only the first {MAX_ENTRIES:,} entries of the archives of a case are looked at")
        self._entries -= 1

    @property
    def room(self) -> int:
        """Unpacked bytes that can still be taken."""
        return min(self._bytes, self._allowed)

    def pass_bytes(self, count: int) -> None:
        """Count bytes that are unpacked to look at them or to get past them, kept or not. Raises TooMuchError.

        There is more room for these than for what is kept, so that what is honest beside one bomb is still read.
        """
        self._passing -= count
        if self._passing < 0:
            raise TooMuchError(_TOO_DENSE)

    def refuse(self) -> NoReturn:
        """Say which room is too small for more bytes. Raises TooMuchError."""
        if self._bytes <= self._allowed:
            raise TooMuchError(f"the case unpacks to more than {MAX_TOTAL_BYTES // 1024**3} GiB")
        raise TooMuchError(_TOO_DENSE)

    def take_bytes(self, count: int) -> None:
        """Count unpacked bytes. Raises TooMuchError, and then takes none."""
        if count > self.room:
            self.refuse()
        self._bytes -= count
        self._allowed -= count

    def allow(self, packed: int) -> None:
        """A file of so many bytes was handed over, and may unpack to that much more."""
        self._allowed += max(0, packed) * MAX_TOTAL_RATIO
        self._passing += max(0, packed) * MAX_TOTAL_RATIO * 2


def check_ratio(unpacked: int, packed: int) -> None:
    """Raises TooMuchError if so many bytes cannot honestly come from `packed` ones."""
    if unpacked > RATIO_FLOOR and unpacked > packed * MAX_RATIO:
        raise TooMuchError(f"it unpacks to more than {MAX_RATIO:,} times its size")


class Spool:
    """Writes streams to numbered files in a temporary folder, which is removed when `stack` is closed."""

    def __init__(self, stack: ExitStack, budget: Budget) -> None:
        self._stack = stack
        self._budget = budget
        self._folder: Path | None = None
        self._count = 0

    def store(self, stream: BinaryIO, cap: int) -> tuple[Path, int]:
        """Write at most `cap` bytes; the file and its size. Raises TooMuchError, EOFError, FullDiskError."""
        path = self._next()
        size = 0
        try:
            with _new(path) as file:
                while block := stream.read(min(_BLOCK, cap - size)):
                    self._budget.take_bytes(len(block))
                    size += len(block)
                    write(file, block)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path, size

    def _next(self) -> Path:
        if self._folder is None:
            try:
                folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="arcdiag-"))
            except OSError as error:
                raise FullDiskError(f"cannot make a temporary folder to unpack into: {error.strerror}") from error
            self._folder = Path(folder)
        self._count += 1
        return self._folder / str(self._count)


def _new(path: Path) -> BinaryIO:
    try:
        return path.open("xb")
    except OSError as error:
        raise _no_room(error) from error


def _no_room(error: OSError) -> FullDiskError:
    return FullDiskError(f"no room to unpack into {tempfile.gettempdir()}: {error.strerror}")


def write(file: BinaryIO, block: bytes) -> None:
    """Write to a temporary file. Raises FullDiskError."""
    try:
        file.write(block)
        file.flush()
    except OSError as error:
        raise _no_room(error) from error
