"""Finds the needles of one kind of log: with an automaton that all kinds share, or with a faster one of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import NamedTuple

from arcdiag.logs.finder import Finder, finder_of

_LARGE = 32 * 1024 * 1024
"""Bytes after which an automaton pays that is twice as fast, takes some hundredths of a second to make and 15 MB to
keep."""
_MOST = 1024 * 1024
"""Bytes of needles beyond which the faster one would take hundreds of megabytes."""

_PLAIN, _APART, _STRAY = 1, 2, 3


class Places(NamedTuple):
    """Where needles begin: the `plain` ones, those the caller wants `apart`, and `strays`, None if not looked for."""

    plain: list[int]
    apart: list[int]
    strays: list[int] | None


class SharedFinder:
    """One automaton for the `needles` of all kinds, which are the same but for a few; made when it is first used."""

    def __init__(self, needles: Sequence[bytes]) -> None:
        self.needles = tuple(needles)

    @cached_property
    def finder(self) -> Finder:
        """The automaton."""
        return finder_of(self.needles)


class GrowingFinder:
    """Finds those of the shared needles that are in `own`, in one large file as in thousands of small ones.

    `apart` are needles that the caller wants to look at again. `strays` are so many, and so often found in files of
    another form, that only the automaton of its own has them.
    """

    def __init__(
        self, shared: SharedFinder, own: Collection[bytes], apart: Collection[bytes], strays: Sequence[bytes]
    ) -> None:
        wanted = frozenset(own)
        self._own = tuple(needle for needle in shared.needles if needle in wanted)
        self._apart = frozenset(apart)
        self._shared, self._uses = shared, self._uses_of(shared.needles, wanted)
        self._strays = tuple(strays)
        self._large: Finder | None = None
        self._seen = 0
        self._may_grow = sum(map(len, self._own)) <= _MOST

    def expect(self, size: int) -> None:
        """So many bytes come next, as far as is known: for very many the large automaton is made at once."""
        if size > 2 * _LARGE:
            self._grow(size)

    def find(self, low: bytes) -> Places:
        """Where needles begin in `low` (lower case)."""
        self._grow(len(low))
        found = self._finder().find(low)
        uses = self._uses
        plain = [at for number, at, _ in found if uses[number] == _PLAIN]
        # Nearly always these are all: further passes over few places cost less than a decision at each.
        others = [(uses[number], at) for number, at, _ in found] if len(plain) < len(found) else []
        strays = None if self._large is None else [at for use, at in others if use == _STRAY]
        return Places(plain, [at for use, at in others if use == _APART], strays)

    def places(self, low: bytes) -> list[int]:
        """Where needles that are not `apart` begin in a text made for the search."""
        return [at for number, at, _ in self._finder().find(low) if self._uses[number] == _PLAIN]

    def _finder(self) -> Finder:
        return self._large or self._shared.finder

    def _uses_of(self, needles: Sequence[bytes], wanted: Collection[bytes]) -> bytes:
        return bytes((_APART if n in self._apart else _PLAIN) if n in wanted else 0 for n in needles)

    def _grow(self, size: int) -> None:
        self._seen += size
        if self._seen > _LARGE and self._may_grow:
            self._large, self._may_grow = finder_of((*self._own, *self._strays), large=True), False
            self._uses = self._uses_of(self._own, frozenset(self._own)) + bytes((_STRAY,)) * len(self._strays)
