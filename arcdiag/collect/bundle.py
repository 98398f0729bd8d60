"""Writes what was collected as a case."""

from __future__ import annotations

from pathlib import Path

from arcdiag import __version__
from arcdiag.case.write import CaseWriter
from arcdiag.collect.log_files import FILE_CAP
from arcdiag.collect.run import Collected
from arcdiag.model.case import Manifest

_SCHEMA = "1.0"


def write_case(target: Path, collected: Collected, rules_version: str) -> Path:
    """Write the bundle to `target`, scrubbed of secrets.

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
        for log in collected.logs:
            writer.add_file(log.path, log.kind, log.source, FILE_CAP)
        for raw in collected.raw:
            writer.add_text(raw.path, raw.kind, raw.text)
        writer.add_facts(collected.facts)
    return target
