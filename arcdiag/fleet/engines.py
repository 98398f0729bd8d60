"""Where batches run: a pool of processes on this machine, or a Dask cluster. Both are executors of the same kind."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from multiprocessing import active_children, connection, get_context, parent_process
from typing import Any, Protocol

from arcdiag.errors import InputError
from arcdiag.fleet.extra import CLUSTER, need
from arcdiag.fleet.task import Batch, Outcome
from arcdiag.fleet.worker import analyze_batch

Work = Callable[[Batch], list[Outcome]]


class Engine(Protocol):
    """Runs batches. `slots`: how many run at the same time; `tries`: how often a death must be seen to be believed."""

    slots: int
    tries: int

    def submit(self, batch: Batch) -> Future[list[Outcome]]:
        """Begin, or queue, one batch."""

    def is_death(self, error: BaseException) -> bool:
        """Whether a batch has no result because a worker died, not because of itself."""

    def revive(self) -> None:
        """Be ready for batches again after a worker died."""

    def stop(self) -> None:
        """End at once; what runs is lost."""


class LocalEngine:
    """A process for each of `workers`; the rules are read once in each. `work` is what they do with a batch."""

    def __init__(self, workers: int, work: Work = analyze_batch) -> None:
        self.slots, self.tries = workers, 2
        self._work = work
        self._pool = self._made()

    def _made(self) -> Executor:
        # Not by fork: this process has threads (the tables' and the progress line's), whose locks a child would keep.
        return ProcessPoolExecutor(self.slots, mp_context=get_context("spawn"), initializer=_begin_worker)

    def submit(self, batch: Batch) -> Future[list[Outcome]]:
        """Begin, or queue, one batch. Raises BrokenExecutor if a worker has died since."""
        return self._pool.submit(self._work, batch)

    def is_death(self, error: BaseException) -> bool:
        """A worker that dies takes the pool, and every batch in it, along."""
        return isinstance(error, BrokenExecutor)

    def revive(self) -> None:
        """A new pool; the old one is broken and holds nothing any more."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._made()

    def close(self) -> None:
        """End the workers when they have nothing left to do."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def stop(self) -> None:
        """End the workers now."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for child in active_children():
            child.terminate()


class DaskEngine:
    """The workers of a Dask cluster; the scheduler runs a batch again if a worker is lost, so often as it allows."""

    def __init__(self, client: Any, work: Work = analyze_batch) -> None:
        self._work = work
        self.client = client
        workers = client.scheduler_info(n_workers=-1)["workers"].values()
        self.slots = max(1, sum(int(worker["nthreads"]) for worker in workers))
        # The scheduler gives a batch up only after several workers died of it.
        self.tries = 1
        self._executor = client.get_executor(pure=False)

    def submit(self, batch: Batch) -> Future[list[Outcome]]:
        """Queue one batch with the scheduler."""
        future: Future[list[Outcome]] = self._executor.submit(self._work, batch)
        return future

    def is_death(self, error: BaseException) -> bool:
        """The scheduler has given a batch up: the workers that had it died."""
        from distributed import KilledWorker

        return isinstance(error, KilledWorker)

    def revive(self) -> None:
        """Workers are the cluster's own business."""

    def close(self) -> None:
        """Leave the cluster."""
        self.client.close()

    def stop(self) -> None:
        """Take back what is queued and leave."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        self.client.close()


@contextlib.contextmanager
def local_engine(workers: int | None = None) -> Iterator[LocalEngine]:
    """A pool of `workers` processes, by default one for each core that this process may use."""
    engine = LocalEngine(workers or cores())
    try:
        yield engine
    except BaseException:
        engine.stop()
        raise
    engine.close()


@contextlib.contextmanager
def dask_engine(scheduler: str) -> Iterator[DaskEngine]:
    """The cluster of a scheduler (`tcp://host:8786`). Raises InputError if it does not answer or has no worker."""
    need(CLUSTER, "--scheduler")
    import distributed

    # Its types say nothing of what its functions take.
    made: Any = distributed.Client
    try:
        client = made(scheduler, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(f"no Dask scheduler at {scheduler}: {str(error) or 'it does not answer'}") from error
    try:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise InputError(f"the Dask scheduler at {scheduler} has no worker; start one: dask worker {scheduler}")
        engine = DaskEngine(client)
    except BaseException:
        client.close()
        raise
    try:
        yield engine
    except BaseException:
        engine.stop()
        raise
    engine.close()


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin_worker() -> None:
    """Ctrl-C is the coordinator's; a worker whose coordinator is gone ends by itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # `main` ends by SIGTERM as by Ctrl-C; a worker just ends.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
