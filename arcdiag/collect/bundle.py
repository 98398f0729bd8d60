"""Writes what was collected as a case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from arcdiag import __version__
from arcdiag.case.ahead import Patience
from arcdiag.case.write import CaseWriter, Reports
from arcdiag.collect.log_files import (
    FILE_CAP,
    FULL_FILE_CAP,
    FULL_TOTAL_CAP,
    STALL_SECONDS,
    TOTAL_CAP,
    LogFile,
)
from arcdiag.collect.run import Collected
from arcdiag.model.case import Manifest

_SCHEMA = "1.0"
_LOGS_THAT_MAY_HANG = 4


def write_case(target: Path, collected: Collected, rules_version: str, reports: Reports | None = None) -> Path:
    """Write the bundle to `target`, scrubbed of secrets, with what `reports` make of it.

    Raises OutputError or FullDiskError; then nothing is left there.
    """
    manifest = Manifest(
        schema_version=_SCHEMA,
        tool_version=__version__,
        rules_version=rules_version,
        host=collected.hostname,
        os=collected.os,
        collected_at=collected.at,
        utc_offset_minutes=collected.utc_offset_minutes,
        user=collected.user,
        elevated=collected.elevated,
        left_out=collected.left_out,
    )
    with CaseWriter(target, manifest) as writer:
        # One log that hangs must not take the time of all others.
        stall = min(STALL_SECONDS, collected.copy_seconds / _LOGS_THAT_MAY_HANG)
        _add_logs(writer, collected.logs, collected.full, Patience.of(collected.copy_seconds, stall))
        for raw in collected.raw:
            writer.add_text(raw.path, raw.kind, raw.text)
        writer.add_facts(collected.facts)
        writer.finish(reports=reports)
    return target


def _add_logs(writer: CaseWriter, logs: Sequence[LogFile], full: bool, patience: Patience) -> None:
    file_cap, total_cap = (FULL_FILE_CAP, FULL_TOTAL_CAP) if full else (FILE_CAP, TOTAL_CAP)
    left = total_cap
    for log in logs:
        if left <= 0:
            writer.leave_out(log.shown, f"the logs before it are {total_cap // 1024**2} MiB, the most of all together")
        elif not patience.left():
            writer.leave_out(log.shown, "the time for copying logs was over (--timeout)")
        else:
            left -= writer.add_file(log.path, log.kind, log.source, min(file_cap, left), patience)
