"""Reads a bill of materials."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def components(folder: Path, name: str) -> dict[str, str]:
    """Name and version of everything that the bill of a program names; it must be the bill of that very file."""
    bill = json.loads((folder / f"{name}.cdx.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    own = bill["metadata"]["component"]
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert own["hashes"] == [{"alg": "SHA-256", "content": digest}]
    assert f"{digest}  {name}\n" in (folder / "SHA256SUMS").read_text(encoding="ascii")
    return {part["name"]: part["version"] for part in bill["components"]}
