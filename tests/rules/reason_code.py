"""The English sentences that the code writes into a case: why something was not seen, and what it was.

Read from the syntax tree, at every place where such a sentence is made: arguments of what makes a reading, a fact without
a value or an absence; texts of errors that become one; variables named as reasons are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import arcdiag

ROOT = Path(arcdiag.__file__).parent
ROOMS = ("model/", "case/", "collect/", "logs/", "diagnose/", "fleet/")
HOLE = "\N{WHITE SQUARE}"
"""Stands for what an f-string fills in."""
_ARGUMENTS = {
    "absent": (0,),
    "failed": (1,),
    "Reading": (2,),
    "not_seen": (3,),
    "missing": (2,),
    "NotEvaluated": (0, 1),
    "add": (0, 1),
    "append": (0,),
    "_invalid": (0,),
    "_known": (3,),
    "_not_tried": (1,),
    "LayerSeen": (3,),
    "leave_out": (1,),
    "error_row": (0,),
}
_KEYWORDS = ("reason", "problem", "why")
_VARIABLES = ("reason", "why", "problem", "unknown", "LATE", "INTERRUPTED", "DIED")
ERRORS = {
    "BadFactError": 0,
    "DamagedXmlError": 0,
    "EOFError": 0,
    "HiveError": 0,
    "LeftOutError": 0,
    "NotAManifestError": 0,
    "NotPlainError": 0,
    "ProxyError": 1,
    "RefusedNameError": 0,
    "TooManyError": 0,
    "TooManyPartsError": 0,
    "TooMuchError": 0,
    "UnreadableError": 0,
    "UnusableArchiveError": 0,
    "_BadPolicyError": 0,
}
"""Errors whose text becomes a reason, with the argument that holds it."""
_CODES = ("collect/host/proxy_url.py", "case/zip_out.py", "collect/probe/tls.py", "collect/probe/web.py")
"""Where such names hold a code word, a text for the console, or a probe's raw detail."""
_VALUES = "logs/values/"
"""Here a ValueError says what is wrong with a value."""


@dataclass(frozen=True)
class Place:
    """Where a sentence is written, and the sentence with HOLE for each part that is filled in."""

    file: str
    line: int
    text: str


@dataclass(frozen=True)
class _File:
    name: str
    tree: ast.Module


def _files() -> list[_File]:
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(ROOMS):
            found.append(_File(name, ast.parse(path.read_text(encoding="utf-8"))))
    return found


def raised() -> set[str]:
    """The names of all errors that are raised with a text where cases are made or read."""
    found = set()
    for file in _files():
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                found.add(_called(node.exc))
    return {name for name in found if name.endswith("Error")}


def reasons() -> list[Place]:
    """Every sentence that holds a word, in the order of files and lines; each once in a file."""
    files = _files()
    found: dict[tuple[str, str], Place] = {}
    for file in files:
        constants = {
            target.id: node.value
            for node in file.tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        helpers = _helpers(file, files)
        for node in ast.walk(file.tree):
            for given in _given(file.name, node):
                for text in _texts(given, constants, helpers):
                    if any(c.isalpha() for c in text):
                        found.setdefault((file.name, text), Place(file.name, node.lineno, text))  # type: ignore[attr-defined]
    return sorted(found.values(), key=lambda place: (place.file, place.line))


def _helpers(file: _File, files: list[_File]) -> dict[str, ast.FunctionDef]:
    """The functions that give a text and that a file can call by their names: its own and those that it imports."""
    found = {}
    for other in files:
        dotted = "arcdiag." + other.name.removesuffix(".py").replace("/", ".")
        imported = {
            name.name
            for node in file.tree.body
            if isinstance(node, ast.ImportFrom) and node.module == dotted
            for name in node.names
        }
        for node in other.tree.body:
            if isinstance(node, ast.FunctionDef) and _returns_text(node) and (other is file or node.name in imported):
                found[node.name] = node
    return found


def _returns_text(node: ast.FunctionDef) -> bool:
    return node.returns is not None and ast.unparse(node.returns) in ("str", "str | None")


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _given(file: str, node: ast.AST) -> Iterator[ast.expr]:
    """What stands at the places of a node where a reason belongs."""
    if isinstance(node, ast.Assign):
        target = node.targets[0]
        name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
        # A table of such words, or a number, has the name too.
        if name in _VARIABLES and file not in _CODES:
            yield node.value
    elif isinstance(node, ast.Call):
        name = _called(node)
        places = _ARGUMENTS.get(name, ())
        if name in ("add", "append") and not file.startswith("case/"):
            places = ()
        if (name in ERRORS and (name != "EOFError" or file.startswith("case/"))) or (
            name == "ValueError" and file.startswith(_VALUES)
        ):
            places = (ERRORS.get(name, 0),)
        yield from (node.args[at] for at in places if at < len(node.args))
        if file not in _CODES:
            yield from (word.value for word in node.keywords if word.arg in _KEYWORDS)


def _texts(node: ast.expr, constants: dict[str, ast.expr], helpers: dict[str, ast.FunctionDef]) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from _joined(node)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, constants, helpers)
        yield from _texts(node.orelse, constants, helpers)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _texts(value, constants, helpers)
    elif isinstance(node, ast.Subscript):
        yield from _texts(node.value, constants, helpers)
    elif isinstance(node, ast.Name) and node.id in constants:
        yield from _texts(constants[node.id], {}, helpers)
    elif isinstance(node, ast.Tuple):
        for value in node.elts:
            yield from _texts(value, constants, helpers)
    elif isinstance(node, ast.Call) and _called(node) == "next":
        for value in node.args:
            yield from _texts(value, constants, helpers)
    elif isinstance(node, ast.GeneratorExp):
        for generator in node.generators:
            yield from _texts(generator.iter, constants, helpers)
    elif isinstance(node, ast.Call) and _called(node) in helpers:
        for inner in ast.walk(helpers[_called(node)]):
            if isinstance(inner, ast.Return) and inner.value is not None:
                yield from _texts(inner.value, constants, {})


def _joined(node: ast.JoinedStr) -> Iterator[str]:
    """An f-string; a part that chooses between words gives one text for each of them."""
    texts = [""]
    for part in node.values:
        if isinstance(part, ast.Constant):
            words = [str(part.value)]
        else:
            inner = part.value if isinstance(part, ast.FormattedValue) else None
            words = _choices(inner) or [HOLE]
        texts = [text + word for text in texts for word in words]
    yield from texts


def _choices(node: ast.expr | None) -> list[str]:
    """The words that a part can be: of `a if x else 'b'` a hole and `b`, of `a or 'b'` the same."""
    if isinstance(node, ast.IfExp):
        return [*(_choices(node.body) or [HOLE]), *(_choices(node.orelse) or [HOLE])]
    if isinstance(node, ast.BoolOp):
        return [word for value in node.values for word in (_choices(value) or [HOLE])]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return []
