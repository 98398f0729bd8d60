"""Writes a bill of materials in CycloneDX's form; run by the builder's own tools.

python -m tools.release.bill_document PLAN.json TARGET.json
"""

from __future__ import annotations

import hashlib
import json
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL


def main(plan: Path, target: Path) -> None:
    """Write the document; an assertion if it does not fit CycloneDX's own schema."""
    known = json.loads(plan.read_text(encoding="utf-8"))
    text = document(Path(known["program"]), known["epoch"], known["components"])
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    assert problem is None, problem
    target.write_text(text, encoding="utf-8", newline="\n")


def document(program: Path, epoch: int, parts: list[dict[str, str]]) -> str:
    """The bill as JSON; the same for the same program and parts."""
    digest = hashlib.sha256(program.read_bytes()).hexdigest()
    own = next(part for part in parts if part["name"] == "arcdiag")
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"sha256:{digest}"))
    bom.metadata.timestamp = datetime.fromtimestamp(epoch, UTC)
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=digest)]
    root = Component(
        name=program.name, version=own["version"], type=ComponentType.APPLICATION, hashes=hashes, bom_ref=program.name
    )
    bom.metadata.component = root
    components = [_component(part) for part in parts if part is not own]
    for component in components:
        bom.components.add(component)
    bom.register_dependency(root, components)
    return str(JsonV1Dot6(bom).output_as_string(indent=1)) + "\n"


def _component(part: dict[str, str]) -> Component:
    namespace = "debian" if part["kind"] == "deb" else None
    kind = {"pypi": "pypi", "deb": "deb"}.get(part["kind"], "generic")
    name = part["name"].lower().replace("_", "-") if kind == "pypi" else part["name"]
    purl = PackageURL(type=kind, namespace=namespace, name=name, version=part["version"], qualifiers=_arch(part))
    more: dict[str, Any] = {"licenses": [LicenseFactory().make_from_string(part["licence"])]} if part["licence"] else {}
    return Component(
        name=part["name"], version=part["version"], type=ComponentType.LIBRARY, purl=purl, bom_ref=str(purl), **more
    )


def _arch(part: dict[str, str]) -> dict[str, str] | None:
    return {"arch": "source"} if part["kind"] == "deb" else None


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
