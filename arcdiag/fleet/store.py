"""The folder of a fleet: each table a folder of Parquet parts, written whole or not at all.

Rows are only ever added. A bundle that is analysed again has rows of a later run, which stand in place of the earlier
ones (see `views`); parts in which no row counts any more are removed at the end of a run. The part of `machines` is
written last: rows of other tables whose machine is not there do not count.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from arcdiag.case.zip_out import write_errors
from arcdiag.errors import InputError, OutputError
from arcdiag.fleet.rows import shown
from arcdiag.fleet.tables import TABLES, Row, schema
from arcdiag.fleet.task import Outcome

REPORTS = "reports"
_PART = re.compile(r"part-(\d+)-[0-9a-f]{16}\.parquet\Z")
_FULL, _SECONDS = 256, 5.0
_LONGEST_SOURCE = 4096


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier run says of one bundle. `ill`: it has a current cause, or is not known to be well."""

    bundle: str
    source: str
    size: int
    rules: str | None
    run: int
    error: str | None
    again: bool
    ill: bool


def part_files(folder: Path, table: str) -> list[Path]:
    """The parts of a table, oldest run first."""
    place = folder / table
    return sorted(p for p in place.glob("part-*.parquet") if _PART.match(p.name)) if place.is_dir() else []


def check_store(folder: Path) -> None:
    """Raises InputError if there are no results in this folder."""
    if not part_files(folder, "machines"):
        raise InputError(f"{folder}: no results of a fleet there; make them with: arcdiag fleet analyze --out {folder}")


def known_bundles(folder: Path) -> Iterator[Known]:
    """What the newest run says of each bundle, in a steady order."""
    import pyarrow.parquet as pq

    newest: dict[str, Known] = {}
    names = ["bundle", "source", "size", "rules_version", "run", "error", "again", "causes", "exit_code"]
    for part in part_files(folder, "machines"):
        try:
            table = pq.read_table(part, columns=names)
        except (OSError, ValueError) as error:
            raise OutputError(f"{part}: not a table of arcdiag ({error}); choose another folder with --out") from error
        for bundle, source, size, rules, run, fault, again, causes, code in zip(
            *(table.column(name).to_pylist() for name in names), strict=True
        ):
            if bundle not in newest or newest[bundle].run <= run:
                newest[bundle] = Known(bundle, source, size, rules, run, fault, bool(again), bool(causes or code))
    yield from newest.values()


@dataclass
class Store:
    """Gathers outcomes and writes them as parts of one run. Raises OutputError, FullDiskError."""

    folder: Path
    run: int
    rules_version: str
    tool_version: str
    _waiting: list[Outcome] = field(default_factory=list)
    _since: float = field(default_factory=time.monotonic)

    @classmethod
    def begin(cls, folder: Path, rules_version: str, tool_version: str) -> Store:
        """The next run of a folder, which is made if it is not there."""
        with write_errors(folder):
            for table in TABLES:
                (folder / table).mkdir(parents=True, exist_ok=True)
        runs = [int(found[1]) for part in part_files(folder, "machines") if (found := _PART.match(part.name))]
        return cls(folder, max(runs, default=0) + 1, rules_version, tool_version)

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Take outcomes that have rows; now and then they are written."""
        for outcome in outcomes:
            if outcome.html is not None and outcome.bundle is not None:
                self._write_report(outcome.bundle, outcome.html)
            self._waiting.append(outcome)
        if len(self._waiting) >= _FULL or (self._waiting and time.monotonic() - self._since > _SECONDS):
            self.flush()

    def flush(self) -> None:
        """Write what waits. The same outcomes have the same names of parts: written twice, they are there once."""
        if self._waiting:
            keys = sorted(outcome.key for outcome in self._waiting)
            name = f"part-{self.run:06}-{hashlib.sha256(' '.join(keys).encode()).hexdigest()[:16]}.parquet"
            for table in sorted(TABLES, key=lambda one: one == "machines"):
                rows = [row for outcome in self._waiting for row in self._rows(outcome, table)]
                if rows:
                    _write(self.folder / table / name, table, rows)
        self._waiting.clear()
        self._since = time.monotonic()

    def _rows(self, outcome: Outcome, table: str) -> Iterator[Row]:
        rows: Sequence[Row] = outcome.rows[table] if outcome.rows else ()
        for row in rows:
            row = {"bundle": outcome.key, "run": self.run, **row}
            if table == "machines":
                row |= {
                    "source": shown(outcome.source.where, _LONGEST_SOURCE),
                    "size": outcome.size,
                    "seconds": outcome.seconds,
                    "tool_version": self.tool_version,
                    "rules_version": self.rules_version,
                }
            yield row

    def _write_report(self, bundle: str, packed: bytes) -> None:
        import zlib

        place = self.folder / REPORTS
        target = report_file(self.folder, bundle)
        with write_errors(target):
            place.mkdir(exist_ok=True)
            partial = target.with_name(target.name + ".partial")
            partial.write_bytes(zlib.decompress(packed))
            partial.replace(target)

    def finish(self) -> None:
        """Write what waits, and remove parts of earlier runs in which no row counts any more."""
        self.flush()
        if self.run == 1:
            return
        living = {(known.bundle, known.run) for known in known_bundles(self.folder)}
        # The machines first: without them the rows of the others do not count.
        for table in ("machines", *(t for t in TABLES if t != "machines")):
            for part in part_files(self.folder, table):
                if not _keys(part) & living:
                    with write_errors(part):
                        part.unlink()


def report_file(folder: Path, bundle: str) -> Path:
    """Where the report of one machine lies, if it was made."""
    return folder / REPORTS / f"{bundle[:32]}.html"


def _keys(part: Path) -> set[tuple[str, int]]:
    import pyarrow.parquet as pq

    table = pq.read_table(part, columns=["bundle", "run"])
    return set(zip(table.column("bundle").to_pylist(), table.column("run").to_pylist(), strict=True))


def _write(target: Path, table: str, rows: list[Row]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    made = pa.Table.from_pylist(rows, schema=schema(table))
    partial = target.with_name(target.name + ".partial")
    with write_errors(target):
        try:
            pq.write_table(made, partial, compression="zstd")
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
