"""The agent's log files on this machine, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from arcdiag.collect.host.platform import Host
from arcdiag.model.case import NotEvaluated
from arcdiag.model.fact import FactStatus

FILE_CAP = 32 * 1024 * 1024
"""Bytes of one log, from its end."""
FILES_PER_KIND = 4


@dataclass(frozen=True, slots=True)
class LogFile:
    """`path` is inside the case (`logs/himds.log`); `source` where to read it; `shown` its path on the machine."""

    path: str
    kind: str
    source: Path
    shown: str
    size: int


def find_logs(host: Host) -> tuple[list[LogFile], list[NotEvaluated]]:
    """The newest logs of each kind, and what was left out or may not be read."""
    found: list[LogFile] = []
    left_out: list[NotEvaluated] = []
    for pattern, kind in host.log_globs():
        folder = str(PurePosixPath(pattern).parent) if host.os == "linux" else pattern.rpartition("\\")[0]
        reading = host.file(folder)
        if reading.status is FactStatus.DENIED or (reading.value is not None and not reading.value.readable):
            left_out.append(NotEvaluated(pattern, "the folder may not be read; run as administrator or root"))
            continue
        newest = _newest_first(host, host.find(pattern))
        found += [_log(host, path, kind, size) for path, size in newest[:FILES_PER_KIND]]
        for path, _ in newest[FILES_PER_KIND:]:
            left_out.append(NotEvaluated(path, f"older than the {FILES_PER_KIND} newest files of its kind"))
    return found, left_out


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
