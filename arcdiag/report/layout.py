"""Lines of a terminal: widths of characters, wrapping, indentation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

# Marks that must not begin, and those that must not end a line in Chinese and Japanese typesetting.
_CLOSING = "、。，．：；！？）］｝〉》」』】〕”’:;,.!?)\\]}"
_OPENING = "（［｛〈《「『【〔“‘(\\[{"
_WIDE = "\u2e80-\uffef"


def columns(text: str) -> int:
    """How many columns a terminal needs: 2 for wide characters, 0 for marks that sit on the one before."""
    if text.isascii():
        return len(text)
    return sum(_columns_of(char) for char in text)


def _columns_of(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut_points(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Slices of one line of log text, each at most `width` columns, at a blank if one is near the end."""
    start = 0
    while start < len(text):
        end, used = start, 0
        while end < len(text) and (used + _columns_of(text[end]) <= width or end == start):
            used += _columns_of(text[end])
            end += 1
        if end < len(text):
            blank = text.rfind(" ", start + (end - start) * 3 // 4, end)
            end = blank + 1 if blank > start else end
        yield start, end
        start = end


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """Sentences as lines of at most `width` columns; `first` begins the first line, `rest` the others."""
    rest = " " * columns(first) if rest is None else rest
    lines, line, empty = [], first, True
    for gap, piece in _pieces(text, max(8, width - columns(rest))):
        if not empty and columns(line) + len(gap) + columns(piece) > width:
            lines.append(line)
            line, empty = rest, True
        line += piece if empty else gap + piece
        empty = False
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str, room: int) -> Iterator[tuple[str, str]]:
    """What may begin a line, with the gap before it: words, single wide characters, cuts of long words."""
    for word in text.split():
        gap = " "
        for run in _unbroken().findall(word) if _mixed(word) else [word]:
            for start, end in cut_points(run, room):
                yield gap, run[start:end]
                gap = ""


@cache
def _unbroken() -> re.Pattern[str]:
    """What stays in one line; compiled when wide characters are met, as that takes longer than most answers."""
    return re.compile(rf"[{_OPENING}]*(?:[^{_WIDE}{_OPENING}]+|[{_WIDE}])[{_CLOSING}]*|[{_OPENING}]+")


def _mixed(word: str) -> bool:
    # Korean is written with blanks between words; only scripts without them may break anywhere.
    return not word.isascii() and any("\u2e80" <= char <= "\u9fff" for char in word)
