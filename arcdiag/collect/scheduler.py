"""Runs everything at once under one deadline; what does not end in time, or crashes, becomes a fact that says so."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.progress import Progress
from arcdiag.errors import Guard
from arcdiag.model.fact import Fact, FactPath, FactStatus
from arcdiag.model.fact_maker import FactMaker
from arcdiag.model.subject import Subject

MAX_WORKERS = 48
# After the deadline the tasks get this long to say how far they came.
_GRACE = 0.5
_GLANCE = 0.05
LATE = "the time limit of the whole run was reached (--timeout)"
INTERRUPTED = "interrupted before it ended"


@dataclass(frozen=True, slots=True)
class ClockSample:
    """The machine's clock minus a server's, in seconds, as one answer's Date header shows it.

    `by_proxy`: a proxy answered in place of the host, so it is the proxy's clock.
    """

    host: str
    seconds: float
    by_proxy: bool = False


class Sink:
    """Where one task puts what it sees; closed at the deadline, and deaf from then on."""

    def __init__(
        self,
        fact: str,
        subject: Subject,
        path: FactPath = FactPath.AGENT,
        saw: Callable[[Fact], None] | None = None,
    ) -> None:
        self._saw = saw
        self._lock = threading.Lock()
        self._facts: list[Fact] = []
        self._samples: list[ClockSample] = []
        self._later: list[Task] = []
        self._open = True
        self.now = (fact, subject, path)

    def begin(self, fact: str, subject: Subject, path: FactPath = FactPath.AGENT) -> None:
        """What is being looked at: it is the fact that will be missing if the task ends here."""
        self.now = (fact, subject, path)

    def add(self, fact: Fact) -> None:
        """Keep a fact, unless the sink is closed."""
        with self._lock:
            if not self._open:
                return
            self._facts.append(fact)
        if self._saw is not None:
            self._saw(fact)

    def sample(self, sample: ClockSample) -> None:
        """Keep a clock sample, unless the sink is closed."""
        with self._lock:
            if self._open:
                self._samples.append(sample)

    def facts(self) -> tuple[Fact, ...]:
        """What the task has put here so far."""
        with self._lock:
            return tuple(self._facts)

    def follow(self, task: Task) -> None:
        """Work that this task has given rise to; it begins when the task has ended, and its facts come after."""
        with self._lock:
            if self._open:
                self._later.append(task)

    def take_later(self) -> list[Task]:
        """The follow-up tasks; none a second time."""
        with self._lock:
            later, self._later = self._later, []
            return later

    def close(self) -> tuple[list[Fact], list[ClockSample]]:
        """Take everything; what comes later is lost on purpose."""
        with self._lock:
            self._open = False
            return list(self._facts), list(self._samples)


@dataclass(frozen=True)
class Task:
    """One piece of work. `fact` and `subject` stand for it until it begins something else."""

    name: str
    by: str
    fact: str
    subject: Subject
    run: Callable[[Sink], None]
    path: FactPath = FactPath.AGENT


@dataclass
class _Run:
    """`later` are the runs that this one gave rise to; they are there before it counts as ended."""

    task: Task
    sink: Sink
    ended: bool = False
    error: Exception | None = None
    later: list[_Run] = field(default_factory=list)

    @classmethod
    def of(cls, task: Task, progress: Progress) -> _Run:
        return cls(task, Sink(task.fact, task.subject, task.path, progress.saw))

    def all(self) -> Iterator[_Run]:
        """Itself and all that came of it, in the order in which that was asked for."""
        yield self
        for run in self.later:
            yield from run.all()


@dataclass(frozen=True)
class Outcome:
    """Facts in the order of the tasks, whatever the timing."""

    facts: tuple[Fact, ...]
    samples: tuple[ClockSample, ...]
    interrupted: bool


@dataclass
class _Pool:
    """Workers are added as work comes, MAX_WORKERS at most; they go when there is nothing to do."""

    progress: Progress
    waiting: queue.SimpleQueue[_Run] = field(default_factory=queue.SimpleQueue)
    changed: threading.Condition = field(default_factory=threading.Condition)
    workers: int = 0

    def put(self, runs: Sequence[_Run]) -> None:
        """Begin these as soon as a worker is free."""
        with self.changed:
            for run in runs:
                self.waiting.put(run)
            for _ in range(min(len(runs), MAX_WORKERS - self.workers)):
                self.workers += 1
                threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while (run := self._next()) is not None:
            self.progress.update(run.task.name, "running")
            with Guard() as guard:
                run.task.run(run.sink)
            later = [_Run.of(task, self.progress) for task in run.sink.take_later()]
            with self.changed:
                run.later = later
                run.error, run.ended = guard.error, True
                self.changed.notify_all()
            self.put(later)
            self.progress.update(run.task.name, "done")

    def _next(self) -> _Run | None:
        with self.changed:
            try:
                return self.waiting.get_nowait()
            except queue.Empty:
                self.workers -= 1
                return None


def run_tasks(tasks: Sequence[Task], deadline: Deadline, make: FactMaker, progress: Progress) -> Outcome:
    """Run all tasks and what follows them; back within a second after the deadline whatever they do.

    Ctrl-C gives what there is.
    """
    pool = _Pool(progress)
    runs = [_Run.of(task, progress) for task in tasks]
    interrupted = False
    try:
        pool.put(runs)
        _wait(pool, runs, deadline)
    except KeyboardInterrupt:
        interrupted = True
        deadline.stop()
    _wait(pool, runs, Deadline.after(_GRACE))
    facts: list[Fact] = []
    samples: list[ClockSample] = []
    for run in _everything(pool, runs):
        seen, clock = run.sink.close()
        facts += seen
        samples += clock
        missing = _missing(run, make, INTERRUPTED if interrupted else LATE)
        facts += [missing] if missing else []
    return Outcome(tuple(facts), tuple(samples), interrupted)


def _everything(pool: _Pool, runs: Sequence[_Run]) -> list[_Run]:
    with pool.changed:
        return [each for run in runs for each in run.all()]


def _wait(pool: _Pool, runs: Sequence[_Run], deadline: Deadline) -> None:
    with pool.changed:
        while not all(each.ended for run in runs for each in run.all()) and not deadline.passed:
            pool.changed.wait(min(_GLANCE, deadline.left()))


def _missing(run: _Run, make: FactMaker, late: str) -> Fact | None:
    """The fact for what a task did not get to say; None for one that ended well."""
    if run.ended and run.error is None:
        return None
    fact, subject, path = run.sink.now
    if not run.ended or isinstance(run.error, TimeoutError):
        return make.not_seen(fact, subject, FactStatus.TIMEOUT, late, run.task.by, path)
    reason = f"this check of arcdiag failed: {type(run.error).__name__}: {run.error}"[:500]
    return make.not_seen(fact, subject, FactStatus.ERROR, reason, run.task.by, path)
