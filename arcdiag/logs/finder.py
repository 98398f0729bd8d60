"""Where any of many short byte strings stands in a block: one pass of a compiled automaton."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick


class Finder(Protocol):
    """Finds needles."""

    def find(self, low: bytes) -> list[tuple[int, int, int]]:
        """Number of the needle, begin and end of what was found in `low` (lower case); all, in any order."""


class AutomatonFinder:
    """The automaton of `ahocorasick_rs`: as fast for five thousand needles as for fifty."""

    def __init__(self, needles: Sequence[bytes], large: bool) -> None:
        from ahocorasick_rs import BytesAhoCorasick, Implementation

        kind = Implementation.DFA if large else Implementation.ContiguousNFA
        self._automaton: BytesAhoCorasick = BytesAhoCorasick(needles, implementation=kind)

    def find(self, low: bytes) -> list[tuple[int, int, int]]:
        """As `Finder`."""
        return self._automaton.find_matches_as_indexes(low, overlapping=True)


class TrieFinder:
    """The same with nothing but the standard library, for machines without a wheel: much slower."""

    def __init__(self, needles: Sequence[bytes]) -> None:
        self._numbers = {needle: number for number, needle in enumerate(needles)}
        self._sizes = sorted({len(needle) for needle in needles})
        self._start = re.compile(rb"(?=(" + _trie(needles) + rb"))", re.DOTALL)

    def find(self, low: bytes) -> list[tuple[int, int, int]]:
        """As `Finder`."""
        found = []
        for match in self._start.finditer(low):
            at = match.start()
            for size in self._sizes:
                number = self._numbers.get(low[at : at + size])
                if number is not None and at + size <= len(low):
                    found.append((number, at, at + size))
        return found


def _trie(needles: Sequence[bytes]) -> bytes:
    """One expression of all needles that looks at each of their common beginnings once."""
    root: dict[int, dict[int, object]] = {}
    for needle in needles:
        node: dict[int, object] = root  # type: ignore[assignment]
        for byte in needle:
            if -1 in node:
                break
            node = node.setdefault(byte, {})  # type: ignore[assignment]
        else:
            node.clear()
            node[-1] = {}
    return _written(root)  # type: ignore[arg-type]


def _written(node: dict[int, object]) -> bytes:
    if -1 in node:
        return b""
    parts = [re.escape(bytes([byte])) + _written(below) for byte, below in sorted(node.items())]  # type: ignore[arg-type]
    return parts[0] if len(parts) == 1 else b"(?:" + b"|".join(parts) + b")"


def finder_of(needles: Sequence[bytes], large: bool = False) -> Finder:
    """The fastest finder that this machine has; for `large` texts one that takes a while to make."""
    try:
        return AutomatonFinder(needles, large)
    except ImportError:
        return TrieFinder(needles)
