"""A zip that is written whole or not at all, and looked through for secrets before it takes its place."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

from arcdiag.case.place import check_place
from arcdiag.case.spool import FULL
from arcdiag.errors import FullDiskError, OutputError, SecretLeftError
from arcdiag.redact.canary import check_blocks, check_text

OWNER_ONLY = 0o600
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip knows."""
_REGULAR = 0o100000
_ZIP64_FROM = 1024**3
_BLOCK = 1024 * 1024
_MOST_PREFIX = 100

Check = Callable[[str, Iterable[bytes]], None]
"""Looks at one member: its name, and its bytes. Raises SecretLeftError."""
LEFT_OUT = (
    "the last scan found {found} in it, so it was left out. "
    "This is a defect of arcdiag: please report it, without the file"
)
"""Why a member is left out in which a check found something."""


def no_secrets(name: str, blocks: Iterable[bytes]) -> None:
    """The check that every zip gets: neither in a member's name nor in its bytes. Raises SecretLeftError."""
    check_text(name, "the name of a file in the archive")
    check_blocks(blocks, name)


class ZipOut:
    """Writes to a file of its own beside the target; `finish` looks through it and renames it, `abort` leaves nothing.

    Members stand in the archive in the order in which they were added, and in its list by name; all have one time.
    Raises OutputError, FullDiskError and, from `finish`, what a check raises.
    """

    def __init__(self, target: Path, time: tuple[int, int, int, int, int, int] = EARLIEST) -> None:
        self.target = target
        self._time = time
        self._member: IO[bytes] | None = None
        with write_errors(target):
            self._partial, self._file = _create(target)
            self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def add(self, path: str, blocks: Iterable[bytes], big: bool = False) -> tuple[int, str]:
        """Write one member; its size and SHA-256. `big` if it may have more than 2 GiB."""
        info = zipfile.ZipInfo(path, self._time)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system = 3  # the same bytes on Windows
        info.external_attr = (_REGULAR | OWNER_ONLY) << 16
        digest = hashlib.sha256()
        size = 0
        with write_errors(self.target):
            member = self._member = self._zip.open(info, "w", force_zip64=big)
        for block in blocks:
            with write_errors(self.target):
                member.write(block)
            digest.update(block)
            size += len(block)
        with write_errors(self.target):
            member.close()
        return size, digest.hexdigest()

    @contextmanager
    def whole_with(self, path: str, data: bytes) -> Iterator[Path]:
        """For a while a complete archive with `data` as its last member; then it goes on without that member."""
        self.add(path, (data,))
        with write_errors(self.target):
            self._zip.close()
            self._file.flush()
        yield self._partial
        with write_errors(self.target):
            self._zip = zipfile.ZipFile(self._file, "a", zipfile.ZIP_DEFLATED, compresslevel=6)
        # What is added next is written over this member; the end of the archive is cut off behind the last one.
        last = self._zip.NameToInfo.pop(path)
        self._zip.filelist.remove(last)
        self._zip.start_dir = last.header_offset

    def finish(self, checks: Iterable[Check] = ()) -> Path:
        """Look through all that was written and put it in its place."""
        with write_errors(self.target):
            self._zip.filelist.sort(key=lambda info: info.filename)
            self._zip.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        self._look_through((no_secrets, *checks))
        with write_errors(self.target):
            self._partial.replace(self.target)
        return self.target

    def _look_through(self, checks: Iterable[Check]) -> None:
        """Raises SecretLeftError, which names all members in which a check found something."""
        found: dict[str, SecretLeftError] = {}
        with zipfile.ZipFile(self._partial) as written:
            for info in written.infolist():
                for check in checks:
                    check(info.filename, ())
                    try:
                        with written.open(info) as member:
                            check(info.filename, iter(partial(member.read, _BLOCK), b""))
                    except SecretLeftError as error:
                        found.setdefault(info.filename, error)
        if found:
            first = next(iter(found.values()))
            raise SecretLeftError(str(first), first.found, {name: error.found for name, error in found.items()})

    def without(self, names: Container[str]) -> ZipOut:
        """A new archive for the same place without the members `names`; nothing of them stays in the file.

        For one that was finished, but did not stand the look through it. Raises as the first one.
        """
        old = self._partial.with_name(self._partial.name + ".old")
        with write_errors(self.target):
            self._partial.replace(old)
        try:
            new = ZipOut(self.target, self._time)
            try:
                with zipfile.ZipFile(old) as source:
                    for info in sorted(source.infolist(), key=lambda member: member.header_offset):
                        if info.filename not in names:
                            with source.open(info) as member:
                                blocks = iter(partial(member.read, _BLOCK), b"")
                                new.add(info.filename, blocks, big=info.file_size > _ZIP64_FROM)
            except BaseException:
                new.abort()
                raise
            return new
        finally:
            old.unlink(missing_ok=True)

    def abort(self) -> None:
        """Throw away what was written."""
        if self._member is not None:
            with suppress(OSError, ValueError):
                self._member.close()
        # Without its file the archive does not try to write its list when it is thrown away.
        self._zip.fp = None
        # A share may have gone away; what went wrong first is what people are told.
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._partial.unlink(missing_ok=True)


def write_checked(target: Path, blocks: Iterable[bytes], checks: Iterable[Check]) -> None:
    """One file that is written whole or not at all, and looked through by all `checks` before it takes its place."""
    with write_errors(target):
        beside, file = _create(target)
    try:
        with file:
            for block in blocks:
                with write_errors(target):
                    file.write(block)
        for check in checks:
            with beside.open("rb") as written:
                check(target.name, iter(lambda: written.read(_BLOCK), b""))
        with write_errors(target):
            beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _create(target: Path) -> tuple[Path, BinaryIO]:
    """A new file beside the target for its owner only, of a name that nobody has: nothing of others is in its way."""
    check_place(target)
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:_MOST_PREFIX]}.", suffix=".partial", dir=target.parent)
    return Path(name), os.fdopen(handle, "w+b")


@contextmanager
def write_errors(target: Path) -> Iterator[None]:
    """Errors of writing in words: where, what, and what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise FullDiskError(
                f"cannot write {target}: the disk is full; make room or choose another place"
            ) from error
        reason = {
            errno.ENOENT: "the folder does not exist",
            errno.ENOTDIR: "a part of its path is no folder",
            errno.EACCES: "no right to write there",
            errno.EPERM: "no right to write there",
            errno.EROFS: "the disk is read-only",
        }.get(error.errno or 0, error.strerror or "it cannot be written")
        raise OutputError(f"cannot write {target}: {reason}") from error
