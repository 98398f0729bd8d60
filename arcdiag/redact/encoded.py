"""Bytes of a file in any encoding that logs have, changed as text and written back in that encoding."""

from __future__ import annotations

import re
from typing import Protocol

SAMPLE = 4096
"""So many first bytes decide on the encoding of a file."""
_BOMS = (
    (b"\xef\xbb\xbf", ""),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_MARKS = {codec: mark for mark, codec in _BOMS}
# With the signs around a token, in single bytes and as they look in pairs.
_PLAIN_RUN = re.compile(rb"(?:[\t\r\n\x20-\x7e]|\xc2[\xab\xbb]){24,}")
_SIGNS = "".join(chr(code << 8) for code in (9, 10, 13, *range(0x20, 0x7F), 0xAB, 0xBB))
_SWAPPED_RUN = re.compile(f"[{_SIGNS}]{{12,}}")
_PAIRED_RUN = re.compile(r"[\u0909-\u0d7e\u2009-\u7e7e\uab09-\uabc2\ubb09-\ubbc2\uc209-\uc27e]{12,}")


class Lines(Protocol):
    """Changes a text in UTF-8, or anything that has ASCII in single bytes, that comes in portions."""

    def feed(self, data: bytes) -> bytes:
        """The next bytes that are ready."""

    def finish(self) -> bytes:
        """The rest."""


class Encoded:
    """Feed it the bytes of one file, and `finish` it. The output does not depend on how the input is cut.

    `_lines(errors)` and `_plain(data)`, which are to be given, change a text in portions and a whole short one.
    `head` are the first bytes of the file (SAMPLE of them are enough), if it is fed from a later place on.
    The output is always read in the encoding in which the input was: where its own first bytes would tell of another
    (a damaged file, a part from the middle, tokens in place of much), it begins with a byte order mark.
    """

    def __init__(self, head: bytes = b"") -> None:
        self._sample: bytearray | None = bytearray()
        self._codec = ""
        self._odd = b""
        self._mark = b""
        self._opening: bytearray | None = bytearray()
        self._changer = self._lines("surrogateescape")
        if head:
            self._sample = None
            self._choose(head)

    def _lines(self, errors: str) -> Lines:
        """`errors` decodes and encodes what is no UTF-8."""
        raise NotImplementedError

    def _plain(self, data: bytes) -> bytes:
        raise NotImplementedError

    def feed(self, data: bytes) -> bytes:
        """The next bytes that are ready; what is kept back is at most one piece."""
        if self._sample is None:
            return self._opened(self._changed(data))
        self._sample += data
        return self._opened(self._begin()) if len(self._sample) >= SAMPLE else b""

    def run_up(self, data: bytes) -> None:
        """Take whole lines before the place from which the output is wanted, for what they say of it; once, first.

        The output begins with the byte order mark of `head`, if that has one in 16-bit characters.
        """
        if self._sample is not None:
            self._sample = None
            self._choose(data)
        self._changed(data)
        self._opening = bytearray(self._mark)

    def finish(self) -> bytes:
        """The rest."""
        begun = self._begin() if self._sample is not None else b""
        return self._opened(begun + self._encoded(self._changer.finish()) + self._odd, last=True)

    def _opened(self, data: bytes, last: bool = False) -> bytes:
        """The output; its first bytes wait until they tell of an encoding, and get a mark if it is another one."""
        if self._opening is None:
            return data
        self._opening += data
        if len(self._opening) < SAMPLE and not last:
            return b""
        opening, self._opening = bytes(self._opening), None
        if not opening or wide_codec(opening[:SAMPLE]) == self._codec:
            return opening
        return _MARKS[self._codec] + opening

    def _begin(self) -> bytes:
        sample, self._sample = bytes(self._sample or b""), None
        self._choose(sample)
        return self._changed(sample)

    def _choose(self, head: bytes) -> None:
        self._codec = wide_codec(head[:SAMPLE])
        if self._codec:
            self._changer = self._lines("surrogatepass")
            self._mark = _MARKS[self._codec] if head.startswith(_MARKS[self._codec]) else b""

    def _changed(self, data: bytes) -> bytes:
        if not self._codec:
            return self._changer.feed(data)
        data = self._odd + data
        whole = len(data) & ~1
        if whole and data[whole - (1 if self._codec == "utf-16-le" else 2)] & 0xFC == 0xD8:
            whole -= 2  # the first half of a pair waits for the second
        data, self._odd = data[:whole], data[whole:]
        text = data.decode(self._codec, "surrogatepass")
        return self._encoded(self._changer.feed(text.encode("utf-8", "surrogatepass")))

    def _encoded(self, data: bytes) -> bytes:
        if not self._codec:
            return data
        text = data.decode("utf-8", "surrogatepass")
        if not text.isascii():
            text = _PAIRED_RUN.sub(self._narrow, _SWAPPED_RUN.sub(self._swapped, text))
        return text.encode(self._codec, "surrogatepass")

    def _swapped(self, match: re.Match[str]) -> str:
        """Changes what stands behind a lost byte: the halves of all its characters have changed places."""
        other = "utf-16-be" if self._codec == "utf-16-le" else "utf-16-le"
        raw = match[0].encode(self._codec).decode(other).encode()
        changed = self._plain(raw)
        if changed == raw:
            return match[0]
        return changed.decode().encode(other).decode(self._codec)

    def _narrow(self, match: re.Match[str]) -> str:
        """Changes what a program appended to a wide file in single bytes: two letters look like one sign there."""
        raw = match[0].encode(self._codec)
        changed = _PLAIN_RUN.sub(lambda run: self._plain(run[0]), raw)
        if changed == raw:
            return match[0]
        return (changed + b" " * (len(changed) % 2)).decode(self._codec, "surrogatepass")


def wide_codec(sample: bytes) -> str:
    """The codec of a text in 16-bit characters, empty for UTF-8 and all others whose ASCII is one byte a letter."""
    for bom, codec in _BOMS:
        if sample.startswith(bom):
            return codec
    size = len(sample)
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > size * 0.3 and even < size * 0.05:
        return "utf-16-le"
    if even > size * 0.3 and odd < size * 0.05:
        return "utf-16-be"
    return ""
