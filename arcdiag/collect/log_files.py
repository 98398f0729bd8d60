"""The agent's log files on this machine: the newest of each kind first, then the second newest, and so on."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from arcdiag.case.streams import why_unreadable
from arcdiag.collect.host.platform import Host
from arcdiag.model.case import NotEvaluated
from arcdiag.model.fact import FactStatus

FILE_CAP = 32 * 1024 * 1024
"""Bytes of one log, from its end."""
FULL_FILE_CAP = 256 * 1024 * 1024
"""The same with `--full`."""
FILES_PER_KIND = 4
"""Without `--full`; with it every rotated file is taken."""
TOTAL_CAP = 256 * 1024 * 1024
"""Bytes of all logs of a bundle together."""
FULL_TOTAL_CAP = 2 * 1024**3
"""The same with `--full`."""
STALL_SECONDS = 10.0
"""A disk that gives nothing for so long is waited for no more."""
COPY_TIMES = 1
"""All logs together may take so many times the time limit of the run."""
FULL_COPY_TIMES = 20
"""The same with `--full`."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """`path` is inside the case (`logs/himds.log`); `source` where to read it; `shown` its path on the machine."""

    path: str
    kind: str
    source: Path
    shown: str
    size: int


def find_logs(host: Host, full: bool = False) -> tuple[list[LogFile], list[NotEvaluated]]:
    """The newest logs of each kind, or all of them if `full`, and what was left out or may not be read.

    The newest of each kind come first, so that a cap on all together takes the oldest ones of every kind.
    """
    found: list[tuple[int, LogFile]] = []
    left_out: list[NotEvaluated] = []
    for pattern, kind in host.log_globs():
        folder = _folder(host, pattern)
        reading = host.file(folder)
        if reading.status is FactStatus.DENIED or (reading.value is not None and not reading.value.readable):
            left_out.append(NotEvaluated(pattern, "the folder may not be read; run as administrator or root"))
            continue
        if reading.status is FactStatus.ABSENT:
            continue
        newest = _newest_first(host, pattern, left_out)
        most = len(newest) if full else FILES_PER_KIND
        found += [(rank, _log(host, path, kind, size)) for rank, (path, size) in enumerate(newest[:most])]
        for path, _ in newest[most:]:
            why = f"older than the {FILES_PER_KIND} newest files of its kind (--full takes them too)"
            left_out.append(NotEvaluated(path, why))
    return [log for _, log in sorted(found, key=lambda ranked: ranked[0])], left_out


def _folder(host: Host, pattern: str) -> str:
    return pattern.rpartition("/" if host.os == "linux" else "\\")[0]


def _newest_first(host: Host, pattern: str, left_out: list[NotEvaluated]) -> list[tuple[str, int]]:
    """Paths and sizes of the files that match; what is no file, or does not say what it is, is left out by name."""
    entries = []
    for path, real in _matching(host, pattern, left_out):
        try:
            entry = real.stat()
        except OSError as error:
            left_out.append(NotEvaluated(path, why_unreadable(error)))
            continue
        if stat.S_ISREG(entry.st_mode):
            entries.append((-entry.st_mtime, path, entry.st_size))
        elif not stat.S_ISDIR(entry.st_mode):
            left_out.append(NotEvaluated(path, "it is a device, a pipe or a socket"))
    return [(path, size) for _, path, size in sorted(entries)]


def _matching(host: Host, pattern: str, left_out: list[NotEvaluated]) -> Iterator[tuple[str, Path]]:
    """Whatever has a name that fits, with where to open it."""
    folder = _folder(host, pattern)
    wanted = pattern[len(folder) + 1 :]
    try:
        names = sorted(entry.name for entry in host.where(folder).iterdir())
    except OSError as error:
        left_out.append(NotEvaluated(pattern, why_unreadable(error)))
        return
    for name in names:
        if fnmatchcase(os.path.normcase(name), os.path.normcase(wanted)):
            yield f"{folder}{pattern[len(folder)]}{name}", host.where(folder) / name


def _log(host: Host, path: str, kind: str, size: int) -> LogFile:
    # A name may hold bytes that are no text; what is shown and written down must be.
    shown = path.encode("utf-8", "replace").decode("utf-8")
    name = shown.replace("\\", "/").rpartition("/")[2]
    return LogFile(f"logs/{name}", kind, host.where(path), shown, size)
