"""What can be checked of the Windows recipes without Windows: the scripts parse, the task fits the schema."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import xmlschema
from tree_sitter import Node
from tree_sitter_language_pack import get_parser

from arcdiag.cli.completion import SHELLS

ROOT = Path(__file__).parents[2]
WINDOWS = ROOT / "deploy" / "windows"
SCRIPTS = sorted(WINDOWS.glob("*.ps1"))
SCHEMA = xmlschema.XMLSchema(str(Path(__file__).with_name("task.xsd")))


def wrong(source: bytes) -> list[tuple[int, str]]:
    """Lines of a PowerShell script that do not parse."""

    def walk(node: Node) -> Iterator[tuple[int, str]]:
        if node.is_error or node.is_missing:
            yield node.start_point[0] + 1, source[node.start_byte : node.end_byte].decode()
        for child in node.children:
            yield from walk(child)

    return list(walk(get_parser("powershell").parse(source).root_node))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_parses(script: Path) -> None:
    source = script.read_bytes()
    assert wrong(source) == []
    # Windows PowerShell reads a file without a byte order mark in the system's code page.
    assert source.isascii()


def test_the_parser_sees_what_is_wrong() -> None:
    source = (WINDOWS / "collect.ps1").read_bytes()
    assert wrong(source.replace(b"exit 0\n}", b"exit 0\n"))
    assert wrong(source.replace(b"'arcdiag.exe'", b"'arcdiag.exe"))


def test_the_completion_of_powershell_parses() -> None:
    assert "powershell" in SHELLS
    command = [sys.executable, "-m", "arcdiag", "completion", "powershell"]
    made = subprocess.run(command, capture_output=True, timeout=60, check=True, cwd=ROOT)
    assert wrong(made.stdout) == []


def test_every_script_counts_findings_as_done() -> None:
    for name in ("collect.ps1", "intune-remediate.ps1"):
        text = (WINDOWS / name).read_text(encoding="ascii")
        assert "collect --quiet --output $" in text
        assert "if (@(0, 1, 3) -contains $LASTEXITCODE) {\n    exit 0\n}\nexit $LASTEXITCODE\n" in text


def test_the_task_fits_the_schema() -> None:
    SCHEMA.validate(str(WINDOWS / "arcdiag-task.xml"))


@pytest.mark.parametrize(
    ("right", "wrong_"),
    [
        ("<RandomDelay>PT1H</RandomDelay>", "<RandomDelay>1h</RandomDelay>"),
        ("<RunLevel>", "<RunLevel>Most"),
        ('Context="System"', 'Context="Nobody"'),
        ("<Priority>7<", "<Priority>11<"),
    ],
)
def test_the_schema_sees_what_is_wrong(right: str, wrong_: str) -> None:
    text = (WINDOWS / "arcdiag-task.xml").read_text(encoding="ascii")
    assert right in text
    assert not SCHEMA.is_valid(text.replace(right, wrong_))
