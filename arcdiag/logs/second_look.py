"""Lines whose bytes are not as their text reads (blanks in a row, escapes, letters beyond ASCII), in a form that is
searched like the others."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable

_UNSURE = ("\\u", "\\U", "\\x", "\\\\", "\ufffd")
_ESCAPED_BLANKS = ("\\n", "\\t", "\\r")


def telling(data: bytes, places: Iterable[int], end: int, search: Callable[[bytes], list[int]]) -> list[int]:
    """Those of the `places` in `data[:end]`, in ascending order, whose lines hold what `search` finds.

    `search` gives the places of what it finds in text of single blanks, in lower case and UTF-8. A line that only a
    whole reading understands is always among them.
    """
    found: list[int] = []
    asked: list[int] = []
    starts: list[int] = []
    lines: list[bytes] = []
    done = size = 0
    for place in places:
        if place < done:
            continue
        begin = data.rfind(b"\n", 0, place) + 1
        done = data.find(b"\n", place, end) + 1 or end
        line = _readable(data[begin:done])
        if line is None:
            found.append(place)
            continue
        asked.append(place)
        starts.append(size)
        lines.append(line)
        size += len(line) + 1
    if lines:
        found += {asked[bisect_right(starts, at) - 1] for at in search(b"\n".join(lines))}
    return sorted(found)


def _readable(raw: bytes) -> bytes | None:
    """A line as a record's text would have it, and all around it; None if that takes a whole reading."""
    try:
        text = raw.decode("utf-8").rstrip("\r\n").replace("\t", " ")
    except UnicodeDecodeError:
        return None
    if not text.isprintable() or any(sign in text for sign in _UNSURE):
        return None
    for escaped in _ESCAPED_BLANKS:
        text = text.replace(escaped, " ")
    return " ".join(text.split()).lower().encode("utf-8")
