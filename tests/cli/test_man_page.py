from __future__ import annotations

import subprocess
from pathlib import Path

from arcdiag.cli.commands import COMMANDS
from tools.man_page import PAGE, _line, page

HIDDEN, QUOTE = r".hidden -x \\srv «a»", "' quoted"


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tools.man_page > docs/man/arcdiag.1"


def test_groff_has_nothing_to_complain_about() -> None:
    text = run("groff", "-man", "-ww", "-Tutf8", "-P-cbou", "-rLL=80n", str(PAGE))
    for name in COMMANDS:
        assert f"   arcdiag {name}" in text
    for code in ("0", "1", "2", "3", "4", "130"):
        assert f"\n       {code} " in text
    assert "--output DIR" in text and "arcdiag explain AZCM0042" in text


def test_mandoc_has_nothing_to_complain_about() -> None:
    assert run("mandoc", "-Tlint", "-Wstyle", str(PAGE)) == ""


def test_a_line_that_begins_like_a_macro_is_text(tmp_path: Path) -> None:
    source = tmp_path / "t.1"
    source.write_text(f'.TH T 1 "2026-11-21"\n.SH NAME\nt \\- t\n{_line(HIDDEN)}\n{_line(QUOTE)}\n')
    assert f"{HIDDEN} {QUOTE}" in run("groff", "-man", "-ww", "-Tutf8", "-P-cbou", str(source))
