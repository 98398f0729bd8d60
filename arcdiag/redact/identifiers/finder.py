"""Finds many words at once, where they stand alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from arcdiag.redact.identifiers.context import WORD_BYTES
from arcdiag.redact.identifiers.shapes import ESCAPE_END
from arcdiag.redact.identifiers.spans import Span
from arcdiag.redact.identifiers.tokens import IdKind

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

Known = tuple[IdKind, bytes | None]
_ALNUM = WORD_BYTES - {95}
_NUMBER = re.compile(rb"[0-9]{1,4}(?![a-z0-9])")
_DIGITS = frozenset(b"0123456789")


class Finder:
    """`known` are words in lower case, each with its kind and what its token is made of if that is not the word.

    `stems` are hosts' names in lower case without the number at their end: the same with another number is a host, too.
    """

    def __init__(self, known: Mapping[bytes, Known], stems: Collection[bytes] = ()) -> None:
        from ahocorasick_rs import MATCHKIND_LEFTMOST_LONGEST, BytesAhoCorasick

        self._words = sorted(known)
        self._known = [known[word] for word in self._words]
        self._longest = max(map(len, self._words))
        self._machine = BytesAhoCorasick(self._words, matchkind=MATCHKIND_LEFTMOST_LONGEST)
        self._every: BytesAhoCorasick | None = None
        self._stems = BytesAhoCorasick(sorted(stems), matchkind=MATCHKIND_LEFTMOST_LONGEST) if stems else None
        # What may stand behind a name and inside of another one that begins in it.
        self._joints = frozenset(sign for word in self._words for sign in word) - _ALNUM
        self.domains = any(kind is IdKind.DOMAIN for kind, _ in self._known)

    def find(self, text: bytes, low: bytes) -> list[Span]:
        """What stands alone in `text`; of two that begin at one place the longer one. `low`: `text.lower()`."""
        known, size, joints = self._known, len(low), self._joints
        found: list[Span] = []
        for number, start, end in self._machine.find_matches_as_indexes(low):
            kind, value = known[number]
            doubtful = (start and low[start - 1] in _ALNUM) or (end < size and low[end] in _ALNUM)
            if doubtful and not _stands_alone(text, low, start, end, kind):
                found += self._within(text, low, start, end)
            else:
                found.append((start, end, kind, value))
                if end < size and low[end] in joints:
                    found += (tail for tail in self._within(text, low, start + 1, end) if tail[1] > end)
        return [*found, *self._siblings(low)] if self._stems else found

    def _siblings(self, low: bytes) -> Iterator[Span]:
        """Names that differ from known ones by their number."""
        for _, start, end in self._stems.find_matches_as_indexes(low) if self._stems else ():
            number = _NUMBER.match(low, end) if not start or low[start - 1] not in _ALNUM else None
            if number:
                yield start, number.end(), IdKind.HOST, None

    def _within(self, text: bytes, low: bytes, begin: int, behind: int) -> Iterator[Span]:
        """What begins inside of a word that the search stepped over."""
        if self._every is None:
            from ahocorasick_rs import BytesAhoCorasick

            self._every = BytesAhoCorasick(self._words)
        window = low[begin : behind + self._longest]
        for number, start, end in self._every.find_matches_as_indexes(window, overlapping=True):
            kind, value = self._known[number]
            if start + begin < behind and _stands_alone(text, low, start + begin, end + begin, kind):
                yield start + begin, end + begin, kind, value


def _stands_alone(text: bytes, low: bytes, start: int, end: int, kind: IdKind) -> bool:
    if kind is IdKind.WORD:
        return True
    if kind is IdKind.SID:
        return end == len(low) or low[end] not in _DIGITS
    if end < len(low) and low[end] in _ALNUM:
        return False
    if not start or low[start - 1] not in _ALNUM:
        return True
    return ESCAPE_END.search(text[max(0, start - 6) : start]) is not None
