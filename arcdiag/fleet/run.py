"""SOURCES in, tables out: what is done already is skipped, what is not is analysed and written batch by batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from arcdiag import __version__
from arcdiag.fleet.drive import Drive, batches
from arcdiag.fleet.ending import gentle_end
from arcdiag.fleet.engines import Engine, dask_engine, local_engine
from arcdiag.fleet.extra import TABLES, need
from arcdiag.fleet.lock import locked
from arcdiag.fleet.progress import Count, FleetProgress
from arcdiag.fleet.rows import shown
from arcdiag.fleet.store import Known, Store, known_bundles, report_file
from arcdiag.fleet.task import Batch, Job, Outcome, Source
from arcdiag.fleet.worker import own_files, rules_for


@dataclass(frozen=True, slots=True)
class Options:
    """How to run. `workers`: processes of this machine, None = its cores; `scheduler`: of a Dask cluster instead.

    `reports`: `none`, `problems` or `all`: of which machines an HTML report is written, in `lang`.
    """

    out: Path
    rules: Path | None = None
    workers: int | None = None
    scheduler: str | None = None
    reports: str = "none"
    lang: str = "en"
    quiet: bool = False


@dataclass
class Summary:
    """What a run did. `failed`: sources without a diagnosis, and why; `copies`: same bytes as another source."""

    bundles: int
    analysed: int = 0
    skipped: int = 0
    copies: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    interrupted: bool = False


def analyze_fleet(sources: Sequence[Source], options: Options) -> Summary:
    """Analyse all bundles that are not in the tables of `options.out` yet.

    A bundle is known by the hash of its bytes, and done if its rows were made by these rules. Ctrl-C lets what runs
    come to its end, and a later run goes on from there; a second one stops at once. Raises InputError, OutputError.
    """
    need(TABLES, "arcdiag fleet")
    own = own_files(options.rules)
    version = rules_for(own).version
    with locked(options.out):
        known = list(known_bundles(options.out))
        store = Store.begin(options.out, version, __version__)
        common = Batch((), version, own, options.reports, options.lang)
        with _engine(options) as engine:
            run = _Run(store, engine, known, Summary(len(sources)), Count(len(sources)))
            done = [one for one in known if _is_done(one, options, version)]
            run.work(batches(_jobs(sources, done), common, engine.slots), options.quiet)
    return run.summary


def _is_done(known: Known, options: Options, version: str) -> bool:
    """Whether nothing is left to do for a bundle: its rows are of these rules, and a report that it gets is there."""
    if known.rules != version or known.again:
        return False
    reported = known.error is None and (options.reports == "all" or (options.reports == "problems" and known.ill))
    return not reported or report_file(options.out, known.bundle).exists()


def _engine(options: Options) -> AbstractContextManager[Engine]:
    return dask_engine(options.scheduler) if options.scheduler else local_engine(options.workers)


def _jobs(sources: Sequence[Source], done: Sequence[Known]) -> list[Job]:
    """Each source with what is done and could be the same bytes: bundles of its size, or name where no size is known.

    Sources of one size share one tuple: thousands of bundles can be equally large.
    """
    by_size: dict[int, list[str]] = defaultdict(list)
    by_name: dict[str, list[str]] = defaultdict(list)
    for one in done:
        by_size[one.size].append(one.bundle)
        by_name[one.source].append(one.bundle)
    of_size = {size: tuple(bundles) for size, bundles in by_size.items()}
    return [Job(s, of_size.get(s.size, ()) if s.size >= 0 else tuple(by_name.get(shown(s.where), ()))) for s in sources]


@dataclass
class _Run:
    store: Store
    engine: Engine
    known: Sequence[Known]
    summary: Summary
    count: Count

    def work(self, waiting: Iterator[Batch], quiet: bool) -> None:
        drive = Drive(self.engine)
        progress = None if quiet else FleetProgress(self.count)
        errors = {one.bundle: one.error for one in self.known}
        seen: set[str] = set()
        try:
            with gentle_end(drive.stop):
                for found in drive.outcomes(waiting):
                    self._take(found, seen, errors)
        finally:
            if progress is not None:
                progress.close()
            self.store.finish()
        self.summary.interrupted = drive.stopping

    def _take(self, found: Sequence[Outcome], seen: set[str], errors: Mapping[str, str | None]) -> None:
        fresh = []
        for outcome in found:
            self.count.done += 1
            if outcome.skipped:
                self.summary.skipped += 1
                self.count.skipped += 1
                if error := errors.get(outcome.key):
                    self._failed(outcome, error)
            elif outcome.key in seen:
                self.summary.copies += 1
            else:
                seen.add(outcome.key)
                fresh.append(outcome)
                self.summary.analysed += 1
                if outcome.error is not None:
                    self._failed(outcome, outcome.error)
        self.store.add(fresh)

    def _failed(self, outcome: Outcome, why: str) -> None:
        self.summary.failed.append((shown(outcome.source.where), why))
        self.count.failed += 1
