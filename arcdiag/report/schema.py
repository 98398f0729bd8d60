"""The published JSON Schema of the report, and how it is made from the wire types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "schema" / "report-1.0.json"


def schema() -> dict[str, Any]:
    """The schema that ships with this copy (JSON Schema draft 2020-12)."""
    loaded: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return loaded


def generated_schema() -> dict[str, Any]:
    """The schema that the wire types call for; a test holds the shipped file to it."""
    import msgspec

    from arcdiag.report.wire import ReportDoc

    body = msgspec.json.schema(ReportDoc, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:arcdiag:schema:report:1.0",
        "title": "arcdiag report 1.0",
        **body,
    }
