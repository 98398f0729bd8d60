"""How far a run is, how fast it goes and how long it will take; never a reason for it to fail or to wait."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TextIO

from arcdiag.collect.progress import write_past_buffer

_TERMINAL, _ELSEWHERE = 0.5, 10.0
_WIDTH = 79


@dataclass
class Count:
    """What became of the bundles so far."""

    all: int
    done: int = 0
    skipped: int = 0
    failed: int = 0
    began: float = field(default_factory=time.monotonic)

    def line(self, now: float) -> str:
        """One line: `1,200 of 10,000 bundles, 3 with errors, 118 a second, 1 min 15 s left`."""
        spent = max(1e-6, now - self.began)
        rate = self.done / spent
        parts = [f"{self.done:,} of {self.all:,} bundles"]
        if self.skipped:
            parts.append(f"{self.skipped:,} done before")
        if self.failed:
            parts.append(f"{self.failed:,} with errors")
        if self.done:
            parts.append(f"{rate:,.0f} a second" if rate >= 10 else f"{rate:.1f} a second")
            parts.append(f"{_duration((self.all - self.done) / rate)} left")
        return ", ".join(parts)[:_WIDTH]


class FleetProgress:
    """A line that is rewritten on a terminal, a line every ten seconds elsewhere. A daemon thread does the writing."""

    def __init__(self, count: Count, stream: TextIO | None = None) -> None:
        self._count = count
        self._stream = stream if stream is not None else sys.stderr
        self._closing, self._closed = threading.Event(), threading.Event()
        threading.Thread(target=self._write_all, daemon=True).start()

    def close(self) -> None:
        """Let the writer finish, for a moment at most."""
        self._closing.set()
        self._closed.wait(0.3)

    def _write_all(self) -> None:
        try:
            self._follow(self._stream.isatty())
        except (OSError, ValueError):
            # The terminal went away: there is nobody left to tell.
            return
        finally:
            self._closed.set()

    def _follow(self, terminal: bool) -> None:
        while not self._closing.wait(_TERMINAL if terminal else _ELSEWHERE):
            line = self._count.line(time.monotonic())
            write_past_buffer(self._stream, "\r" + line.ljust(_WIDTH) if terminal else f"{line}\n")
        if terminal:
            write_past_buffer(self._stream, "\r" + " " * _WIDTH + "\r")


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
