"""Writes a bundle: a zip that is complete or not there at all, without secrets, the same bytes for the same content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from arcdiag.case.ahead import Patience, ahead
from arcdiag.case.bundle import DIAGNOSIS, FACTS, MANIFEST, REDACTION, REPORT
from arcdiag.case.facts_io import facts_to_text
from arcdiag.case.left_out import LeftOut
from arcdiag.case.manifest_io import manifest_to_json
from arcdiag.case.names import RefusedNameError, member_path, numbered
from arcdiag.case.names_out import safe_name
from arcdiag.case.removed import Removed
from arcdiag.case.source import LeftOutError, Tail, measure_tail, scrubbed_tail, within
from arcdiag.case.streams import why_unreadable
from arcdiag.case.zip_out import EARLIEST, LEFT_OUT, Check, ZipOut
from arcdiag.errors import SecretLeftError
from arcdiag.model.case import Manifest, ManifestFile
from arcdiag.model.fact import Fact
from arcdiag.redact.stream import Scrubber

Reports = Callable[[Path], Iterable[tuple[str, str, str]]]
"""Gets a complete bundle; gives name, kind and text of members that are made from it, such as its diagnosis."""

_OWN = frozenset({MANIFEST, FACTS, REDACTION, DIAGNOSIS, REPORT})
_ZIP64_FROM = 1024**3
_LATEST = (2107, 12, 31, 23, 59, 58)


def _unchanged(data: bytes) -> bytes:
    return data


class CaseWriter:
    """Writes to a file of its own beside the target and renames it at the end; on any exception nothing is left.

    All that is written goes through the secrets scrubber first, and then, in portions of whole lines, through `scrub`
    (identifiers on request); `removed` counts what was taken out and becomes a member of its own. Before the rename
    the finished archive is looked through for secrets. Members stand in the archive in the order in which they were
    added, and in its list by name; their times are that of the manifest. Raises OutputError, FullDiskError and
    SecretLeftError.
    """

    def __init__(self, target: Path, manifest: Manifest, scrub: Callable[[bytes], bytes] = _unchanged) -> None:
        self.removed = Removed()
        self._manifest = manifest
        self._scrub = scrub
        self._left_out = LeftOut()
        self._facts: list[Fact] = []
        self._files: list[ManifestFile] = []
        self._taken = set(_OWN)
        self._done = False
        self._zip = ZipOut(target, _zip_time(manifest.collected_at))

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
        name = self._name(path)
        self._write(name, kind, iter((self._scrubbed(text, name),)))

    def add_file(self, path: str, kind: str, source: Path, cap: int, patience: Patience | None = None) -> int:
        """Add the newest `cap` bytes of a file, and say how many were kept.

        What is cut, and a file that cannot be used, goes to the left out; with `patience` also what is not read in
        time, which is the oldest part of a file that is read slowly.
        A gzip is added unpacked, without `.gz`: its text could not be scrubbed otherwise.
        """
        counts: Counter[str] = Counter()
        parts = _parts(source, cap, counts, patience)
        try:
            tail = _first(parts)
        except (LeftOutError, OSError) as error:
            self.leave_out(path, str(error) if isinstance(error, LeftOutError) else why_unreadable(error))
            return 0
        if tail.packed:
            path = path.removesuffix(".gz")
        if tail.dropped:
            kept = min(cap, tail.size - tail.dropped)
            self.leave_out(path, f"its oldest {tail.dropped:,} bytes; only the newest {kept:,} are kept")
        name = self._name(path)
        size = self._write(name, kind, map(self._scrub, self._readable(path, parts)), big=tail.size > _ZIP64_FROM)
        self.removed.of(name).update(dict(counts))
        return size

    def add_blocks(self, path: str, kind: str, blocks: Iterator[bytes], big: bool = False) -> None:
        """Add what was scrubbed already, in portions; `big` if it may have more than 2 GiB."""
        self._write(self._name(path), kind, blocks, big)

    def leave_out(self, what: str, why: str) -> None:
        """Name something that is not in the bundle, and why."""
        self._left_out.add(what, why)

    def add_facts(self, facts: Iterable[Fact]) -> None:
        """Add facts; they are written, sorted, when the bundle is finished."""
        self._facts += facts

    def finish(self, checks: Iterable[Check] = (), reports: Reports | None = None) -> Path:
        """Write facts, what `reports` make of the bundle, and the manifest, and put it in its place; its path.

        A file in which the last look finds something is left out, and that is named; found in what is made here, or
        found again, it raises SecretLeftError. A second call only returns the path.
        """
        if self._done:
            return self._zip.target
        try:
            try:
                self._finish(checks, reports)
            except SecretLeftError as error:
                self._without(error)
                self._finish(checks, reports)
        except BaseException:
            self._abort()
            raise
        self._done = True
        return self._zip.target

    def _without(self, error: SecretLeftError) -> None:
        """Begin anew without the files that the last look named. Raises `error` if there is none to leave out."""
        leaking = error.members.keys() - _OWN
        if not leaking:
            raise error
        self._zip = self._zip.without(leaking | _OWN)
        self._files = [file for file in self._files if file.path not in leaking | _OWN]
        self.removed.forget(leaking | _OWN)
        for name in sorted(leaking):
            why = LEFT_OUT.format(found=error.members[name])
            self.leave_out(name, why)
            self.removed.left_out.append((name, why))

    def _finish(self, checks: Iterable[Check], reports: Reports | None) -> None:
        self._write(FACTS, "facts", iter((self._scrubbed(facts_to_text(self._facts), FACTS),)))
        self._write(REDACTION, "redaction", iter((self._scrubbed(self.removed.to_json(), REDACTION),)))
        if reports is not None:
            with self._zip.whole_with(MANIFEST, self._manifest_data()) as bundle:
                made = tuple(reports(bundle))
            for name, kind, text in made:
                self._write(name, kind, iter((text.encode("utf-8", "replace"),)))
        self._write(MANIFEST, "manifest", iter((self._manifest_data(),)))
        self._zip.finish(checks)

    def _manifest_data(self) -> bytes:
        files = tuple(sorted(self._files, key=lambda file: file.path))
        left_out = (*self._manifest.left_out, *self._left_out.items())
        return self._scrubbed(manifest_to_json(replace(self._manifest, files=files, left_out=left_out)), MANIFEST)

    def _scrubbed(self, text: str, name: str) -> bytes:
        scrubber = Scrubber()
        data = scrubber.feed(text.encode("utf-8", "replace")) + scrubber.finish()
        self.removed.of(name).update(scrubber.removed)
        return self._scrub(data)

    def _name(self, path: str) -> str:
        try:
            return numbered(member_path(safe_name(path)), self._taken)
        except RefusedNameError as error:
            raise ValueError(f"{path!r}: {error}") from error

    def _readable(self, path: str, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The blocks of a source; if it can no longer be read, what was read so far is kept and that is said."""
        try:
            yield from blocks
        except OSError as error:
            self.leave_out(path, f"the rest of it: {why_unreadable(error)}")
        except LeftOutError as error:
            self.leave_out(path, str(error))

    def _write(self, path: str, kind: str, blocks: Iterator[bytes], big: bool = False) -> int:
        size, digest = self._zip.add(path, blocks, big)
        self._files.append(ManifestFile(path, kind, size, digest))
        return size

    def _abort(self) -> None:
        if not self._done:
            self._done = True
            self._zip.abort()


def _parts(source: Path, cap: int, counts: Counter[str], patience: Patience | None) -> Iterator[Any]:
    """What is known of a file, and then its kept bytes without secrets."""

    def read() -> Iterator[Any]:
        tail = measure_tail(source, cap)
        tail = within(tail, patience.left() / 2) if patience else tail
        yield tail
        yield from scrubbed_tail(tail, counts)

    return ahead(read, patience) if patience else read()


def _first(parts: Iterator[Any]) -> Tail:
    first: Tail = next(parts)
    return first


def _zip_time(text: str) -> tuple[int, int, int, int, int, int]:
    """The manifest's time for the members, in UTC; the earliest that a zip knows if there is none."""
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return EARLIEST
    return min(max((at.year, at.month, at.day, at.hour, at.minute, at.second), EARLIEST), _LATEST)
