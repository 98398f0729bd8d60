"""The JSON Schemas of reports that ship: `python -m tests.report.schemas` writes them anew from the types."""

from __future__ import annotations

import json
from pathlib import Path

import arcdiag.report
from arcdiag.report.schema import generated_schema

NAMES = ("report", "compare", "trial")


def main() -> None:
    """Write every schema. A change that old readers do not bear needs a new version."""
    folder = Path(arcdiag.report.__file__).parent / "schema"
    for name in NAMES:
        text = json.dumps(generated_schema(name), indent=2, ensure_ascii=False)
        (folder / f"{name}-1.0.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
