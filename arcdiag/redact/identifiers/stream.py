"""Identifiers in the bytes of a file: any encoding that logs have, line by line, in constant memory."""

from __future__ import annotations

import re
from collections.abc import Callable

from arcdiag.redact.encoded import Encoded

Change = Callable[[bytes], bytes]
_MOST = 1024 * 1024
_CUT_WITHIN = 64 * 1024
_BLANKS = (b" ", b"\t", b",", b";", b'"')
# Wide text that another program appended to a narrow file.
_WIDE_RUN = re.compile(rb"(?:[\t\r\n\x20-\x7e\xab\xbb]\0){6,}|(?:\0[\t\r\n\x20-\x7e\xab\xbb]){6,}")
# The same in a text of 16-bit characters that is read as UTF-8 here: each has a zero behind it, or three in UTF-32.
_SPREAD_RUN = re.compile(rb"(?:[\t\r\n\x20-\x7e]\0){6,}|(?:\0[\t\r\n\x20-\x7e]){6,}")
_PIECE = 4


class TextStream(Encoded):
    """Hands the text of a file to `change` in portions of whole lines, and gives back what it returns.

    What is read here is UTF-8, or anything with ASCII in single bytes. A line without an end is cut at a blank.
    """

    def __init__(self, change: Change) -> None:
        self._change = change
        self._spread = False
        super().__init__()

    def _lines(self, errors: str) -> _Lines:
        self._spread = errors == "surrogatepass"
        return _Lines(self._plain)

    def _plain(self, data: bytes) -> bytes:
        if b"\0" in data:
            data = _SPREAD_RUN.sub(self._wide, data) if self._spread else _WIDE_RUN.sub(self._wide, data)
        return self._change(data)

    def _wide(self, run: re.Match[bytes]) -> bytes:
        codec = "utf-16-be" if run[0][0] == 0 else "utf-16-le"
        raw = run[0].decode(codec).encode()
        changed = self._change(raw)
        if changed == raw:
            return run[0]
        if self._spread:
            form = "\0%s" if codec == "utf-16-be" else "%s\0"
            return "".join(form % letter for letter in changed.decode()).encode()
        return changed.decode().encode(codec)


class _Lines:
    """Whole lines; endless ones in pieces."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._rest = b""

    def feed(self, data: bytes) -> bytes:
        data = self._rest + data
        end = data.rfind(b"\n") + 1
        if not end and len(data) > _MOST:
            begin = len(data) - _CUT_WITHIN
            end = max(data.rfind(blank, begin) for blank in _BLANKS) + 1 or _whole(data)
        self._rest = data[end:]
        return self._change(data[:end]) if end else b""

    def finish(self) -> bytes:
        data, self._rest = self._rest, b""
        return self._change(data) if data else b""


def _whole(data: bytes) -> int:
    """Where the last character ends, so that none is cut in two."""
    end = len(data)
    while end > len(data) - _PIECE and data[end - 1] & 0xC0 == 0x80:
        end -= 1
    return end - 1 if data[end - 1] >= 0xC0 else len(data)
