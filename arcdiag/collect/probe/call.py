"""Calls what cannot be interrupted, and waits for it no longer than a deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from arcdiag.collect.deadline import Deadline, milliseconds_since
from arcdiag.errors import Guard

T = TypeVar("T")
_GLANCE = 0.1


class Call(Generic[T]):
    """`work` in a daemon thread of its own, so that a system call that hangs cannot keep the program from ending."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._value: list[T] = []
        self._error: Exception | None = None
        self._ended = threading.Event()
        self._start = time.monotonic()
        self._took: int | None = None
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with Guard() as guard:
            self._value.append(self._work())
        self._error = guard.error
        self._took = milliseconds_since(self._start)
        self._ended.set()

    @property
    def ms(self) -> int:
        """How long it took, or has taken so far."""
        return milliseconds_since(self._start) if self._took is None else self._took

    def wait(self, deadline: Deadline) -> bool:
        """Whether it has ended; looks often, as Ctrl-C brings the deadline forward."""
        while not self._ended.is_set() and not deadline.passed:
            self._ended.wait(min(_GLANCE, deadline.left()))
        return self._ended.is_set()

    def result(self) -> T:
        """The value, or the error of `work`; TimeoutError if it has not ended."""
        if not self._ended.is_set():
            raise TimeoutError("not ended")
        if self._error is not None:
            raise self._error
        return self._value[0]
