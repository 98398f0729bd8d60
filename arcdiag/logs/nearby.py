"""A stretch of bytes as records, and what stands around one of them, read again from the bytes if it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from arcdiag.logs.decode import line_of
from arcdiag.logs.records import records
from arcdiag.logs.shape import Shape, shaped
from arcdiag.model.around import Around
from arcdiag.model.record import Record
from arcdiag.redact.lines import LineScrubber
from arcdiag.redact.stream import Scrubber

CONTEXT_LINES = 2
CONTEXT_CHARS = 300
_PLAIN = Shape()


@dataclass(frozen=True, slots=True)
class Scrubbing:
    """How the secrets of a file are taken out: not at all (`done`), or as of one in UTF-16 (`codec`)."""

    done: bool = False
    codec: str = ""

    def clean(self, raw: bytes, before: bytes) -> bytes:
        """`raw`, whole lines, without its secrets; `before` are lines that stand before it."""
        if self.done:
            return raw
        both = before + raw
        if self.codec:
            scrubber = Scrubber(("\ufeff" + "x" * 64).encode(self.codec))
            wide = both.decode("utf-8", "replace").encode(self.codec, "surrogatepass")
            text = (scrubber.feed(wide) + scrubber.finish()).decode(self.codec, "replace")
            cleaned = text.encode("utf-8", "replace")
        else:
            cleaned = LineScrubber().scrub(both, last=True)
        at = 0
        for _ in range(before.count(b"\n")):
            at = cleaned.find(b"\n", at) + 1
        return cleaned[at:]


def read_records(raw: bytes, line: int) -> list[Record]:
    """The records of whole lines without secrets, the first of which is line number `line`."""
    return list(each_record(raw, line))


def each_record(raw: bytes, line: int) -> Iterator[Record]:
    """As `read_records`, each when it is asked for: whoever wants the first does not pay for all."""
    pieces = raw.decode("utf-8", "replace").split("\n")
    if not pieces[-1]:
        pieces.pop()
    numbered = (line_of(line + index, piece) for index, piece in enumerate(pieces))
    return records(shaped(numbered, _PLAIN))


class Nearby:
    """The surroundings of `record`: `raw` are its lines and those around it, the first of them number `first_line`."""

    def __init__(self, raw: bytes, first_line: int, record: Record, scrubbing: Scrubbing) -> None:
        self._raw, self._first_line, self._scrubbing = raw, first_line, scrubbing
        self._line, self._text = record.line, record.text

    @cached_property
    def _around(self) -> Around:
        found = read_records(self._scrubbing.clean(self._raw, b""), self._first_line)
        at = next(
            (i for i, record in enumerate(found) if (record.line, record.text) == (self._line, self._text)), len(found)
        )
        excerpts = [record.text[:CONTEXT_CHARS] for record in found]
        return Around(
            tuple(excerpts[max(0, at - CONTEXT_LINES) : at]), tuple(excerpts[at + 1 : at + 1 + CONTEXT_LINES])
        )

    @property
    def before(self) -> tuple[str, ...]:
        """As `Surroundings`."""
        return self._around.before

    @property
    def after(self) -> tuple[str, ...]:
        """As `Surroundings`."""
        return self._around.after
