"""Runs everything at once under one deadline; what does not end in time, or crashes, becomes a fact that says so."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.guard import Guard
from arcdiag.collect.progress import Progress
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
    """The machine's clock minus a server's, in seconds, as one answer's Date header shows it."""

    host: str
    seconds: float


class Sink:
    """Where one task puts what it sees; closed at the deadline, and deaf from then on."""

    def __init__(self, fact: str, subject: Subject, path: FactPath = FactPath.AGENT) -> None:
        self._lock = threading.Lock()
        self._facts: list[Fact] = []
        self._samples: list[ClockSample] = []
        self._open = True
        self.now = (fact, subject, path)

    def begin(self, fact: str, subject: Subject, path: FactPath = FactPath.AGENT) -> None:
        """What is being looked at: it is the fact that will be missing if the task ends here."""
        self.now = (fact, subject, path)

    def add(self, fact: Fact) -> None:
        """Keep a fact, unless the sink is closed."""
        with self._lock:
            if self._open:
                self._facts.append(fact)

    def sample(self, sample: ClockSample) -> None:
        """Keep a clock sample, unless the sink is closed."""
        with self._lock:
            if self._open:
                self._samples.append(sample)

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
    task: Task
    sink: Sink
    ended: bool = False
    error: Exception | None = None


@dataclass(frozen=True)
class Outcome:
    """Facts in the order of the tasks, whatever the timing."""

    facts: tuple[Fact, ...]
    samples: tuple[ClockSample, ...]
    interrupted: bool


@dataclass
class _Pool:
    progress: Progress
    waiting: queue.SimpleQueue[_Run] = field(default_factory=queue.SimpleQueue)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def work(self) -> None:
        """Take runs until none is left."""
        while True:
            try:
                run = self.waiting.get_nowait()
            except queue.Empty:
                return
            self.progress.update(run.task.name, "running")
            with Guard() as guard:
                run.task.run(run.sink)
            self.progress.update(run.task.name, "done")
            with self.changed:
                run.error, run.ended = guard.error, True
                self.changed.notify_all()


def run_tasks(tasks: Sequence[Task], deadline: Deadline, make: FactMaker, progress: Progress) -> Outcome:
    """Run all tasks; back within a second after the deadline whatever they do. Ctrl-C gives what there is."""
    pool = _Pool(progress)
    runs = [_Run(task, Sink(task.fact, task.subject, task.path)) for task in tasks]
    for run in runs:
        pool.waiting.put(run)
    interrupted = False
    try:
        for _ in range(min(len(runs), MAX_WORKERS)):
            threading.Thread(target=pool.work, daemon=True).start()
        _wait(pool, runs, deadline)
    except KeyboardInterrupt:
        interrupted = True
        deadline.stop()
    _wait(pool, runs, Deadline.after(_GRACE))
    facts: list[Fact] = []
    samples: list[ClockSample] = []
    for run in runs:
        seen, clock = run.sink.close()
        facts += seen
        samples += clock
        missing = _missing(run, make, INTERRUPTED if interrupted else LATE)
        facts += [missing] if missing else []
    return Outcome(tuple(facts), tuple(samples), interrupted)


def _wait(pool: _Pool, runs: Sequence[_Run], deadline: Deadline) -> None:
    with pool.changed:
        while not all(run.ended for run in runs) and not deadline.passed:
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
