"""The members of a zip, opened where they are: nothing is written to disk, each `open()` reads its member anew."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import IO, BinaryIO, cast

from arcdiag.case.left_out import LeftOut
from arcdiag.case.limits import MAX_DIRECTORY_BYTES
from arcdiag.case.names import RefusedNameError, member_path
from arcdiag.case.spool import Budget, TooManyError, TooMuchError, check_ratio
from arcdiag.case.streams import DAMAGED, CaseFile

_ENCRYPTED = 0x1
_OPENED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_METHODS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "zstd", 95: "xz", 98: "PPMd"}
"""Ways of packing by their numbers in the format (APPNOTE.TXT, 4.4.5)."""


class UnusableArchiveError(Exception):
    """An archive that cannot be opened at all; the text says why."""


def open_zip(stream: BinaryIO, stack: ExitStack) -> zipfile.ZipFile:
    """Open a zip; `stack` closes it. Raises UnusableArchiveError."""
    stack.enter_context(stream)
    bounded = _BoundedReads(stream)
    try:
        archive = stack.enter_context(zipfile.ZipFile(cast(BinaryIO, bounded)))
    except (OSError, ValueError, IndexError, struct.error, *DAMAGED) as error:
        raise UnusableArchiveError("it is a damaged or cut-off zip archive") from error
    bounded.bounded = False
    return archive


class _BoundedReads:
    """A stream that refuses to be read in big pieces while `bounded`.

    The list of members is held in memory, where each byte takes eight, and how long it is the archive says itself: in
    more than one place, of which only zipfile knows which one it goes by.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable
        self.bounded = True

    def read(self, size: int = -1) -> bytes:
        """As of a stream. Raises UnusableArchiveError."""
        if not self.bounded:
            return self._stream.read(size)
        data = self._stream.read(MAX_DIRECTORY_BYTES + 1 if size < 0 else min(size, MAX_DIRECTORY_BYTES + 1))
        if max(size, len(data)) > MAX_DIRECTORY_BYTES:
            raise UnusableArchiveError("its list of members is too long")
        return data


def zip_members(archive: zipfile.ZipFile, prefix: str, budget: Budget, left_out: LeftOut) -> Iterator[CaseFile]:
    """The regular members in their order. Raises UnusableArchiveError if all are locked with a password."""
    # Not `is_dir`: it fails for an empty name.
    members = [info for info in archive.infolist() if not info.filename.endswith("/")]
    if members and all(info.flag_bits & _ENCRYPTED for info in members):
        raise UnusableArchiveError("it is locked with a password; unpack it first")
    for info in members:
        try:
            budget.take_entry()
        except TooManyError as error:
            left_out.add_others(str(error))
            return
        try:
            path = prefix + member_path(info.filename)
            reason = _refusal(info)
            if reason:
                left_out.add(path, reason)
                continue
            check_ratio(info.file_size, info.compress_size)
            budget.take_bytes(info.file_size)
        except (RefusedNameError, TooMuchError) as error:
            left_out.add(prefix + info.filename, str(error))
            continue
        yield CaseFile(path, info.file_size, partial(_open_member, archive, info))


def _open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    # By its entry, not by its name: two members can have the same one.
    opened: IO[bytes] = archive.open(info)
    return cast(BinaryIO, opened)


def _refusal(info: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "it is a link"
    if kind not in (0, stat.S_IFREG):
        return "it is a device, a pipe or a socket"
    if info.flag_bits & _ENCRYPTED:
        return "it is locked with a password"
    if info.compress_type not in _OPENED:
        # What zipfile opens beside these (bzip2, LZMA) it unpacks in one piece, however long that becomes.
        method = _METHODS.get(info.compress_type, f"method {info.compress_type}")
        return f"it is packed with {method}, which is not opened here; pack it again as an ordinary zip (Deflate)"
    return None
