"""The search of an automaton by portions: its list of matches is a hundred times as long as a text full of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

LONGEST = 256
"""Bytes of the words that are looked for, at most."""
_PORTION = 64 * 1024


def matches(machine: BytesAhoCorasick, low: bytes) -> Iterator[tuple[int, int, int]]:
    """Number of the word, begin and end of every match, overlapping ones too, portion by portion of `low`."""
    if len(low) <= _PORTION:
        yield from machine.find_matches_as_indexes(low, overlapping=True)
        return
    for base in range(0, len(low), _PORTION):
        for number, at, end in machine.find_matches_as_indexes(low[base : base + _PORTION + LONGEST], overlapping=True):
            if at < _PORTION:
                yield number, base + at, base + end
