"""Lines that are too many for memory, kept sorted in temporary files until they are read."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from heapq import merge
from itertools import groupby
from typing import IO
from weakref import finalize

from arcdiag.errors import FullDiskError, OutputError

_MOST_HELD, _MOST_RUNS = 50_000, 64


class SortedRuns:
    """Add lines, each without a line end; read them sorted, each once. At most `most` of them are in memory.

    The files have no name and go with the object. Raises FullDiskError, or OutputError where there is no temporary
    folder to write to.
    """

    def __init__(self, most: int = _MOST_HELD) -> None:
        self._most = most
        self._held: set[bytes] = set()
        self._runs: list[IO[bytes]] = []
        self._files = ExitStack()
        finalize(self, self._files.close)

    def add(self, line: bytes) -> None:
        """Keep one line."""
        self._held.add(line)
        if len(self._held) >= self._most:
            self._runs.append(self._written(sorted(self._held)))
            self._held.clear()
            if len(self._runs) >= _MOST_RUNS:
                files, self._files = self._files, ExitStack()
                finalize(self, self._files.close)
                self._runs = [self._written(self)]
                files.close()

    def __iter__(self) -> Iterator[bytes]:
        """All lines so far."""
        for run in self._runs:
            run.seek(0)
        stored = [(line[:-1] for line in run) for run in self._runs]
        for line, _ in groupby(merge(*stored, sorted(self._held))):
            yield line

    def _written(self, lines: Iterable[bytes]) -> IO[bytes]:
        try:
            run = self._files.enter_context(tempfile.TemporaryFile(prefix="arcdiag-"))  # noqa: SIM115
            run.writelines(line + b"\n" for line in lines)
            run.flush()
        except OSError as error:
            where = f"the temporary folder {tempfile.gettempdir()}"
            if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
                raise FullDiskError(f"{where} is full; make room, or set TMPDIR to another place") from error
            raise OutputError(f"cannot write to {where}: {error.strerror}") from error
        return run
