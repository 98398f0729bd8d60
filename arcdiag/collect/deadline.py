"""A point in time that work must not pass, and that a Ctrl-C brings forward."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Deadline:
    """`at` is monotonic time in seconds; `stopped` is shared with every deadline made from this one."""

    at: float
    stopped: threading.Event = field(default_factory=threading.Event, compare=False, repr=False)

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """The deadline `seconds` from now."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds that are left, never below zero; none after a stop."""
        return 0.0 if self.stopped.is_set() else max(0.0, self.at - time.monotonic())

    @property
    def passed(self) -> bool:
        """Whether nothing is left."""
        return self.left() <= 0.0

    def within(self, seconds: float) -> Deadline:
        """The nearer one of this deadline and `seconds` from now."""
        return replace(self, at=min(self.at, time.monotonic() + seconds))

    def stop(self) -> None:
        """End all work under this deadline as soon as it looks at the time."""
        self.stopped.set()


def milliseconds_since(start: float) -> int:
    """Whole milliseconds since `start`, a value of `time.monotonic()`."""
    return round((time.monotonic() - start) * 1000)
