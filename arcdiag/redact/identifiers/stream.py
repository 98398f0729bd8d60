"""Identifiers in the bytes of a file: any encoding that logs have, line by line, in constant memory."""

from __future__ import annotations

from collections.abc import Callable

from arcdiag.redact.stream import SAMPLE, wide_codec

_MOST = 1024 * 1024
_CUT_WITHIN = 64 * 1024
_BLANKS = (" ", "\t", ",", ";", '"')


class TextStream:
    """Hands the text of a file to `change` in portions of whole lines, and gives back what it returns as bytes.

    A line without an end is cut at a blank. The output does not depend on how the input is cut, but for such lines.
    """

    def __init__(self, change: Callable[[str], str]) -> None:
        self._change = change
        self._waiting: bytes | None = b""
        self._codec, self._errors = "utf-8", "surrogateescape"
        self._odd = b""
        self._rest = ""

    def feed(self, data: bytes) -> bytes:
        """The next bytes that are ready."""
        if self._waiting is not None:
            self._waiting += data
            if len(self._waiting) < SAMPLE:
                return b""
            data = self._begin()
        return self._encoded(self._lines(self._decoded(data)))

    def finish(self) -> bytes:
        """The rest."""
        data = self._begin() if self._waiting is not None else b""
        text = self._rest + self._decoded(data)
        self._rest = ""
        tail = self._odd if self._codec != "utf-8" else b""
        if self._codec == "utf-8":
            text += self._odd.decode("utf-8", self._errors)
        return (self._encoded(self._change(text)) if text else b"") + tail

    def _begin(self) -> bytes:
        data, self._waiting = self._waiting or b"", None
        codec = wide_codec(data[:SAMPLE])
        if codec:
            self._codec, self._errors = codec, "surrogatepass"
        return data

    def _decoded(self, data: bytes) -> str:
        data = self._odd + data
        if self._codec == "utf-8":
            whole = len(data) - _begun(data)
        else:
            whole = len(data) & ~1
            if whole and data[whole - (1 if self._codec == "utf-16-le" else 2)] & 0xFC == 0xD8:
                whole -= 2
        data, self._odd = data[:whole], data[whole:]
        return data.decode(self._codec, self._errors)

    def _encoded(self, text: str) -> bytes:
        return text.encode(self._codec, self._errors)

    def _lines(self, text: str) -> str:
        text = self._rest + text
        end = text.rfind("\n") + 1
        if not end and len(text) > _MOST:
            begin = len(text) - _CUT_WITHIN
            end = max(text.rfind(blank, begin) for blank in _BLANKS) + 1 or len(text)
        self._rest = text[end:]
        return self._change(text[:end]) if end else ""


def _begun(data: bytes) -> int:
    """How many bytes at the end begin a character of UTF-8 that is not complete."""
    for size in (1, 2, 3):
        if len(data) >= size and data[-size] >= 0xC0:
            need = 2 if data[-size] < 0xE0 else (3 if data[-size] < 0xF0 else 4)
            return size if need > size else 0
        if len(data) >= size and data[-size] < 0x80:
            return 0
    return 0
