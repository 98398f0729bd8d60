"""A side of a comparison: a JSON report as it was written, or a case that is analysed now."""

from __future__ import annotations

from pathlib import Path

import msgspec

from arcdiag.case.names import one_line
from arcdiag.errors import InputError
from arcdiag.report.wire import SCHEMA_VERSION, ReportDoc

MAX_REPORT = 64 * 1024 * 1024


def read_report(path: Path) -> ReportDoc | None:
    """The JSON report in a file; None if the file is no such thing. Raises InputError for one that cannot be used."""
    if not path.is_file() or not _begins_like_a_report(path):
        return None
    if path.stat().st_size > MAX_REPORT:
        raise InputError(f"{path}: larger than any report of arcdiag ({MAX_REPORT // 2**20} MiB)")
    try:
        return msgspec.json.decode(path.read_bytes(), type=ReportDoc)
    except UnicodeDecodeError:
        raise InputError(f"{path}: not a report of version {SCHEMA_VERSION}: it is not UTF-8") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise InputError(f"{path}: not a report of version {SCHEMA_VERSION}: {one_line(str(error))}") from None


def _begins_like_a_report(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(400).lstrip()
    except OSError as error:
        raise InputError(f"cannot open {path}: {error.strerror}") from None
    return head.startswith(b"{") and b'"schema_version"' in head and b'"tool"' in head
