"""Writes a bundle: a zip that is complete or not there at all, without secrets, the same bytes for the same content."""

from __future__ import annotations

import errno
import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO

from arcdiag.case.bundle import FACTS, MANIFEST
from arcdiag.case.facts_io import facts_to_text
from arcdiag.case.left_out import LeftOut
from arcdiag.case.manifest_io import manifest_to_json
from arcdiag.case.names import RefusedNameError, member_path, numbered
from arcdiag.case.source import LeftOutError, measure_tail, scrubbed_tail
from arcdiag.case.spool import FULL
from arcdiag.case.streams import why_unreadable
from arcdiag.errors import FullDiskError, OutputError
from arcdiag.model.case import Manifest, ManifestFile
from arcdiag.model.fact import Fact
from arcdiag.redact.stream import Scrubber

_OWNER_ONLY = 0o600
_REGULAR = 0o100000
_ZIP64_FROM = 1024**3
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_LATEST = (2107, 12, 31, 23, 59, 58)


def _unchanged(data: bytes) -> bytes:
    return data


class CaseWriter:
    """Writes `<target>.partial` beside the target and renames it at the end; on any exception nothing is left.

    All that is written goes through the secrets scrubber first, and then, in portions of whole lines, through `scrub`
    (identifiers on request). Members stand in the archive in the order in which they were added, and in its list by
    name; their times are that of the manifest. Raises OutputError and FullDiskError.
    """

    def __init__(self, target: Path, manifest: Manifest, scrub: Callable[[bytes], bytes] = _unchanged) -> None:
        self._target = target
        self._partial = target.with_name(target.name + ".partial")
        self._manifest = manifest
        self._scrub = scrub
        self._left_out = LeftOut()
        self._facts: list[Fact] = []
        self._files: list[ManifestFile] = []
        self._taken = {MANIFEST, FACTS}
        self._time = _zip_time(manifest.collected_at)
        self._done = False
        self._member: IO[bytes] | None = None
        with _errors(target):
            self._file = _create(self._partial, target)
            self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def __enter__(self) -> CaseWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self._abort()

    def add_text(self, path: str, kind: str, text: str) -> None:
        """Add a file of text, as UTF-8. A name that leads out of the case raises ValueError."""
        scrubber = Scrubber()
        data = scrubber.feed(text.encode("utf-8", "replace")) + scrubber.finish()
        self._write(self._name(path), kind, iter((self._scrub(data),)))

    def add_file(self, path: str, kind: str, source: Path, cap: int) -> None:
        """Add the newest `cap` bytes of a file; what is cut, and a file that cannot be used, goes to the left out.

        A gzip is added unpacked, without `.gz`: its text could not be scrubbed otherwise.
        """
        try:
            tail = measure_tail(source, cap)
        except LeftOutError as error:
            self.leave_out(path, str(error))
            return
        if tail.packed:
            path = path.removesuffix(".gz")
        if tail.dropped:
            self.leave_out(path, f"its oldest {tail.dropped:,} bytes; only the newest {cap:,} are kept")
        blocks = self._readable(path, map(self._scrub, scrubbed_tail(tail)))
        self._write(self._name(path), kind, blocks, big=tail.size > _ZIP64_FROM)

    def leave_out(self, what: str, why: str) -> None:
        """Name something that is not in the bundle, and why."""
        self._left_out.add(what, why)

    def add_facts(self, facts: Iterable[Fact]) -> None:
        """Add facts; they are written, sorted, when the bundle is finished."""
        self._facts += facts

    def finish(self) -> Path:
        """Write facts and manifest, and put the bundle in its place; its path. A second call only returns it."""
        if self._done:
            return self._target
        try:
            self._write(FACTS, "facts", iter((self._scrubbed(facts_to_text(self._facts)),)))
            files = tuple(sorted(self._files, key=lambda file: file.path))
            left_out = (*self._manifest.left_out, *self._left_out.items())
            manifest = replace(self._manifest, files=files, left_out=left_out)
            self._write(MANIFEST, "manifest", iter((self._scrubbed(manifest_to_json(manifest)),)))
            with _errors(self._target):
                self._zip.filelist.sort(key=lambda info: info.filename)
                self._zip.close()
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
                self._partial.replace(self._target)
        except BaseException:
            self._abort()
            raise
        self._done = True
        return self._target

    def _scrubbed(self, text: str) -> bytes:
        scrubber = Scrubber()
        return self._scrub(scrubber.feed(text.encode("utf-8")) + scrubber.finish())

    def _name(self, path: str) -> str:
        try:
            return numbered(member_path(path), self._taken)
        except RefusedNameError as error:
            raise ValueError(f"{path!r}: {error}") from error

    def _readable(self, path: str, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The blocks of a source; if it can no longer be read, what was read so far is kept and that is said."""
        try:
            yield from blocks
        except OSError as error:
            self.leave_out(path, f"the rest of it: {why_unreadable(error)}")

    def _write(self, path: str, kind: str, blocks: Iterator[bytes], big: bool = False) -> None:
        info = zipfile.ZipInfo(path, self._time)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system = 3  # the same bytes on Windows
        info.external_attr = (_REGULAR | _OWNER_ONLY) << 16
        digest = hashlib.sha256()
        size = 0
        with _errors(self._target):
            member = self._member = self._zip.open(info, "w", force_zip64=big)
        for block in blocks:
            with _errors(self._target):
                member.write(block)
            digest.update(block)
            size += len(block)
        with _errors(self._target):
            member.close()
        self._files.append(ManifestFile(path, kind, size, digest.hexdigest()))

    def _abort(self) -> None:
        if self._done:
            return
        self._done = True
        if self._member is not None:
            with suppress(OSError, ValueError):
                self._member.close()
        # Without its file the archive does not try to write its list when it is thrown away.
        self._zip.fp = None
        with suppress(OSError):
            self._file.close()
        self._partial.unlink(missing_ok=True)


def _create(partial: Path, target: Path) -> BinaryIO:
    """A new file for its owner only. What lies in its way is removed first, so that no link is ever written through."""
    if target.is_dir():
        raise OutputError(f"cannot write {target}: there is a folder of that name")
    partial.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(partial, flags, _OWNER_ONLY), "wb")


@contextmanager
def _errors(target: Path) -> Iterator[None]:
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


def _zip_time(text: str) -> tuple[int, int, int, int, int, int]:
    """The manifest's time for the members, in UTC; the earliest that a zip knows if there is none."""
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return _EARLIEST
    return min(max((at.year, at.month, at.day, at.hour, at.minute, at.second), _EARLIEST), _LATEST)
