"""Equal rows of routine records: the first few and the last are handed out, those between are only counted."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

_T = TypeVar("_T")
_SHOWN = 6
"""So many records of a row are handed out before the rest is counted: three rounds of two."""


class Seen(NamedTuple, Generic[_T]):
    """One record: `what` says the same of equal ones, `line` its number, `stamp` its time as written.

    `again`: so often its round came before without being handed out.
    """

    what: _T
    line: int
    stamp: bytes
    again: int = 0


class Series(Generic[_T]):
    """Takes routine records in order; hands out each with how often its round came before without being handed out.

    A round is two records in turn, or one kind alone.
    """

    def __init__(self) -> None:
        self._shown: deque[_T] = deque(maxlen=_SHOWN)
        self._round: tuple[_T, _T] | None = None
        self._held: list[tuple[_T, int, bytes]] = []
        self._rounds = 0

    def feed(self, what: _T, line: int, stamp: bytes) -> Sequence[Seen[_T]]:
        """What is to be handed out now."""
        expected, held = self._round, self._held
        if expected is None:
            return (self._show(what, line, stamp),)
        if what is not expected[len(held) % 2]:
            return [*self.flush(), self._show(what, line, stamp)]
        held.append((what, line, stamp))
        if len(held) == 4:
            del held[:2]
            self._rounds += 1
        return ()

    def flush(self) -> list[Seen[_T]]:
        """What was held back; another record breaks the row."""
        out = [Seen(*seen, self._rounds if number < 2 else 0) for number, seen in enumerate(self._held)]
        self._held, self._rounds, self._round = [], 0, None
        self._shown.clear()
        return out

    def _show(self, what: _T, line: int, stamp: bytes) -> Seen[_T]:
        shown = self._shown
        shown.append(what)
        if len(shown) == _SHOWN and all(shown[i] is shown[i + 2] for i in range(_SHOWN - 2)):
            self._round = (shown[0], shown[1])
        return Seen(what, line, stamp)
