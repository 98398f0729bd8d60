"""Work for real worker processes that one bundle kills, as one that needs more memory than there is would."""

from __future__ import annotations

import os
import signal

from arcdiag.fleet.task import Batch, Outcome
from arcdiag.fleet.worker import analyze_batch

KILLER, ONCE = "killer", "once"


def deadly_batch(batch: Batch) -> list[Outcome]:
    """Dies at a bundle with KILLER in its path; at one with ONCE in it only the first time, marked by a file beside."""
    for job in batch.jobs:
        if KILLER in job.source.where:
            os.kill(os.getpid(), signal.SIGKILL)
        mark = job.source.where + ".seen"
        if ONCE in job.source.where and not os.path.exists(mark):  # noqa: PTH110
            os.close(os.open(mark, os.O_CREAT))
            os.kill(os.getpid(), signal.SIGKILL)
    return analyze_batch(batch)


def failing_batch(batch: Batch) -> list[Outcome]:
    """Breaks with an error of its own."""
    raise RuntimeError("no such batch")
