"""The automaton of all needles, made anew as a faster one when much was searched."""

from __future__ import annotations

from collections.abc import Sequence

from arcdiag.logs.finder import finder_of

_LARGE = 32 * 1024 * 1024
"""Bytes after which an automaton pays that is twice as fast, takes a tenth of a second to make and 30 MB to keep."""
_MOST = 1024 * 1024
"""Bytes of needles beyond which the faster one would take hundreds of megabytes."""


class GrowingFinder:
    """Finds `needles` in texts in lower case, of one large file as of thousands of small ones."""

    def __init__(self, needles: Sequence[bytes]) -> None:
        self.needles = tuple(needles)
        self._finder = finder_of(self.needles)
        self._seen = 0
        self._may_grow = sum(map(len, self.needles)) <= _MOST
        self.is_large = False

    def expect(self, size: int) -> None:
        """So many bytes come next, as far as is known: for very many the large automaton is made at once."""
        if size > 2 * _LARGE:
            self._grow(size)

    def find(self, low: bytes) -> list[tuple[int, int, int]]:
        """As `Finder`."""
        self._grow(len(low))
        return self._finder.find(low)

    def _grow(self, size: int) -> None:
        self._seen += size
        if self._seen > _LARGE and self._may_grow and not self.is_large:
            self._finder, self.is_large = finder_of(self.needles, large=True), True
