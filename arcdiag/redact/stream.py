"""Bytes of a file without their secrets: any encoding that logs have, in portions of any size, in constant memory."""

from __future__ import annotations

import re
from collections import Counter

from arcdiag.redact.kinds import token_of
from arcdiag.redact.line import Line
from arcdiag.redact.lines import LineScrubber, token_kinds
from arcdiag.redact.spans import find_spans

PIECE = 1024 * 1024
"""A line longer than this is scrubbed in pieces of this size."""
OVERLAP = 128 * 1024
"""So much of a piece is looked at again with the next one, so that no secret hides across the cut."""
SAMPLE = 4096
"""So many first bytes decide on the encoding of a file."""
_BOMS = (
    (b"\xef\xbb\xbf", ""),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_MARKS = {codec: mark for mark, codec in _BOMS}
_VALUE_END = re.compile(rb"[\s\"'<>]")
_PLAIN_RUN = re.compile(rb"[\t\r\n\x20-\x7e]{24,}")
_SIGNS = "".join(chr(code << 8) for code in (9, 10, 13, *range(0x20, 0x7F), 0xAB, 0xBB))
_SWAPPED_RUN = re.compile(f"[{_SIGNS}]{{12,}}")
_PAIRED_RUN = re.compile(r"[\u0909-\u0d7e\u2009-\u7e7e]{12,}")


class Scrubber:
    """Feed it the bytes of one file, and `finish` it. The output does not depend on how the input is cut.

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
        self._narrowed: Counter[str] = Counter()
        self._lines = _PieceScrubber("surrogateescape")
        if head:
            self._sample = None
            self._choose(head)

    @property
    def removed(self) -> Counter[str]:
        """How many tokens were put in place of secrets so far, by kind."""
        return +(self._lines.removed + self._narrowed)

    def feed(self, data: bytes) -> bytes:
        """The next bytes that are ready; what is kept back is at most one piece."""
        if self._sample is None:
            return self._opened(self._scrubbed(data))
        self._sample += data
        return self._opened(self._begin()) if len(self._sample) >= SAMPLE else b""

    def run_up(self, data: bytes) -> None:
        """Take whole lines before the place from which the output is wanted, for what they say of it; once, first.

        The output begins with the byte order mark of `head`, if that has one in 16-bit characters.
        """
        if self._sample is not None:
            self._sample = None
            self._choose(data)
        self._scrubbed(data)
        self._opening = bytearray(self._mark)

    def finish(self) -> bytes:
        """The rest."""
        begun = self._begin() if self._sample is not None else b""
        return self._opened(begun + self._encoded(self._lines.finish()) + self._odd, last=True)

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
        return self._scrubbed(sample)

    def _choose(self, head: bytes) -> None:
        self._codec = wide_codec(head[:SAMPLE])
        if self._codec:
            self._lines = _PieceScrubber("surrogatepass")
            self._mark = _MARKS[self._codec] if head.startswith(_MARKS[self._codec]) else b""

    def _scrubbed(self, data: bytes) -> bytes:
        if not self._codec:
            return self._lines.feed(data)
        data = self._odd + data
        whole = len(data) & ~1
        if whole and data[whole - (1 if self._codec == "utf-16-le" else 2)] & 0xFC == 0xD8:
            whole -= 2  # the first half of a pair waits for the second
        data, self._odd = data[:whole], data[whole:]
        text = data.decode(self._codec, "surrogatepass")
        return self._encoded(self._lines.feed(text.encode("utf-8", "surrogatepass")))

    def _encoded(self, data: bytes) -> bytes:
        if not self._codec:
            return data
        text = data.decode("utf-8", "surrogatepass")
        if not text.isascii():
            text = _PAIRED_RUN.sub(self._narrow, _SWAPPED_RUN.sub(self._swapped, text))
        return text.encode(self._codec, "surrogatepass")

    def _swapped(self, match: re.Match[str]) -> str:
        """Scrubs what stands behind a lost byte: the halves of all its characters have changed places."""
        other = "utf-16-be" if self._codec == "utf-16-le" else "utf-16-le"
        raw = match[0].encode(self._codec).decode(other).encode()
        scrubbed = scrub_plain(raw)
        if scrubbed == raw:
            return match[0]
        text = scrubbed.decode()
        self._narrowed.update(token_kinds(text))
        self._narrowed.subtract(token_kinds(raw.decode()))
        return text.encode(other).decode(self._codec)

    def _narrow(self, match: re.Match[str]) -> str:
        """Scrubs what another program appended to a wide file in single bytes: two letters look like one sign there."""
        raw = match[0].encode(self._codec)
        scrubbed = _PLAIN_RUN.sub(lambda run: scrub_plain(run[0]), raw)
        if scrubbed == raw:
            return match[0]
        self._narrowed.update(token_kinds(scrubbed.decode("utf-8", "replace")))
        return (scrubbed + b" " * (len(scrubbed) % 2)).decode(self._codec, "surrogatepass")


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


class _PieceScrubber:
    """Whole lines go to the line scrubber, endless ones in pieces that overlap."""

    def __init__(self, errors: str) -> None:
        self._scrubber = LineScrubber(errors)
        self._errors = errors
        self._rest = b""
        self._inside = False
        self._pieces: Counter[str] = Counter()

    @property
    def removed(self) -> Counter[str]:
        return self._scrubber.removed + self._pieces

    def feed(self, data: bytes) -> bytes:
        data = self._rest + data
        parts = []
        end = data.rfind(b"\n") + 1
        if end:
            parts.append(self._whole(data[:end]))
            data = data[end:]
        while len(data) >= PIECE:
            parts.append(self._scrubber.scrub(b"", last=True))
            done, data = self._piece(data)
            parts.append(done)
        self._rest = data
        return b"".join(parts)

    def finish(self) -> bytes:
        rest, self._rest = self._rest, b""
        return self._whole(rest) + self._scrubber.scrub(b"", last=True)

    def _whole(self, data: bytes) -> bytes:
        """Complete lines; the long ones among them are cut like those that come in portions."""
        parts, start = [], 0
        if self._inside:
            data = self._after_inside(data)
        while len(data) - start >= PIECE:
            end = data.find(b"\n", start) + 1 or len(data)
            if end - start < PIECE:
                end = data.rfind(b"\n", start, start + PIECE) + 1
                parts.append(self._scrubber.scrub(data[start:end]))
                start = end
                continue
            parts.append(self._scrubber.scrub(b"", last=True))
            done, rest = self._piece(data[start:end])
            parts.append(done)
            start = end - len(rest)
        parts.append(self._scrubber.scrub(data[start:]))
        return b"".join(parts)

    def _after_inside(self, data: bytes) -> bytes:
        """What follows a secret that is longer than a piece."""
        end = _VALUE_END.search(data)
        self._inside = end is None
        return data[end.start() :] if end else b""

    def _piece(self, data: bytes) -> tuple[bytes, bytes]:
        """The scrubbed beginning of a long line, and the rest of `data` that is still to be looked at."""
        if self._inside:
            data = self._after_inside(data)
            if len(data) < PIECE:
                return b"", data
        end = PIECE
        while end < len(data) and data[end] & 0xC0 == 0x80 and end > PIECE - 4:
            end -= 1
        text = data[:end].decode("utf-8", self._errors)
        spans = find_spans(Line.of(text))
        cut = len(text) - OVERLAP
        token = text.rfind("«secret:", cut - 128, cut)
        if token >= 0 and "»" not in text[token:cut]:
            cut = token
        for span in reversed(spans):
            if span.context < cut < span.end:
                cut = span.context if span.context > 0 else span.end
        parts, at = [], 0
        for span in spans:
            if span.end <= cut:
                parts += [text[at : span.start], token_of(span.kind, text[span.start : span.end])]
                self._pieces[span.kind.value] += 1
                at = span.end
        self._inside = cut == len(text)
        done = "".join([*parts, text[at:cut]])
        return done.encode("utf-8", self._errors), data[len(text[:cut].encode("utf-8", self._errors)) :]


def scrub_plain(data: bytes, errors: str = "surrogateescape") -> bytes:
    """A whole text in UTF-8 (or anything that has ASCII in single bytes); `errors` decodes and encodes what is not."""
    scrubber = _PieceScrubber(errors)
    return scrubber.feed(data) + scrubber.finish()
