"""Finds the rules and reads them as plain data: YAML in a checkout, one compiled JSON in a wheel.

Imports nothing of arcdiag, as the wheel build loads this file alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_RULE_FILE = 2 * 1024 * 1024
_MAY_ALIAS = re.compile(r"(?:^|[\s\[{,:-])\*[\w-]", re.MULTILINE)
_MAX_DEPTH = 64
_BRACKET = re.compile(r"[][{}]")
_DEEP_LINE = re.compile(r"^[ \t?:-]{64}", re.M)
_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class RuleItem:
    """One item of a rule file, as plain data. `index` is its place in the file's list (0 for a mapping)."""

    file: str
    index: int
    data: Any


class RuleFileError(Exception):
    """A rule file that cannot be used: file, line, field and what is expected, in one line. Exit code 2."""

    exit_code = 2

    def __init__(self, file: str, line: int | None, field: str | None, expected: str) -> None:
        self.file, self.line, self.field, self.expected = file, line, field, expected
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {f'{field}: ' if field else ''}{expected}")


def data_dir(name: str) -> Path:
    """The folder `name` (`rules`, `templates`) of a wheel, else of the checkout that this package stands in."""
    shipped = _PACKAGE / "_data" / name
    return shipped if shipped.is_dir() else _PACKAGE.parent / name


def rule_files(root: Path) -> list[Path]:
    """All YAML files below `root`, in a fixed order; locales are no rules."""
    found = [p for p in root.rglob("*.y*ml") if p.suffix in (".yaml", ".yml") and "locales" not in p.parts]
    return sorted(found, key=lambda p: p.relative_to(root).as_posix())


def parse_yaml(text: str, file: str) -> Any:
    """Safe YAML as plain data; no aliases (they can blow up). Raises RuleFileError."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    if len(text) > MAX_RULE_FILE:
        raise RuleFileError(file, None, None, f"a rule file has at most {MAX_RULE_FILE} bytes")
    try:
        if _MAY_ALIAS.search(text) or _may_be_deep(text):
            _refuse_bombs(text, file, loader)
        return yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise RuleFileError(file, mark.line + 1 if mark else None, None, f"not valid YAML: {problem}") from error
    except RecursionError as error:
        raise RuleFileError(file, None, None, "nested too deeply") from error


def _may_be_deep(text: str) -> bool:
    """A quick look: brackets that are open at once, or a line that begins deep; in doubt yes."""
    deepest = depth = 0
    for bracket in _BRACKET.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest > _MAX_DEPTH or _DEEP_LINE.search(text) is not None


def _refuse_bombs(text: str, file: str, loader: Any) -> None:
    """Events come one by one; what builds the data calls itself for each level, in C until the stack ends."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent):
            raise RuleFileError(file, line, None, "YAML aliases (*name) are not allowed")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise RuleFileError(file, line, None, "nested too deeply")


def read_file(path: Path, name: str) -> list[RuleItem]:
    """The items of one rule file. Raises RuleFileError, also for a file that is no text."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleFileError(name, None, None, "not UTF-8 text") from error
    except OSError as error:
        raise RuleFileError(name, None, None, f"cannot be read: {error.strerror}") from error
    data = parse_yaml(text, name)
    if data is None:
        return []
    items = data if isinstance(data, list) else [data]
    return [RuleItem(name, index, item) for index, item in enumerate(items)]


def compile_sources(root: Path) -> dict[str, Any]:
    """All rules below `root` as one JSON-able document with the hash of their text."""
    items: list[dict[str, Any]] = []
    digest = hashlib.sha256()
    for path in rule_files(root):
        name = path.relative_to(root).as_posix()
        digest.update(name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
        items += [{"file": i.file, "index": i.index, "data": i.data} for i in read_file(path, name)]
    return {"hash": digest.hexdigest(), "items": items}


def shipped_items() -> tuple[str, Iterator[RuleItem]]:
    """Hash and items of the rules that ship with this copy of arcdiag."""
    compiled = _PACKAGE / "_data" / "rules.json"
    if compiled.is_file():
        import json

        document = json.loads(compiled.read_text(encoding="utf-8"))
    else:
        document = compile_sources(data_dir("rules"))
    return document["hash"], (RuleItem(i["file"], i["index"], i["data"]) for i in document["items"])
