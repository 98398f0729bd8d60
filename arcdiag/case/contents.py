"""Turns files into the evidence of a case: sniffs each one, and opens the archives among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial

from arcdiag.case.left_out import LeftOut
from arcdiag.case.limits import MAX_ARCHIVES_DEEP, MAX_MEMBER_BYTES, MAX_PLAIN_BYTES
from arcdiag.case.names import is_litter
from arcdiag.case.packed import measure, unpacked_head, unpacking
from arcdiag.case.sniff import SNIFF_BYTES, Look, Shape, is_tar, look
from arcdiag.case.spool import Budget, Spool, TooMuchError
from arcdiag.case.streams import CaseFile, guarded, open_path, why_unreadable
from arcdiag.case.tars import packed_tar_members, tar_members
from arcdiag.case.zips import UnusableArchiveError, open_zip, zip_members


class Contents:
    """Expands files into what can be read as text; `stack` holds what has to stay open."""

    def __init__(self, stack: ExitStack, left_out: LeftOut) -> None:
        self._stack = stack
        self._left_out = left_out
        self._budget = Budget()
        self._spool = Spool(stack, self._budget)

    def of_many(self, files: Iterable[CaseFile], depth: int) -> Iterator[CaseFile]:
        """The readable ones of `files`, archives opened; `depth` archives are around them."""
        for file in files:
            if is_litter(file.path):
                continue
            if depth == 0:
                self.allow(file)
            try:
                self._budget.take_member()
            except TooMuchError as error:
                self._left_out.add_others(str(error))
                return
            yield from self._of_one(file, depth)

    def _of_one(self, file: CaseFile, depth: int) -> Iterator[CaseFile]:
        try:
            seen = self.look_at(file)
            if self.is_archive(file, seen):
                yield from self._nested(file, seen, depth)
                return
        except EOFError as error:
            self._left_out.add(file.path, str(error))
            return
        if seen.shape is Shape.BINARY:
            self._left_out.add(file.path, f"it is not read: {seen.name}")
        elif seen.shape is Shape.GZIP:
            yield from self.packed_log(file, strict=False)
        else:
            yield self._plain(file, MAX_MEMBER_BYTES if depth else MAX_PLAIN_BYTES)

    def allow(self, file: CaseFile) -> None:
        """Count a file that was handed over: what it may unpack to depends on its size."""
        self._budget.allow(file.size)

    def look_at(self, file: CaseFile) -> Look:
        """What the file's first bytes show. Raises EOFError if it cannot be read."""
        with guarded(file.open, SNIFF_BYTES)() as stream:
            return look(stream.read(SNIFF_BYTES))

    def is_archive(self, file: CaseFile, seen: Look) -> bool:
        """Whether it is a zip, a tar or a packed tar; a packed log is none."""
        if seen.shape is Shape.GZIP:
            return is_tar(unpacked_head(file.open))
        return seen.shape in (Shape.ZIP, Shape.TAR)

    def members(self, file: CaseFile, seen: Look, prefix: str) -> Iterator[CaseFile]:
        """The members of an archive, not yet looked at. Raises UnusableArchiveError."""
        if seen.shape is Shape.ZIP:
            return zip_members(open_zip(file.open(), self._stack), prefix, self._budget, self._left_out)
        if seen.shape is Shape.TAR:
            return tar_members(file.open, self._stack.enter_context(file.open()), prefix, self._budget, self._left_out)
        return packed_tar_members(file.open, file.size, prefix, self._spool, self._budget, self._left_out)

    def _nested(self, file: CaseFile, seen: Look, depth: int) -> Iterator[CaseFile]:
        if depth >= MAX_ARCHIVES_DEEP:
            self._left_out.add(file.path, "it is an archive inside an archive inside an archive, which is not opened")
            return
        try:
            if depth and seen.shape is not Shape.GZIP:
                file = self._stored(file)
            yield from self.of_many(self.members(file, seen, file.path + "/"), depth + 1)
        except (UnusableArchiveError, TooMuchError, EOFError) as error:
            self._left_out.add(file.path, str(error))
        except OSError as error:
            self._left_out.add(file.path, why_unreadable(error))

    def _stored(self, file: CaseFile) -> CaseFile:
        """The same file from the spool: an archive is read at many places, which a packed stream is slow at."""
        with guarded(file.open, MAX_MEMBER_BYTES)() as stream:
            path, size = self._spool.store(stream, MAX_MEMBER_BYTES)
        return CaseFile(file.path, size, partial(open_path, path))

    def packed_log(self, file: CaseFile, strict: bool) -> Iterator[CaseFile]:
        """A gzip that is no tar. Damaged data raises UnusableArchiveError if `strict`, else it is read up to there."""
        inside = look(unpacked_head(file.open))
        if inside.shape not in (Shape.TEXT, Shape.EMPTY):
            self._left_out.add(file.path, f"it is not read: what is packed in it is {inside.name or 'an archive'}")
            return
        try:
            packed = measure(file.open, file.size, self._budget)
            self._budget.take_bytes(packed.size)
        except TooMuchError as error:
            self._left_out.add(file.path, str(error))
            return
        if not packed.whole and strict:
            raise UnusableArchiveError("its packed data is damaged or cut off")
        if packed.size and not packed.whole:
            self._left_out.add(file.path, "its packed data is damaged or cut off; it is read up to there")
        if packed.capped:
            self._left_out.add(file.path, packed.capped)
        if packed.size and (packed.capped or not packed.whole):
            size = min(packed.size, MAX_MEMBER_BYTES)
            yield CaseFile(file.path, size, guarded(partial(unpacking, file.open), MAX_MEMBER_BYTES))
        elif packed.size:
            yield CaseFile(file.path, file.size, guarded(file.open, max(file.size, 0)))
        else:
            why = "it is packed and there is nothing in it" if packed.whole else "its packed data is damaged"
            self._left_out.add(file.path, why)

    def _plain(self, file: CaseFile, most: int) -> CaseFile:
        if file.size > most:
            self._left_out.add(file.path, f"only its first {most // 1024**3} GiB are read")
        return CaseFile(file.path, file.size, guarded(file.open, most))
