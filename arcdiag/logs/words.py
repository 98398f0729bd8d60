"""Which of some words a text holds, found for all of them in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick


class Words:
    """Looks for `words`, which are told apart by case; made once."""

    def __init__(self, words: Sequence[str]) -> None:
        # Single signs stand everywhere: there the first is enough.
        self._signs = tuple(word for word in words if len(word) == 1)
        self._words = tuple(word for word in words if len(word) > 1)
        self._automaton = _automaton(self._words)

    def found(self, text: str) -> set[str]:
        """Those that stand in `text`."""
        signs = {sign for sign in self._signs if sign in text}
        if self._automaton is None:
            return signs.union(word for word in self._words if word in text)
        matches = self._automaton.find_matches_as_indexes(text.encode("utf-8", "replace"), overlapping=True)
        return signs.union(self._words[number] for number in {number for number, _, _ in matches})


def _automaton(words: Sequence[str]) -> BytesAhoCorasick | None:
    """None on machines without a wheel."""
    try:
        from ahocorasick_rs import BytesAhoCorasick, Implementation
    except ImportError:
        return None
    return BytesAhoCorasick([word.encode() for word in words], implementation=Implementation.DFA)
