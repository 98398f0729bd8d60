"""Work that can wait: below the machine's own programs, for this process alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

NICE = 5
"""Linux. Of a core that one program keeps busy this gets a quarter, of an idle one everything.

With a larger number people would wait for minutes on a machine that is busy for good.
"""


@contextmanager
def low_priority() -> Iterator[None]:
    """Processor and disk are left to others for a while; what cannot be lowered or raised again stays as it is.

    An ordinary user of Linux may lower a priority and not raise it again, so this is for the end of a program. Nothing
    that measures times should run inside.
    """
    import psutil

    refused = (psutil.Error, OSError, AttributeError, ValueError)
    process = psutil.Process()
    nice = ionice = None
    with suppress(*refused):
        before = process.nice()
        if sys.platform == "win32":
            process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            process.nice(max(before, NICE))
        nice = before
    with suppress(*refused):
        # No other system orders the work of its disks by program.
        if sys.platform == "win32":
            process.ionice(psutil.IOPRIO_LOW)
            ionice = psutil.IOPRIO_NORMAL
        elif sys.platform == "linux":
            disk = process.ionice()
            # The lowest of the usual class: the idle class would get nothing at all from a disk that is never idle.
            process.ionice(psutil.IOPRIO_CLASS_BE, 7)
            ionice = disk
    try:
        yield
    finally:
        with suppress(*refused):
            if nice is not None:
                process.nice(nice)
        with suppress(*refused):
            if sys.platform == "win32" and ionice is not None:
                process.ionice(ionice)
            elif sys.platform == "linux" and ionice is not None:
                process.ionice(ionice.ioclass, ionice.value)
