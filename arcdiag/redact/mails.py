"""Bodies of mails: base64 behind its header, and the lines that quoted-printable text breaks with a `=`."""

from __future__ import annotations

import quopri
import re
from itertools import accumulate

MOST_LINES = 48
"""So many broken lines are taken as one at most."""
MAIL_HEADER = "transfer-encoding: base64"
"""What tells of a body in base64, in lower case."""
HEADERS = 20
"""So many lines may stand between that header and the body."""
_ENCODING = re.compile(r"content-transfer-encoding:[ \t]{0,8}base64[ \t]*\Z", re.I)
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}:(?:[ \t]|\Z)|[ \t]+\S")
# A program breaks as late as it can; a shorter line that ends so is a setting without a value, or base64.
_NARROWEST, _WIDEST = 56, 76
SOFT_LENGTHS = frozenset(range(_NARROWEST, _WIDEST + 2))
"""Of lines that may be broken so, a carriage return counted."""
_SOFT_ENDS = b"=\r"
_TEXT = re.compile(rb"[ \t]|=[0-9A-F]{2}")


def opens_body(line: str) -> bool:
    """Whether the line says that the body is in base64."""
    return _ENCODING.search(line[-80:]) is not None


def is_field(line: str) -> bool:
    """Whether the line is one more header, or goes on with one."""
    return _FIELD.match(line) is not None


def is_soft(line: bytes) -> bool:
    """Whether a line (without its end) of quoted-printable text goes on in the next one."""
    return (
        _NARROWEST <= len(line) <= _WIDEST
        and line.endswith(b"=")
        and not line.endswith(b"==")
        and _TEXT.search(line) is not None
    )


def soft_runs(data: bytes, lengths: list[int], marked: list[int]) -> list[tuple[int, int, bool]]:
    """Runs of such lines, each with the line behind it: begin and end in `data`, and whether it ends there.

    `lengths` are those of the lines of `data`, `marked` the numbers of all lines whose length is in `SOFT_LENGTHS`.
    """
    ends = list(accumulate(lengths))  # without the line ends, which are as many as the lines before
    soft = [
        number
        for number in marked
        if data[ends[number] + number - 1] in _SOFT_ENDS
        and is_soft(_line(data, ends[number] + number, lengths[number]))
    ]
    if not soft:
        return []
    lines = len(lengths) if lengths[-1] else len(lengths) - 1
    found: list[tuple[int, int, bool]] = []
    behind = 0
    for first in soft:
        if first < behind:
            continue
        behind = first + 1
        while behind < lines and behind - first < MOST_LINES and behind in soft:
            behind += 1
        begin, follows = ends[first] + first - lengths[first], behind < lines
        behind += follows
        found.append((begin, min(ends[behind - 1] + behind, len(data)), follows))
    return found


def _line(data: bytes, end: int, length: int) -> bytes:
    return data[end - length : end].removesuffix(b"\r")


def unbroken(lines: list[bytes]) -> bytes:
    """The text of quoted-printable lines that go on, as one line."""
    whole = b"".join(line.removesuffix(b"=") for line in lines[:-1]) + lines[-1]
    plain = quopri.decodestring(whole).replace(b"\n", b" ").replace(b"\r", b" ")
    try:
        plain.decode()
    except UnicodeDecodeError:  # the letters of one of the older character sets
        return plain.decode("latin-1").encode()
    return plain
