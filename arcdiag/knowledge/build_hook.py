"""Compiles rules and catalogues when a wheel is built, so that a start needs neither a YAML nor a PO parser."""

from __future__ import annotations

import importlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def _compiled_rules(root: Path) -> bytes:
    """The rules below `root`, by the code below `root`: another arcdiag may be installed where the wheel is built."""
    sys.path.insert(0, str(root))
    try:
        shipped = importlib.import_module("arcdiag.knowledge.shipped")
        sources = importlib.import_module("arcdiag.knowledge.sources")
    finally:
        sys.path.remove(str(root))
    if Path(shipped.__file__ or "").parent != root / "arcdiag" / "knowledge":
        raise ImportError(f"another arcdiag than that of {root} is loaded: {shipped.__file__}")
    compiled: bytes = shipped.packed(shipped.compiled(root / "rules", sources.read_sources(root / "rules")))
    return compiled


class RulesBuildHook(BuildHookInterface[Any]):
    """Adds `arcdiag/_data/rules.msgpack` and the compiled catalogues of the languages to the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, unless this is an editable install (which reads the YAML beside it)."""
        if version == "editable":
            return
        root = Path(self.root)
        target = root / "build" / "rules.msgpack"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(_compiled_rules(root))
        build_data["force_include"][str(target)] = "arcdiag/_data/rules.msgpack"
        for source in sorted((root / "rules" / "locales").glob("*.po")):
            compiled_texts = target.parent / f"{source.stem}.mo"
            _compile_texts(source, compiled_texts)
            build_data["force_include"][str(compiled_texts)] = f"arcdiag/_data/rules/locales/{source.stem}.mo"


def _compile_texts(source: Path, target: Path) -> None:
    with source.open("rb") as stream, target.open("wb") as compiled:
        catalogue = read_po(stream, locale=source.stem.replace("-", "_"))
        # Where the source names no times Babel writes the present, and no two wheels would be the same.
        catalogue.creation_date = catalogue.revision_date = _NO_TIME
        write_mo(compiled, catalogue)
