"""The members of a tar: of a plain one opened in place, of a packed one written to the spool in a single pass."""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO, cast

from arcdiag.case.left_out import LeftOut
from arcdiag.case.limits import MAX_HEADER_BYTES, MAX_MEMBER_BYTES
from arcdiag.case.names import RefusedNameError, member_path
from arcdiag.case.packed import CountedUnpacking
from arcdiag.case.spool import Spool, TooMuchError
from arcdiag.case.streams import CaseFile, SharedFile, open_path, why_unreadable
from arcdiag.case.zips import UnusableArchiveError

_BROKEN = (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, RecursionError)
"""A chain of long-name headers makes tarfile call itself once for each of them."""


_CUT = "it is a damaged or cut-off tar archive"


class _BoundedInfo(tarfile.TarInfo):
    """A member whose headers are read into memory only up to a cap."""

    def _proc_gnulong(self, archive: tarfile.TarFile) -> Any:
        self._check_header()
        return super()._proc_gnulong(archive)  # type: ignore[misc]

    def _proc_pax(self, archive: tarfile.TarFile) -> Any:
        self._check_header()
        return super()._proc_pax(archive)  # type: ignore[misc]

    def _check_header(self) -> None:
        if self.size > MAX_HEADER_BYTES:
            raise tarfile.ReadError("a header of this archive is too long")


def tar_members(opened: Callable[[], BinaryIO], file: BinaryIO, prefix: str, left_out: LeftOut) -> Iterator[CaseFile]:
    """The regular members of a plain tar; `file` is an open stream of it that the caller closes in the end."""
    shared = SharedFile(file)
    size = file.seek(0, 2)
    with opened() as stream, _opened(stream, "r:") as archive:
        for info, path in _checked(archive, prefix, left_out):
            if info.offset_data + info.size > size:
                raise UnusableArchiveError(_CUT)
            yield CaseFile(path, info.size, partial(shared.view, info.offset_data, info.size))
        # tarfile takes a cut-off or broken header behind the first member for the end; the end is a block of zeros.
        end = shared.read_at(archive.offset, tarfile.BLOCKSIZE)
        if not end or end.strip(b"\0"):
            raise UnusableArchiveError(_CUT)


def packed_tar_members(
    opened: Callable[[], BinaryIO], packed_size: int, prefix: str, spool: Spool, left_out: LeftOut
) -> Iterator[CaseFile]:
    """The regular members of a tar inside gzip, written to the spool one after the other."""
    with opened() as packed, CountedUnpacking(packed, packed_size) as unpacked:
        stream = cast(BinaryIO, unpacked)
        with _opened(stream, "r|") as archive:
            for info, path in _checked(archive, prefix, left_out):
                try:
                    stored, _ = spool.store(cast(BinaryIO, archive.extractfile(info)), MAX_MEMBER_BYTES)
                except TooMuchError as error:
                    left_out.add(path, str(error))
                    return
                except _BROKEN as error:
                    raise UnusableArchiveError(_reason(error)) from error
                yield CaseFile(path, info.size, partial(open_path, stored))


def _opened(stream: BinaryIO, mode: str) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=stream, mode=cast(Any, mode), tarinfo=_BoundedInfo)
    except _BROKEN as error:
        raise UnusableArchiveError(_reason(error)) from error


def _checked(archive: tarfile.TarFile, prefix: str, left_out: LeftOut) -> Iterator[tuple[tarfile.TarInfo, str]]:
    while True:
        try:
            info = archive.next()
        except TooMuchError as error:
            raise UnusableArchiveError(str(error)) from error
        except _BROKEN as error:
            raise UnusableArchiveError(_reason(error)) from error
        if info is None:
            return
        # tarfile keeps every member it has seen; nothing here looks back.
        archive.members = []  # type: ignore[attr-defined]
        if info.isdir():
            continue
        try:
            path = prefix + member_path(info.name)
        except RefusedNameError as error:
            left_out.add(prefix + info.name, str(error))
            continue
        if info.issym() or info.islnk():
            left_out.add(path, "it is a link")
        elif not info.isreg() or info.sparse:
            left_out.add(path, "it is a device, a pipe or a file with holes")
        else:
            yield info, path


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.errno:
        return why_unreadable(error)
    return _CUT
