"""The house: imports run one way, files stay small, no room is forgotten."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "arcdiag"
ROWS = ["model", "knowledge", "redact", "case", "logs", "collect", "diagnose", "report", "fleet", "cli"]
TOP = {"errors", "pipeline", "__init__", "__main__"}
FILES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.startswith("arcdiag.")}


def room(name: str) -> str:
    return name.split(".")[1]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    parts = path.relative_to(PACKAGE).parts
    own = parts[0].removesuffix(".py")
    for name in imported(path):
        other = room(name)
        if own in TOP:
            # The pipeline stands between the rooms and the commands.
            assert own != "pipeline" or other != "cli", f"{path} imports {name}"
        elif other in ROWS:
            assert ROWS.index(other) <= ROWS.index(own), f"{path} imports {name}, a row below its own"
        else:
            assert other == "errors" or own == "cli" or other == "__version__", f"{path} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60, f"{node.name} has {length} lines"


def test_every_room_is_in_the_order() -> None:
    rooms = {p.name for p in PACKAGE.iterdir() if p.is_dir() and p.name not in ("__pycache__", "_data")}
    assert rooms <= set(ROWS)


def test_nothing_else_stands_at_the_top() -> None:
    allowed = {"pyproject.toml", "arcdiag", "rules", "templates", "tests", "docs", "deploy", "tools", "LICENSE"}
    allowed |= {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}
    passing = {"build", "dist"}
    found = {p.name for p in ROOT.iterdir() if not p.name.startswith(".") and not p.name.startswith("arcdiag-")}
    assert found - passing <= allowed
    assert allowed <= found


def test_nothing_lies_about_in_the_package() -> None:
    """A wheel takes what lies there: what an editor or a patch left behind would be shipped."""
    strays = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".py", ".json", ".typed")
    ]
    assert not [stray for stray in strays if stray != "py.typed"]
