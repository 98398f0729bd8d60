"""Where a value begins and ends in a line: quoted at any depth of escaping, or a bare word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

MAX_VALUE = 64 * 1024
"""Characters of one value; of a longer one the rest goes to the next blank or quote."""

# The first is a quote of a shell within quotes of that shell.
OPEN_QUOTE = re.compile(
    r"(?P<shell>'\\{1,3}''|'\"'\"')(?=[^\s'])|(?P<bs>\\{0,31})(?P<char>[\"'])|(?P<same>`[\"']|&quot;|&apos;|&#3[49];|\\{1,15}u002[27]|%2[27])"
)
_CURLY_QUOTE = re.compile(r"(?P<open>[“‘])")
_CURLY_CLOSE = {"“": "”", "‘": "’"}
_AFTER_QUOTE = frozenset(" \t\r\n,;:)]}>&|\\\"'`")
# What stands behind the end of a string in JSON: the next string or value, or the end of what holds it.
_BEHIND = (
    r"[ \t]{0,8}(?:,[ \t]{0,8}(?:\\{0,31}\"|[\[{0-9ntf-])|[}\]]{1,16}[ \t]{0,8}(?:[,\"\\\r\n]|\Z)"
    r"|:[ \t]{0,8}[\"\\\[{0-9ntf-])"
)
_BEHIND_STRING = re.compile(_BEHIND)
_STRING_END = re.compile(r"\\{0,31}\"" + _BEHIND)
_BLANK = re.compile(r"\s")
_TRIMMED = 6
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}


@dataclass(frozen=True, slots=True)
class Value:
    """`text[start:end]` without its quotes; `quote` is what opened it, empty for a bare word."""

    start: int
    end: int
    quote: str = ""
    closed: bool = True


def read_quoted(text: str, at: int, sure: bool = False) -> Value | None:
    """The quoted value that opens at `at`; None if no quote stands there. An unclosed one ends at the first blank.

    Unless it is `sure` that the quote opens, one that seems to close a string of JSON is none either.
    """
    opened = OPEN_QUOTE.match(text, at)
    if opened is None:
        curly = _CURLY_QUOTE.match(text, at)
        return read_between(text, curly.end(), curly[0], _CURLY_CLOSE[curly[0]]) if curly else None
    if not sure and _BEHIND_STRING.match(text, opened.end()):
        return None
    if opened["same"] or opened["shell"]:
        return read_between(text, opened.end(), opened[0], opened[0])
    depth, char = len(opened["bs"]), opened["char"]
    if depth == 0 and _doubled(text, opened.end(), char):
        return read_between(text, opened.end() + 1, char * 2, char * 2)
    close, closed = _closing(text, opened.end(), char, depth)
    if close is None:
        return _unclosed(text, opened.end(), opened[0])
    return _within(text, Value(opened.end(), close, opened[0], closed), char)


def _doubled(text: str, at: int, char: str) -> bool:
    """Whether `""value""` begins, as in a quoted field of a CSV file."""
    return text.startswith(char, at) and at + 1 < len(text) and text[at + 1] not in _AFTER_QUOTE


def read_between(text: str, start: int, quote: str, closing: str) -> Value:
    """What stands between `quote`, which ends at `start`, and the next `closing` of the line."""
    end = text.find(closing, start, start + MAX_VALUE)
    line_end = _line_end(text, start)
    if end < 0 or end > line_end:
        return _unclosed(text, start, quote)
    return _within(text, Value(start, end, quote), quote)


def _closing(text: str, start: int, char: str, depth: int) -> tuple[int | None, bool]:
    """Where the value ends, None if it does not; and whether a quote of its own depth ends it.

    With d backslashes before the opening quote, the run before the closing one is d modulo 2(d+1): what is escaped
    inside doubles every backslash and adds one for the quote. A shorter run ends a string around this one.
    """
    limit = min(_line_end(text, start), start + MAX_VALUE)
    at = text.find(char, start, limit)
    while at >= 0:
        run = at
        while run > start and text[run - 1] == "\\":
            run -= 1
        if at - run < depth:
            return run, False
        if (at - run) % (2 * (depth + 1)) == depth:
            if depth or not _inner_double(text, at, start, char):
                return at - depth, True
            at += 1
        at = text.find(char, at + 1, limit)
    return None, False


def _inner_double(text: str, at: int, start: int, char: str) -> bool:
    """Whether the quote at `at` is a doubled one inside a PowerShell string."""
    if at == start or at + 2 >= len(text) or text[at + 1] != char:
        return False
    return text[at + 2] not in _AFTER_QUOTE


def _unclosed(text: str, start: int, quote: str) -> Value:
    blank = _BLANK.search(text, start, start + MAX_VALUE)
    end = blank.start() if blank else min(len(text), start + MAX_VALUE)
    return _within(text, Value(start, end, quote, closed=False), quote[-1:])


def _within(text: str, value: Value, quote: str) -> Value:
    """The value, cut where a JSON string around it ends: quotes of another sort do not reach beyond that."""
    if quote == '"' and value.closed:
        return value
    ending = _STRING_END.search(text, value.start, value.end + 64)
    if ending is None or ending.start() >= value.end:
        return value
    return Value(value.start, ending.start(), value.quote, closed=False)


def read_word(text: str, at: int, stops: str = "", limit: int = MAX_VALUE) -> Value:
    """The bare word at `at`: to a blank, one of `stops`, or a quote that closes what is around it."""
    match = _word(stops).match(text, at, min(len(text), at + limit))
    return Value(at, _trimmed(text, at, match.end() if match else at))


@cache
def _word(stops: str) -> re.Pattern[str]:
    plain = rf"[^\s\"'&`{re.escape(stops)}]{{1,{MAX_VALUE}}}"
    quote = r"[\"'](?![\s,;:)\]}>&|\\\"'`]|\Z)"
    entity = r"(?:quot|#34|#39|apos|lt|gt|amp);"
    ampersand = "" if "&" in stops else rf"|&(?!{entity})"
    return re.compile(rf"(?:{plain}|{quote}{ampersand}|`(?![\"'\n])){{0,{MAX_VALUE}}}")


def _trimmed(text: str, start: int, end: int) -> int:
    """Without what belongs to the text around: backslashes of a quote, brackets that were opened before it."""
    if end < len(text) and text[end] in "\"'":
        while end > start and text[end - 1] == "\\":
            end -= 1
    for _ in range(_TRIMMED):
        char = text[end - 1] if end > start else ""
        opener = _BRACKETS.get(char)
        if not char or not (char in ",;" or (opener and text.count(opener, start, end) < text.count(char, start, end))):
            break
        end -= 1
    return end


def read_value(text: str, at: int, stops: str = "") -> Value:
    """The quoted value at `at`, else the bare word."""
    return read_quoted(text, at) or read_word(text, at, stops)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
