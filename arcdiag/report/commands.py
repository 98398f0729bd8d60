"""What people need to know of the commands in a report: what must come of a check, and which shell they are for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from arcdiag.report.words import Words

if TYPE_CHECKING:
    from arcdiag.model.diagnosis import Fix

_WORDS = 4
_GENERIC = "report.verify.text"


def expected(command: str, words: Words) -> str:
    """What must come of the command that shows a repair: by its first words, as many as the texts know."""
    said = [word for word in command.replace("sudo ", "").split()[:_WORDS] if word.replace("-", "").isalnum()]
    for count in range(len(said), 0, -1):
        key = f"report.expect.{'-'.join(said[:count]).lower()}"
        if key in words:
            return words.say(key)
    return words.say(_GENERIC)


def shells(steps: Sequence[Fix], verify: str | None, words: Words) -> tuple[str, ...]:
    """A sentence for each shell that these commands are for; empty where any will do."""
    found = []
    if any(fix.command and fix.os == "windows" for fix in steps):
        found.append("report.shell.windows")
    if any((command or "").startswith("az ") for command in (*(fix.command for fix in steps), verify)):
        found.append("report.shell.azure")
    if any("<" in (command or "") for command in (*(fix.command for fix in steps), verify)):
        found.append("report.shell.places")
    return tuple(words.say(key) for key in found)
