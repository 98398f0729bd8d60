"""Standard input for a command that reads it to its end, and a word to whoever waits for that."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import BinaryIO, cast

import click

PATIENCE = 3.0
"""Seconds after which an input that has not ended is spoken of."""
_END_KEYS = "Ctrl-Z and Enter end" if sys.platform == "win32" else "Ctrl-D ends"


class StandardInput:
    """As much of a binary stream as the opening of a case needs; says on standard error that it waits, once.

    At a terminal at once, else when the input has not ended after PATIENCE: it may be endless, or nobody may write.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._ended = threading.Event()
        self._terminal = stream.isatty()
        self._reading = False
        self._over = False

    def __enter__(self) -> StandardInput:
        if self._terminal:
            click.echo(f"arcdiag: paste the text here; {_END_KEYS} it, Ctrl-C stops", err=True)
        else:
            threading.Thread(target=self._speak, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()

    def read(self, size: int, /) -> bytes:
        """As of a stream."""
        if self._over:
            return b""
        self._reading = True
        try:
            data = self._stream.read(size)
        finally:
            self._reading = False
        # A terminal would wait for a second end behind the first one.
        self._over = self._terminal and len(data) < size
        return data

    def _speak(self) -> None:
        # Not while it is looked at what was read: that takes its time too.
        if not self._ended.wait(PATIENCE) and self._reading:
            click.echo("arcdiag: still reading standard input, the work begins at its end; Ctrl-C stops", err=True)


@contextmanager
def standard_input(case: str) -> Iterator[BinaryIO | None]:
    """Standard input while it is worked on, if `case` is `-` and there is one, else None."""
    if case != "-" or sys.stdin is None:
        yield None
        return
    with StandardInput(sys.stdin.buffer) as stdin:
        yield cast(BinaryIO, stdin)
