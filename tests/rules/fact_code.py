"""What the code says of its facts: their names, and the strings that the functions behind a fact know.

A fact's value is built by plain functions, so the keys and words that it can hold are string constants of the function
that names the fact and of what it calls. Read from the syntax tree; nothing is run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import arcdiag

ROOT = Path(arcdiag.__file__).parent
GROUPS = (
    *("account", "agent", "check", "clock", "config", "event", "file", "history", "identity", "machine", "package"),
    *("patch", "policy", "port", "probe", "proxy", "security", "service", "vm", "windows"),
)
_NAME = re.compile(rf"(?:{'|'.join(GROUPS)})\.[a-z][a-z-]+")
_ROOMS = ("knowledge/systems.py", "collect/", "logs/", "diagnose/")
_MAKERS = ("collect/", "logs/", "diagnose/derive.py", "diagnose/dated.py", "diagnose/risks.py", "diagnose/platform.py")
_REGISTRY = "collect/host/inspect.py"
"""Names facts that stand for whole checks; what they call is far too much."""

Node = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
Unit = tuple[str, str]
"""File and name; of a method `Class.method`."""


@dataclass
class _Module:
    units: dict[str, Node] = field(default_factory=dict)
    imports: dict[str, Unit] = field(default_factory=dict)
    returns: dict[str, str] = field(default_factory=dict)


def _files() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*.py")):
        if path.relative_to(ROOT).as_posix().startswith(_ROOMS):
            yield path


def _file_of(dotted: str) -> str:
    return dotted.removeprefix("arcdiag.").replace(".", "/") + ".py"


@cache
def modules() -> dict[str, _Module]:
    """Every module of the rooms that make facts, by its path in the package."""
    found = {}
    for path in _files():
        module = _Module()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            _take(module, node)
        found[path.relative_to(ROOT).as_posix()] = module
    return found


def _take(module: _Module, node: ast.stmt) -> None:
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("arcdiag"):
        for name in node.names:
            module.imports[name.asname or name.name] = (_file_of(node.module or ""), name.name)
    elif isinstance(node, ast.If):
        for inner in node.body:
            _take(module, inner)
    elif isinstance(node, ast.FunctionDef):
        module.units[node.name] = node
    elif isinstance(node, ast.ClassDef):
        module.units[node.name] = node
        for inner in node.body:
            if isinstance(inner, ast.FunctionDef):
                module.units[f"{node.name}.{inner.name}"] = inner
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name):
                module.units[target.id] = node


def fact_names() -> dict[str, set[str]]:
    """Every constant that looks like a fact's name in code that makes facts, with the files that hold it."""
    found: dict[str, set[str]] = {}
    for file, module in modules().items():
        if file.startswith(_MAKERS):
            for node in module.units.values():
                for text in _strings(node):
                    if _NAME.fullmatch(text):
                        found.setdefault(text, set()).add(file)
    return found


def named_at_makers() -> set[str]:
    """Names that stand as the first argument of what makes a fact, whatever their group is."""
    found = set()
    for path in _files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("ok", "not_seen", "Fact", "missing", "fact"):
                found.add(str(node.args[0].value))
    return found


def strings_behind(fact: str, also: tuple[Unit, ...] = ()) -> tuple[set[str], list[re.Pattern[str]]]:
    """String constants, and patterns of f-strings, of the functions that name a fact and of all that they call."""
    known = modules()
    todo = [*also]
    for file, module in known.items():
        if not file.startswith(_MAKERS) or file == _REGISTRY:
            continue
        holders = {name for name, node in module.units.items() if fact in _strings(node)}
        for name, node in module.units.items():
            if isinstance(node, ast.FunctionDef) and (name in holders or holders & _names(node)):
                todo.append((file, name))
    seen: set[Unit] = set()
    texts: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    while todo:
        unit = todo.pop()
        if unit in seen or unit[0] not in known or unit[1] not in known[unit[0]].units:
            continue
        seen.add(unit)
        node = known[unit[0]].units[unit[1]]
        if not isinstance(node, ast.ClassDef):
            texts |= set(_strings(node))
            patterns += _patterns(node)
        todo += _calls(unit, node)
    return texts, patterns


@cache
def _calls(unit: Unit, node: Node) -> tuple[Unit, ...]:
    return tuple(_called(unit, node))


def _called(unit: Unit, node: Node) -> Iterator[Unit]:
    file, name = unit
    module = modules()[file]
    if isinstance(node, ast.ClassDef):
        yield from ((file, base) for base in _names(node) if base in module.units and "." not in base)
        return
    for called in _names(node):
        if called in module.units:
            yield file, called
        elif called in module.imports:
            yield module.imports[called]
    types = _types(node, file, name)
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call | ast.Attribute):
            target = inner.func if isinstance(inner, ast.Call) else inner
            if isinstance(target, ast.Attribute):
                yield from _methods(file, name, target, types)


def _methods(file: str, name: str, target: ast.Attribute, types: dict[str, str]) -> Iterator[Unit]:
    """Methods of that name: of the receiver's class where it is known, else of every class that the module can name."""
    receiver = target.value.id if isinstance(target.value, ast.Name) else ""
    if receiver == "self" and "." in name:
        yield file, f"{name.partition('.')[0]}.{target.attr}"
        return
    wanted = types.get(receiver)
    for place in {file, *(place for place, _ in modules()[file].imports.values())}:
        for unit in modules()[place].units if place in modules() else ():
            owner, dot, method = unit.partition(".")
            if dot and method == target.attr and wanted in (None, owner):
                yield place, unit


def _types(node: Node, file: str, name: str) -> dict[str, str]:
    """Classes of local names: of arguments by their annotation, of results by that of the function."""
    module, types = modules()[file], {}
    if isinstance(node, ast.FunctionDef):
        for arg in node.args.args:
            if isinstance(arg.annotation, ast.Name):
                types[arg.arg] = arg.annotation.id
    for inner in ast.walk(node):
        if not (isinstance(inner, ast.Assign) and isinstance(inner.value, ast.Call)):
            continue
        called, target = inner.value.func, inner.targets[0]
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "self":
            place = (file, f"{name.partition('.')[0]}.{called.attr}")
        elif isinstance(called, ast.Name):
            place = module.imports.get(called.id, (file, called.id))
        else:
            continue
        made = modules().get(place[0], _Module()).units.get(place[1])
        if isinstance(made, ast.FunctionDef) and isinstance(made.returns, ast.Name) and isinstance(target, ast.Name):
            types[target.id] = made.returns.id
    return types


@cache
def _names(node: ast.AST) -> frozenset[str]:
    return frozenset({n.id for n in ast.walk(node) if isinstance(n, ast.Name)})


@cache
def _strings(node: ast.AST) -> tuple[str, ...]:
    docs = {id(n.value) for n in ast.walk(node) if isinstance(n, ast.Expr)}
    return tuple(
        n.value
        for n in ast.walk(node)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs
    )


def _patterns(node: ast.AST) -> list[re.Pattern[str]]:
    found = []
    for joined in ast.walk(node):
        if isinstance(joined, ast.JoinedStr) and isinstance(joined.values[0], ast.Constant):
            parts = [re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"\w+" for v in joined.values]
            found.append(re.compile("".join(parts)))
    return found
