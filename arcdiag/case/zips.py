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
from arcdiag.case.spool import Budget, TooMuchError, check_ratio
from arcdiag.case.streams import DAMAGED, CaseFile

_ENCRYPTED = 0x1
_END = b"PK\x05\x06"
_END_SIZE = 22
_COMMENT = 65_535
_END64_LOCATOR = b"PK\x06\x07"
_IN_ZIP64 = 0xFFFFFFFF


class UnusableArchiveError(Exception):
    """An archive that cannot be opened at all; the text says why."""


def open_zip(stream: BinaryIO, stack: ExitStack) -> zipfile.ZipFile:
    """Open a zip; `stack` closes it. Raises UnusableArchiveError."""
    stack.enter_context(stream)
    try:
        if _directory_size(stream) > MAX_DIRECTORY_BYTES:
            raise UnusableArchiveError("its list of members is too long")
        return stack.enter_context(zipfile.ZipFile(stream))
    except (OSError, ValueError, IndexError, struct.error, *DAMAGED) as error:
        raise UnusableArchiveError("it is a damaged or cut-off zip archive") from error


def _directory_size(stream: BinaryIO) -> int:
    """Bytes of the list of members, as the end of the archive states it: it is held in memory, so it is asked first."""
    size = stream.seek(0, 2)
    at = max(0, size - _END_SIZE - _COMMENT - 20)
    stream.seek(at)
    tail = stream.read()
    stream.seek(0)
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + _END_SIZE:
        return 0
    stated = int(struct.unpack_from("<L", tail, end + 12)[0])
    locator = tail.rfind(_END64_LOCATOR, 0, end)
    if stated != _IN_ZIP64 or locator < 0:
        return stated
    stream.seek(struct.unpack_from("<Q", tail, locator + 8)[0])
    record = stream.read(56)
    stream.seek(0)
    return int(struct.unpack_from("<Q", record, 40)[0])


def zip_members(archive: zipfile.ZipFile, prefix: str, budget: Budget, left_out: LeftOut) -> Iterator[CaseFile]:
    """The regular members in their order. Raises UnusableArchiveError if all are locked with a password."""
    # Not `is_dir`: it fails for an empty name.
    members = [info for info in archive.infolist() if not info.filename.endswith("/")]
    if members and all(info.flag_bits & _ENCRYPTED for info in members):
        raise UnusableArchiveError("it is locked with a password; unpack it first")
    for info in members:
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
    return None
