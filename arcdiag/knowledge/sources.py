"""Finds the rules and reads them as plain data."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_RULE_FILE = 2 * 1024 * 1024
_MAY_ALIAS = re.compile(r"(?:^|[\s\[{,:-])\*[\w-]", re.MULTILINE)
_MAX_DEPTH = 64
_BRACKET = re.compile(r"[][{}]")
_DEEP_LINE = re.compile(r"^[ \t?:-]{64}", re.M)
COMPILED = "rules.msgpack"
"""The name of the compiled rules in a wheel."""
_HEAD = 256
_DIGEST_AT_HEAD = re.compile(rb"key[^ ]{1,40} ([0-9a-f]{64}) ")
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
    """The folder `name` (`rules`, `templates`) of a wheel, else of the checkout that this package stands in.

    The one-file programs, which unpack all that they carry at each start, carry the many rule files as one zip: it is
    unpacked beside itself when the first of them is asked for.
    """
    shipped = _PACKAGE / "_data" / name
    if not shipped.is_dir() and (packed := packaged_file(f"{name}.zip")).is_file():
        _unpack(packed, shipped)
    return shipped if shipped.is_dir() else _PACKAGE.parent / name


def packaged_file(name: str) -> Path:
    """The file `name` that a wheel carries beside its folders; in a checkout it is not there."""
    return _PACKAGE / "_data" / name


def packaged_digest() -> str | None:
    """The `digest_of` the rule files that a wheel's compiled rules were made of; None in a checkout.

    The compiled rules begin with it, so that neither they nor hundreds of files are read to print a version.
    """
    try:
        with packaged_file(COMPILED).open("rb") as file:
            found = _DIGEST_AT_HEAD.search(file.read(_HEAD))
    except OSError:
        return None
    return found[1].decode("ascii") if found else None


def _unpack(packed: Path, target: Path) -> None:
    """Workers of one program share its files: none may see half of a folder."""
    import contextlib
    import shutil
    import tempfile
    import zipfile

    work = tempfile.mkdtemp(prefix="new-", dir=target.parent)
    try:
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(f"{work}/made")
        with contextlib.suppress(FileExistsError, PermissionError):
            Path(f"{work}/made").rename(target)
    except (OSError, zipfile.BadZipFile) as error:
        why = getattr(error, "strerror", None) or "damaged"
        raise RuleFileError(str(packed), None, None, f"cannot be unpacked: {why}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def rule_files(root: Path) -> list[Path]:
    """All YAML files below `root`, in a fixed order; locales are no rules, and links to folders are not followed."""
    return [root / name for name in _names(root)]


def _names(root: Path) -> list[str]:
    found = []
    top = os.fspath(root)
    for folder, inner, names in os.walk(top):
        inner[:] = [name for name in inner if name != "locales"]
        below = folder[len(top) :].replace(os.sep, "/").strip("/")
        found += [f"{below}/{name}" if below else name for name in names if name.endswith((".yaml", ".yml"))]
    return sorted(found)


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
    except ValueError as error:
        # A date that is none, or a number of more digits than Python takes.
        raise RuleFileError(file, None, None, "not valid YAML: it holds a date or a number that is none") from error


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


def as_text(data: bytes, name: str) -> str:
    """The text in the bytes of a rule file. Raises RuleFileError."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleFileError(name, None, None, "not UTF-8 text") from error


def items_of(text: str, name: str) -> list[RuleItem]:
    """The items in the text of a rule file; none in an empty one. Raises RuleFileError."""
    data = parse_yaml(text, name)
    if data is None:
        return []
    items = data if isinstance(data, list) else [data]
    return [RuleItem(name, index, item) for index, item in enumerate(items)]


def read_sources(root: Path) -> list[tuple[str, bytes]]:
    """Name (relative, with `/`) and bytes of every rule file below `root`, in a fixed order."""
    found = []
    for name in _names(root):
        with open(f"{root}/{name}", "rb") as file:  # noqa: PTH123 - each Path would cost as much as its file
            found.append((name, file.read()))
    return found


def digest_of(files: Iterable[tuple[str, bytes]]) -> str:
    """SHA-256 of names and contents, the same whatever the ends of lines."""
    import hashlib

    digest = hashlib.sha256()
    for name, data in files:
        digest.update(name.encode() + b"\0" + data.replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()
