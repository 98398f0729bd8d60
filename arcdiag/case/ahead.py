"""Work that may never end, such as reading from a disk that does not answer, done in a thread of its own.

A thread that waits for the system cannot be ended; it is left behind, and goes with the program.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from arcdiag.errors import Guard

_T = TypeVar("_T")
_AHEAD = 2
_GLANCE = 0.2


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited: `stall` seconds for each portion, and for all of them until `until`, a monotonic time."""

    until: float
    stall: float

    @classmethod
    def of(cls, seconds: float, stall: float) -> Patience:
        """`seconds` from now for everything together."""
        return cls(time.monotonic() + seconds, stall)

    def left(self) -> float:
        """Seconds until the end, never below zero."""
        return max(0.0, self.until - time.monotonic())

    def for_next(self) -> float:
        """Seconds that the next portion may take."""
        return min(self.stall, self.left())


def ahead(items: Callable[[], Iterable[_T]], patience: Patience) -> Iterator[_T]:
    """What `items` gives, made in another thread, two portions ahead of who takes them.

    Raises TimeoutError where the next one is not there in time, and what `items` raises.
    """
    made: queue.Queue[_Made[_T]] = queue.Queue(_AHEAD)
    given_up = threading.Event()
    threading.Thread(target=_make, args=(items, made, given_up), daemon=True).start()
    try:
        while True:
            try:
                one = made.get(timeout=patience.for_next())
            except queue.Empty:
                raise TimeoutError from None
            if one.error is not None:
                raise one.error
            if one.ended:
                return
            yield from one.item
    finally:
        given_up.set()


def in_time(work: Callable[[], _T], seconds: float) -> _T:
    """What `work` gives. Raises TimeoutError if that takes longer, and what `work` raises."""
    return next(ahead(lambda: (work(),), Patience.of(seconds, seconds)))


@dataclass(frozen=True, slots=True)
class _Made(Generic[_T]):
    """One item, or the end, or the error that was the end."""

    item: tuple[_T, ...] = ()
    ended: bool = False
    error: Exception | None = None


def _make(items: Callable[[], Iterable[_T]], made: queue.Queue[_Made[_T]], given_up: threading.Event) -> None:
    with Guard() as guard:
        for item in items():
            if not _put(made, _Made((item,)), given_up):
                return
    _put(made, _Made(ended=True, error=guard.error), given_up)


def _put(made: queue.Queue[_Made[_T]], one: _Made[_T], given_up: threading.Event) -> bool:
    """Whether somebody still waits for it."""
    while not given_up.is_set():
        try:
            made.put(one, timeout=_GLANCE)
        except queue.Full:
            continue
        return True
    return False
