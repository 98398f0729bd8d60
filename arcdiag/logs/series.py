"""Equal rows of routine records: the first few and the last are handed out, those between are only counted."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

_SHOWN = 6
"""So many records of a row are handed out before the rest is counted: three rounds of two."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One record: `what` says the same of equal ones, `line` its number, `stamp` its time as written."""

    what: object
    line: int
    stamp: bytes


class Series:
    """Takes routine records in order; hands out each with how often its round came before without being handed out.

    A round is two records in turn, or one kind alone.
    """

    def __init__(self) -> None:
        self._shown: deque[object] = deque(maxlen=_SHOWN)
        self._held: list[Seen] = []
        self._rounds = 0

    def feed(self, seen: Seen) -> Iterator[tuple[Seen, int]]:
        """What is to be handed out now."""
        if not self._is_periodic():
            self._shown.append(seen.what)
            yield seen, 0
            return
        expected = self._shown[len(self._held) % 2]
        if seen.what is not expected:
            yield from self.flush()
            self._shown.append(seen.what)
            yield seen, 0
            return
        self._held.append(seen)
        if len(self._held) == 4:
            del self._held[:2]
            self._rounds += 1

    def flush(self) -> Iterator[tuple[Seen, int]]:
        """What was held back; another record breaks the row."""
        for number, seen in enumerate(self._held):
            yield seen, self._rounds if number < 2 else 0
        self._held, self._rounds = [], 0
        self._shown.clear()

    def _is_periodic(self) -> bool:
        shown = self._shown
        return len(shown) == _SHOWN and all(shown[i] is shown[i + 2] for i in range(_SHOWN - 2))
