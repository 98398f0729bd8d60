"""The agent's log files on this machine: the newest of each kind first, then the second newest, and so on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

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
        folder = str(PurePosixPath(pattern).parent) if host.os == "linux" else pattern.rpartition("\\")[0]
        reading = host.file(folder)
        if reading.status is FactStatus.DENIED or (reading.value is not None and not reading.value.readable):
            left_out.append(NotEvaluated(pattern, "the folder may not be read; run as administrator or root"))
            continue
        newest = _newest_first(host, host.find(pattern))
        most = len(newest) if full else FILES_PER_KIND
        found += [(rank, _log(host, path, kind, size)) for rank, (path, size) in enumerate(newest[:most])]
        for path, _ in newest[most:]:
            why = f"older than the {FILES_PER_KIND} newest files of its kind (--full takes them too)"
            left_out.append(NotEvaluated(path, why))
    return [log for _, log in sorted(found, key=lambda ranked: ranked[0])], left_out


def _newest_first(host: Host, paths: Sequence[str]) -> list[tuple[str, int]]:
    entries = []
    for path in paths:
        try:
            entry = host.where(path).stat()
        except OSError:
            continue
        entries.append((-entry.st_mtime, path, entry.st_size))
    return [(path, size) for _, path, size in sorted(entries)]


def _log(host: Host, path: str, kind: str, size: int) -> LogFile:
    # A name may hold bytes that are no text; what is shown and written down must be.
    shown = path.encode("utf-8", "replace").decode("utf-8")
    name = shown.replace("\\", "/").rpartition("/")[2]
    return LogFile(f"logs/{name}", kind, host.where(path), shown, size)
