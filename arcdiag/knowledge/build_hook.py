"""Compiles rules and catalogues when a wheel is built, so that a start needs neither a YAML nor a PO parser."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {path}")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their own module up by name while it is being loaded.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


class RulesBuildHook(BuildHookInterface[Any]):
    """Adds `arcdiag/_data/rules.json` and the compiled catalogues of the languages to the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, unless this is an editable install (which reads the YAML beside it)."""
        if version == "editable":
            return
        root = Path(self.root)
        sources = _load("arcdiag_rule_sources", root / "arcdiag/knowledge/sources.py")
        compiled = sources.compile_sources(root / "rules")
        target = root / "build" / "rules.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(compiled, ensure_ascii=False), encoding="utf-8")
        build_data["force_include"][str(target)] = "arcdiag/_data/rules.json"
        for source in sorted((root / "rules" / "locales").glob("*.po")):
            compiled_texts = target.parent / f"{source.stem}.mo"
            _compile_texts(source, compiled_texts)
            build_data["force_include"][str(compiled_texts)] = f"arcdiag/_data/rules/locales/{source.stem}.mo"


def _compile_texts(source: Path, target: Path) -> None:
    with source.open("rb") as stream, target.open("wb") as compiled:
        write_mo(compiled, read_po(stream, locale=source.stem.replace("-", "_")))
