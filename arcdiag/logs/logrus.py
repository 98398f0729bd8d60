"""The agent's log line: `key=value` pairs whose keys can hold blanks and whose strings are quoted as Go's %q does."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PAIR = re.compile(r"\s*([^=\"]{1,80}?)=(\"(?:[^\"\\]|\\.)*(?:\"|\\?\Z)|[^\s\"]*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_LOOSE = re.compile(r"\\(?:u(00[0-9a-fA-F]{2})|\")")
_LINE_END = re.compile(r"(?:\\r)?\\n(?=[^a-z]|\Z)|\\r\\n")
_SIMPLE = {"n": "\n", "t": "\t", "r": "", "a": "", "b": "", "f": "\n", "v": "\n"}


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs in order; `text` is the message and the other fields as `key=value`, without time and level."""

    fields: tuple[tuple[str, str], ...]
    text: str
    open: bool


def unescape(value: str) -> str:
    """Undo Go's %q (or JSON's) escapes; unknown ones keep their letter."""
    if "\\" not in value:
        return value
    return _ESCAPE.sub(_unescape_one, value)


def unescape_loose(text: str) -> str:
    """Undo escapes in text that is not known to be one quoted string: JSON in a console line.

    Windows paths (`C:\\name`) must survive, so `\\n` counts only where no small letter follows.
    """
    if "\\" not in text:
        return text
    return _LOOSE.sub(lambda m: chr(int(m[1], 16)) if m[1] else '"', _LINE_END.sub("\n", text))


def _unescape_one(match: re.Match[str]) -> str:
    if match[1] or match[2]:
        return chr(int(match[1] or match[2], 16))
    return _SIMPLE.get(match[3], match[3])


def parse_logrus(line: str) -> Pairs:
    """Parse one line. A string without an end is taken to the line's end and reported as `open`."""
    fields: list[tuple[str, str]] = []
    at, is_open = 0, False
    while at < len(line):
        match = _PAIR.match(line, at)
        if match is None or match.end() == at:
            break
        raw = match[2]
        if raw.startswith('"'):
            closed = len(raw) > 1 and raw.endswith('"') and not _ends_escaped(raw)
            is_open = not closed
            raw = unescape(raw[1:-1] if closed else raw[1:])
        fields.append((match[1].strip(), raw))
        at = match.end()
    rest = line[at:].strip()
    text = _text(fields)
    return Pairs(tuple(fields), f"{text} {rest}".strip() if rest else text, is_open)


def _ends_escaped(raw: str) -> bool:
    body = raw[1:-1]
    return (len(body) - len(body.rstrip("\\"))) % 2 == 1


def _text(fields: list[tuple[str, str]]) -> str:
    words = []
    for key, value in fields:
        if key in ("time", "level"):
            continue
        words.append(value if key == "msg" else f"{key}={value}")
    return " ".join(words).strip()
