"""The published JSON Schemas of the documents, and how they are made from the wire types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "schema"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema(name: str = "report") -> dict[str, Any]:
    """The schema of a document (`report`, `compare`, `trial`) that ships with this copy (JSON Schema draft 2020-12)."""
    loaded: dict[str, Any] = json.loads((_FOLDER / f"{name}-1.0.json").read_text(encoding="utf-8"))
    return loaded


def generated_schema(name: str = "report") -> dict[str, Any]:
    """The schema that the wire types call for; a test holds the shipped file to it."""
    import msgspec

    from arcdiag.report.compare.wire import ComparisonDoc
    from arcdiag.report.trial_document import TrialDoc
    from arcdiag.report.wire import ReportDoc

    types = {"report": ReportDoc, "compare": ComparisonDoc, "trial": TrialDoc}
    body = msgspec.json.schema(types[name], ref_template="#/$defs/{name}")
    return {"$schema": _DRAFT, "$id": f"urn:arcdiag:schema:{name}:1.0", "title": f"arcdiag {name} 1.0", **body}
