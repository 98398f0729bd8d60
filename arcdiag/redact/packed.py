"""Scripts in base64 over many lines: encoded commands of PowerShell, files and user data of cloud-init."""

from __future__ import annotations

import base64
import binascii
import re

from arcdiag.redact.kinds import is_redacted
from arcdiag.redact.line import Line, Span

LINES = 4000
"""A packed script hides at most so many lines."""
PACKED = ("base64 ", ": |", ": >", ":|", ":>", "!!binary", "-enc", " -ec")
"""What a line holds that opens one, in lower case."""
_NAME = r"(?:content|contents|user_?-?data|vendor_?-?data|custom_?data|script|payload|b64|base64|source)"
_OPENS = re.compile(
    rf"(?:\b{_NAME}[\"']?[ \t]{{0,4}}:[ \t]{{0,4}}(?:!!binary[ \t]{{1,4}})?[|>][0-9+-]{{0,2}}"
    r"|base64[ \t]{1,4}(?:-d|-D|-di|--decode)\b[^\n]{0,80}<<-?[ \t]{0,4}[\"'\\]?\w{1,40}[\"']?[^\n]{0,60}"
    r"|<<-?[ \t]{0,4}[\"'\\]?\w{1,40}[\"']?[ \t]{0,4}\|[ \t]{0,4}base64[ \t]{1,4}(?:-d|-D|-di|--decode)\b[^\n]{0,60}"
    r"|!!binary[ \t]{1,4}[|>][0-9+-]{0,2}"
    r"|[ \t\"',]-e(?:nc|c)[a-z]{0,12}[\"',:]{0,3}(?:[ \t]{1,4}[`^\\\"']{1,2})?)[ \t]*\Z",
    re.I,
)
_OPENS_BYTES = re.compile(_OPENS.pattern.replace(r"\Z", r"[\r\n]").encode(), re.I)
_MARKS = " \t\r\n>|#\"'+,`^\\()"
_BODY = re.compile(r"[A-Za-z0-9+/]{2,4096}={0,2}")
_FIRST, _NEXT = 40, 24
_GZIP = "H4sI"
_SHOWN = frozenset(range(32, 127)) | {9, 10, 13, 0}
_CUT = 3
_BEHIND = 80


def opens_packed(body: str) -> bool:
    """Whether a packed script may begin below the line."""
    tail = body[-_BEHIND:]
    return ("|" in tail or ">" in tail or "-e" in tail.lower()) and _OPENS.search(tail) is not None


def may_open_packed(low: bytes, at: int) -> bool:
    """The same for the bytes around `at`."""
    end = low.find(b"\n", at) + 1
    return 0 < end - at <= _BEHIND and _OPENS_BYTES.search(low[max(0, at - _BEHIND) : end]) is not None


def find_nothing(line: Line, hit: int) -> list[Span]:
    """For lines that hold no secret, but open one."""
    return []


def packed_parts(text: str, first: bool) -> list[tuple[int, int]]:
    """Where the pieces of a packed script stand in a line, a token for each that is hidden; empty if it is none.

    A line that a console wrapped can hold several of them.
    """
    parts: list[tuple[int, int]] = []
    at = 0
    for word in text.split():
        bare = word.strip(_MARKS)
        if not bare:
            continue
        start = text.index(bare, at)
        at = start + len(bare)
        if not (is_redacted(bare) or _is_piece(bare, first and not parts)):
            return []
        parts.append((start, at))
    return parts


def is_last(size: int) -> bool:
    """Whether a piece of that length is shorter than lines of a packed script are."""
    return size < _NEXT


def _is_piece(body: str, first: bool) -> bool:
    if not _BODY.fullmatch(body):
        return False
    if first:
        return len(body) >= _FIRST and (body.startswith(_GZIP) or _is_text(body))
    mixed = any(map(str.isupper, body)) and any(map(str.islower, body))
    return body.endswith("=") or (mixed and (len(body) >= _NEXT or len(body) % 4 == 0 or any(map(str.isdigit, body))))


def _is_text(body: str) -> bool:
    """Whether it unpacks to a text: a certificate or a picture does not."""
    plain = body.rstrip("=")
    try:
        raw = base64.b64decode(plain[: len(plain) // 4 * 4])
    except binascii.Error:
        return False
    return bool(raw) and (sum(byte in _SHOWN for byte in raw) * 20 >= len(raw) * 19 or _is_utf8(raw))


def _is_utf8(raw: bytes) -> bool:
    """Whether it is text beyond ASCII; the last letter may be cut."""
    text = raw.decode("utf-8", "ignore")
    return len(text.encode()) >= len(raw) - _CUT and all(char.isprintable() or char.isspace() for char in text)
