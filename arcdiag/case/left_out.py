"""What was refused, capped or unreadable, and why: named one by one up to a cap, counted beyond it."""

from __future__ import annotations

from collections import Counter

from arcdiag.case.limits import MAX_LEFT_OUT
from arcdiag.case.names import shown
from arcdiag.model.case import NotEvaluated

_OTHERS = "the other files"


class LeftOut:
    """Collects the absences of one case."""

    def __init__(self) -> None:
        self._items: list[NotEvaluated] = []
        self._more: Counter[str] = Counter()

    def add(self, what: str, why: str) -> None:
        """Name one; beyond the cap only the reasons are counted."""
        if len(self._items) < MAX_LEFT_OUT:
            self._items.append(NotEvaluated(shown(what), why))
        else:
            self._more[why] += 1

    def add_others(self, why: str) -> None:
        """Say why all that would come next is not looked at."""
        self.add(_OTHERS, why)

    def items(self) -> tuple[NotEvaluated, ...]:
        """In the order in which they were met, then the counts."""
        counted = (NotEvaluated(f"{count} more files", why) for why, count in sorted(self._more.items()))
        return (*self._items, *counted)

    def names(self) -> frozenset[str]:
        """What is named so far, one by one."""
        return frozenset(item.what for item in self._items if item.what != _OTHERS)

    @property
    def first(self) -> NotEvaluated | None:
        """The first one, for an error that can name only one."""
        return self._items[0] if self._items else None
