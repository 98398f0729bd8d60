"""The parts of the README that the program itself writes: help texts and the table of dependencies' names.

`python -m tests.docs.readme` writes them anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys

from arcdiag.cli.commands import COMMANDS
from tests.docs.pages import ROOT

README = ROOT / "README.md"
_PART = re.compile(r"(?P<begin><!-- generated: (?P<name>[a-z]+) -->\n).*?(?P<end><!-- end of generated -->)", re.DOTALL)
GROUPS = ("rules", "fleet")


def generated(text: str) -> str:
    """The README with its generated parts as the program says them now."""
    return _PART.sub(lambda m: f"{m['begin']}\n{_MAKERS[m['name']]()}\n{m['end']}", text)


def _help(*command: str) -> str:
    env = {**os.environ, "COLUMNS": "100", "LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}
    asked = [sys.executable, "-m", "arcdiag", *command, "--help"]
    shown = subprocess.run(asked, capture_output=True, env=env, timeout=60, check=True, encoding="utf-8").stdout
    return "\n".join(line.rstrip() for line in shown.strip().splitlines())


def _commands() -> str:
    parts = [f"```text\n{_help()}\n```\n"]
    for name in COMMANDS:
        parts.append(
            f"<details><summary><code>arcdiag {name} --help</code></summary>\n\n```text\n{_help(name)}\n```\n\n</details>\n"
        )
    return "\n".join(parts)


_MAKERS = {"help": _commands}


if __name__ == "__main__":
    README.write_text(generated(README.read_text(encoding="utf-8")), encoding="utf-8")
