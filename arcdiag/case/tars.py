"""The members of a tar: of a plain one opened in place, of a packed one written to the spool in a single pass."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO, cast

from arcdiag.case.left_out import LeftOut
from arcdiag.case.limits import MAX_MEMBER_BYTES
from arcdiag.case.names import RefusedNameError, member_path
from arcdiag.case.packed import CountedUnpacking
from arcdiag.case.spool import Budget, Spool, TooManyError, TooMuchError
from arcdiag.case.streams import CaseFile, SharedFile, open_path, why_unreadable
from arcdiag.case.tar_headers import DamagedTarError, Entry, TarStream
from arcdiag.case.zips import UnusableArchiveError

_BROKEN = (DamagedTarError, OSError, EOFError, zlib.error, ValueError, OverflowError)
_CUT = "it is a damaged or cut-off tar archive"


def tar_members(
    opened: Callable[[], BinaryIO], file: BinaryIO, prefix: str, budget: Budget, left_out: LeftOut
) -> Iterator[CaseFile]:
    """The regular members of a plain tar; `file` is an open stream of it that the caller closes in the end."""
    shared = SharedFile(file)
    size = file.seek(0, 2)
    with opened() as stream:
        for entry, path in _checked(TarStream(stream, True, budget), prefix, left_out):
            if entry.at + entry.size > size:
                raise UnusableArchiveError(_CUT)
            yield CaseFile(path, entry.size, partial(shared.view, entry.at, entry.size))


def packed_tar_members(
    opened: Callable[[], BinaryIO], packed_size: int, prefix: str, spool: Spool, budget: Budget, left_out: LeftOut
) -> Iterator[CaseFile]:
    """The regular members of a tar inside gzip, written to the spool one after the other."""
    with opened() as packed:
        unpacked = cast(BinaryIO, CountedUnpacking(packed, packed_size, budget))
        archive = TarStream(unpacked, False, budget)
        for entry, path in _checked(archive, prefix, left_out):
            content = cast(BinaryIO, io.BufferedReader(_Content(archive, entry)))
            try:
                stored, size = spool.store(content, MAX_MEMBER_BYTES)
            except TooMuchError as error:
                left_out.add(path, str(error))
                return
            except _BROKEN as error:
                raise UnusableArchiveError(_reason(error)) from error
            yield CaseFile(path, size, partial(open_path, stored))


class _Content(io.RawIOBase):
    """The data of an entry of a tar that is read forwards."""

    def __init__(self, archive: TarStream, entry: Entry) -> None:
        self._archive = archive
        self._end = entry.at + entry.size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        wanted = min(len(view), self._end - self._archive.at)
        data = self._archive.read(wanted) if wanted else b""
        if wanted and not data:
            raise DamagedTarError
        view[: len(data)] = data
        return len(data)


def _checked(archive: TarStream, prefix: str, left_out: LeftOut) -> Iterator[tuple[Entry, str]]:
    entries = archive.entries()
    while True:
        try:
            entry = next(entries, None)
        except TooManyError as error:
            left_out.add_others(str(error))
            return
        except TooMuchError as error:
            raise UnusableArchiveError(str(error)) from error
        except _BROKEN as error:
            raise UnusableArchiveError(_reason(error)) from error
        if entry is None:
            return
        if entry.kind == "folder":
            continue
        try:
            path = prefix + member_path(entry.name)
        except RefusedNameError as error:
            left_out.add(prefix + entry.name, str(error))
            continue
        if entry.kind == "link":
            left_out.add(path, "it is a link")
        elif entry.kind == "special":
            left_out.add(path, "it is a device, a pipe or a file with holes")
        else:
            yield entry, path


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.errno:
        return why_unreadable(error)
    return _CUT
