"""Colours and other orders to a terminal, which stand between the letters of a name or a secret."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

# As bytes and as what JSON, shells and syslog write for them.
_ORDER = re.compile(
    rb"(?:\x1b|\\{1,7}u001[bB]|\\{1,7}x1[bB]|\\{1,7}033|\\{1,7}e|#033|\xe2\x90\x9b)"
    rb"(?:\[[0-?]{0,40}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\))"
)
# What is left of the signs around a token when wide text is made narrow; no byte of a letter in UTF-8.
_NARROW_MARK = re.compile(
    rb"(?<![\xc2-\xdf])(?<![\xe0-\xef][\x80-\xbf])(?<![\xf0-\xf4][\x80-\xbf]{2})"
    rb"(?:(?<![\xe0-\xf4])(?<![\xf0-\xf4][\x80-\xbf])|(?!.[\x80-\xbf]))[\xab\xbb]"
)
_ZERO = re.compile(rb"\0[^\n]*")
_SIGNS = (b"\x1b", b"u001b[", b"x1b[", b"033[", b"\\e[", b"\xe2\x90\x9b[")


@cache
def _signs() -> BytesAhoCorasick:
    from ahocorasick_rs import BytesAhoCorasick

    return BytesAhoCorasick(_SIGNS)


def is_coloured(low: bytes) -> bool:
    """Whether orders to a terminal stand in one line in lower case."""
    return b"\x1b" in low or (b"[" in low and any(sign in low for sign in _SIGNS))


def has_orders(low: bytes) -> bool:
    """The same for a long text in lower case: `is_coloured` is faster for a line, this for many."""
    return bool(_signs().find_matches_as_indexes(low))


def odd_lines(low: bytes) -> list[tuple[int, int]]:
    """Begin and end, without the line end, of the lines that `without_orders` may change; `low` is in lower case."""
    found: list[tuple[int, int]] = []
    behind = 0
    for at in _odd_places(low):
        if at >= behind:
            behind = low.find(b"\n", at)
            behind = behind if behind >= 0 else len(low)
            found.append((low.rfind(b"\n", 0, at) + 1, behind))
    return found


def _odd_places(low: bytes) -> list[int]:
    """Where signs of orders and zero bytes stand, in order; of those that overlap, the first."""
    places = [at for _, at, _ in _signs().find_matches_as_indexes(low)]
    if b"\0" in low:
        # One for each line is enough, and a binary file has them by the million.
        places += [match.start() for match in _ZERO.finditer(low)]
        places.sort()
    return places


def without_orders(line: bytes) -> bytes:
    """The line without zero bytes and orders to a terminal.

    Wide characters in a narrow file become narrow; zero bytes between fields (a process's command line) blanks.
    """
    if b"\0" in line:
        wide = line.count(0) * 3 > len(line)
        line = line.replace(b"\0", b"" if wide else b" ")
        if wide:
            line = _NARROW_MARK.sub(b"\xc2\\g<0>", line)
    return _ORDER.sub(b"", line) if is_coloured(line.lower()) else line
