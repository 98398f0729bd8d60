"""Keeps an engine busy with batches, loses none when workers die, and finds the bundle that kills them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass, replace

from arcdiag.fleet.engines import Engine
from arcdiag.fleet.rows import error_row
from arcdiag.fleet.task import Batch, Job, Outcome

MOST_JOBS, MOST_BYTES = 32, 64 * 1024**2
"""So many bundles, or bytes of them, a task: a cluster's overhead of 2 ms a task does not show then."""
_QUEUED = 2
"""Tasks for each slot: one runs, one waits; more would only fill memory."""
DIED = "its analysis killed the worker process twice (out of memory?)"
_WAIT = 0.5


def batches(jobs: Sequence[Job], common: Batch, slots: int) -> Iterator[Batch]:
    """Jobs in their order as batches like `common`; small fleets are spread over all slots."""
    most = max(1, min(MOST_JOBS, len(jobs) // (slots * _QUEUED * 4)))
    some: list[Job] = []
    size = 0
    for job in jobs:
        if some and (len(some) >= most or size + max(0, job.source.size) > MOST_BYTES):
            yield replace(common, jobs=tuple(some))
            some, size = [], 0
        some.append(job)
        size += max(0, job.source.size)
    if some:
        yield replace(common, jobs=tuple(some))


@dataclass
class Drive:
    """One run over an engine. `stopping`: begin nothing new, only wait for what runs."""

    engine: Engine
    stopping: bool = False

    def stop(self) -> None:
        """Begin nothing new."""
        self.stopping = True

    def outcomes(self, waiting: Iterable[Batch]) -> Iterator[list[Outcome]]:
        """The outcomes of all batches, as they come; none of a batch whose worker died is lost or given twice.

        Yields an empty list now and then while nothing comes, so that the caller can look around. When workers die,
        the batches that were under way are suspects: their bundles run one by one, with nothing beside them, and one
        that kills its worker twice then is an error.
        """
        source = iter(waiting)
        running: dict[Future[list[Outcome]], Batch] = {}
        suspects: deque[Batch] = deque()
        while True:
            if suspects and not running:
                yield from self._one_by_one(suspects)
            self._fill(running, source, suspects)
            if not running and not suspects:
                return
            done, _ = wait(running, timeout=_WAIT, return_when=FIRST_COMPLETED)
            if not done:
                yield []
            for future in done:
                batch = running.pop(future)
                found = self._result(future)
                if found is None:
                    suspects.append(batch)
                else:
                    yield found

    def _fill(
        self, running: dict[Future[list[Outcome]], Batch], source: Iterator[Batch], suspects: deque[Batch]
    ) -> None:
        while not self.stopping and not suspects and len(running) < self.engine.slots * _QUEUED:
            batch = next(source, None)
            if batch is None:
                return
            try:
                running[self.engine.submit(batch)] = batch
            except BrokenExecutor:
                suspects.append(batch)

    def _one_by_one(self, suspects: deque[Batch]) -> Iterator[list[Outcome]]:
        self.engine.revive()
        while suspects and not self.stopping:
            batch = suspects.popleft()
            for job in batch.jobs:
                if self.stopping:
                    return
                yield from self._alone(replace(batch, jobs=(job,)))
        suspects.clear()

    def _alone(self, batch: Batch) -> Iterator[list[Outcome]]:
        """The outcome of a batch of one; an error if its worker dies each time."""
        for _ in range(self.engine.tries):
            future = self.engine.submit(batch)
            while not wait([future], timeout=_WAIT).done:
                yield []
            found = self._result(future)
            if found is not None:
                yield found
                return
            self.engine.revive()
        source = batch.jobs[0].source
        yield [Outcome(source, None, source.size, error_row(DIED, again=True))]

    def _result(self, future: Future[list[Outcome]]) -> list[Outcome] | None:
        """None if a worker died. Raises what the batch raised."""
        error = future.exception()
        if error is None:
            return future.result()
        if self.engine.is_death(error):
            return None
        raise error
