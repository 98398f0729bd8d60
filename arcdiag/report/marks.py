"""Markdown that evidence cannot break out of: nothing of a log is ever read as markup, mention, link or macro."""

from __future__ import annotations

import re

from arcdiag.report.excerpt import short
from arcdiag.report.visible import visible
from arcdiag.report.words import Parts

# ServiceNow renders HTML between [code] and [/code], Jira's old editor mentions [~name]: also inside code.
_MACRO = re.compile(r"\[(?=/?code\]|~)", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|^(?=[#+-])")
# Words that no tracker makes anything of: letters with marks around them, or a short number.
_TAME = re.compile(r"[('\"]*(?:[^\W\d_]+(?:[-'][^\W\d_]+)*|\d{1,6})[)'\",.;:!?]*\Z")
_WIDEST = 300


def escaped(text: str) -> str:
    """Our own text: its letters are shown as they are."""
    return _SPECIAL.sub(lambda found: "\\" + found[0], short(text))


def code(value: str, limit: int = _WIDEST) -> str:
    """A value of the evidence as a code span, in which no mention, link or number sign works."""
    text = _MACRO.sub("[ ", short(value, limit))
    if not text:
        return ""
    ticks = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def prose(text: str, limit: int = _WIDEST) -> str:
    """A sentence of uncertain origin: plain words stay words, everything else becomes code."""
    return " ".join(word if _TAME.match(word) else code(word) for word in short(text, limit).split())


def sentence(parts: Parts) -> str:
    """A worded message: our text escaped, its arguments as code; numbers and `<names>` as they come."""
    return "".join(code(part.text) if part.is_value else _inner(part.text) for part in parts)


def fence(text: str, indent: str = "") -> str:
    """A block of text as it is; the fence is longer than any run of ticks in it."""
    lines = _MACRO.sub("[ ", visible(text)).split("\n")
    ticks = "`" * max(3, _longest_run(text) + 1)
    return "\n".join(f"{indent}{line}".rstrip() for line in (f"{ticks}text", *lines, ticks))


def _inner(text: str) -> str:
    # short() would take away the blanks beside an argument.
    lead = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() and text.strip() else ""
    return f"{lead}{escaped(text)}{tail}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
