"""`arcdiag --help` and `arcdiag --version` without click, in the same words and lines: people ask for them most."""

from __future__ import annotations

import os
import sys

from arcdiag import __version__
from arcdiag.cli.commands import ABOUT, COMMANDS, HELP_NAMES, OPTIONS, WIDEST

# `typing` and `collections` are a quarter of a quick start; type checkers know the name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_USAGE = "Usage: arcdiag "
_PIECES = "[OPTIONS] COMMAND [ARGS]..."
_INDENT = "  "
_NARROWEST = 50
_USUAL = 80


def quick_answer(arguments: Sequence[str]) -> str | None:
    """What the whole command line prints; None if it takes click to tell."""
    if list(arguments) == ["--version"]:
        return version_line() + "\n"
    if len(arguments) == 1 and arguments[0] in HELP_NAMES:
        return help_page(max(min(_columns(), WIDEST) - 2, _NARROWEST))
    return None


def version_line() -> str:
    """The version of the program and of the rules it ships with: two copies that print the same decide the same."""
    from arcdiag.knowledge.sources import data_dir, digest_of, packaged_digest, read_sources

    digest = packaged_digest() or digest_of(read_sources(data_dir("rules")))
    return f"arcdiag, version {__version__} (rules {digest[:12]})"


def help_page(width: int) -> str:
    """The help of the program, in lines of so many columns at most."""
    usage = wrapped(_PIECES, width - len(_USAGE))
    rest = [
        *(" " * (len(_USAGE) if place else 0) + line for place, line in enumerate(usage)),
        "",
        *(_INDENT + line for line in wrapped(ABOUT, width - len(_INDENT))),
        "",
        "Options:",
        *_table(OPTIONS, width),
        "",
        "Commands:",
        *_table({name: says for name, (_, says) in COMMANDS.items()}, width),
    ]
    return _USAGE + "\n".join(rest) + "\n"


def _table(rows: Mapping[str, str], width: int) -> Iterator[str]:
    first = max(map(len, rows)) + 2
    for name, text in rows.items():
        for place, line in enumerate(wrapped(text, width - first - 2)):
            yield f"{_INDENT}{'' if place else name:<{first}}{line}"


def wrapped(text: str, width: int) -> list[str]:
    """Lines of whole words; one with hyphens may be parted behind each of them."""
    lines = [""]
    for word in text.split():
        for place, piece in enumerate(word.replace("-", "-\0").split("\0")):
            gap = "" if place or not lines[-1] else " "
            if len(lines[-1]) + len(gap) + len(piece) <= width:
                lines[-1] += gap + piece
            else:
                lines.append(piece)
    return lines


def _columns() -> int:
    """The width of the terminal, as `shutil.get_terminal_size` finds it."""
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns > 0:
        return columns
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _USUAL if sys.__stdout__ else _USUAL
    except (AttributeError, ValueError, OSError):
        return _USUAL
