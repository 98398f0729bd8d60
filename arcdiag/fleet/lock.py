"""One run at a time in a folder: a lock that the system takes away with the process that holds it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from arcdiag.case.zip_out import write_errors
from arcdiag.errors import OutputError

_NAME = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder, which is made if it is not there. Raises OutputError if another run has it."""
    with write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / _NAME).open("a+b")
    with file:
        try:
            _take(file)
        except OSError:
            raise OutputError(f"another run writes to {folder}; wait for it, or choose another folder") from None
        yield


def _take(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
