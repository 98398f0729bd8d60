"""Bytes of a file without their secrets: any encoding that logs have, in portions of any size, in constant memory."""

from __future__ import annotations

import re
from collections import Counter

from arcdiag.redact.encoded import SAMPLE, Encoded, wide_codec
from arcdiag.redact.kinds import token_of
from arcdiag.redact.line import Line
from arcdiag.redact.lines import LineScrubber, token_kinds
from arcdiag.redact.spans import find_spans

__all__ = ["OVERLAP", "PIECE", "SAMPLE", "Scrubber", "scrub_plain", "wide_codec"]

PIECE = 1024 * 1024
"""A line longer than this is scrubbed in pieces of this size."""
OVERLAP = 128 * 1024
"""So much of a piece is looked at again with the next one, so that no secret hides across the cut."""
_VALUE_END = re.compile(rb"[\s\"'<>]")


class Scrubber(Encoded):
    """Takes secrets out of the bytes of one file; `removed` counts the tokens that it put in their place, by kind."""

    def __init__(self, head: bytes = b"") -> None:
        self._pieces: list[_PieceScrubber] = []
        self._narrowed: Counter[str] = Counter()
        super().__init__(head)

    @property
    def removed(self) -> Counter[str]:
        """How many tokens were put in place of secrets so far, by kind."""
        return +sum((pieces.removed for pieces in self._pieces), self._narrowed)

    def _lines(self, errors: str) -> _PieceScrubber:
        self._pieces.append(_PieceScrubber(errors))
        return self._pieces[-1]

    def _plain(self, data: bytes) -> bytes:
        scrubbed = scrub_plain(data)
        if scrubbed != data:
            self._narrowed.update(token_kinds(scrubbed.decode("utf-8", "replace")))
            self._narrowed.subtract(token_kinds(data.decode("utf-8", "replace")))
        return scrubbed


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
