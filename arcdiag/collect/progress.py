"""What is running now, for people; never a reason for work to fail or to wait."""

from __future__ import annotations

import os
import queue
import sys
import threading
from typing import Protocol, TextIO

from arcdiag.model.fact import Fact

_MOST_NAMES = 3
_WIDTH = 79


class Progress(Protocol):
    """Called from any thread."""

    def update(self, name: str, state: str) -> None:
        """`state` is `running` or `done`."""

    def saw(self, fact: Fact) -> None:
        """Something that was seen just now."""

    def close(self) -> None:
        """Nothing more will come; clears the line."""


class SilentProgress:
    """Says nothing."""

    def update(self, name: str, state: str) -> None:
        """Nothing."""

    def saw(self, fact: Fact) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class TerminalProgress:
    """One line that is rewritten on a terminal, a line for each finished piece of work elsewhere.

    A daemon thread does the writing: a paused terminal, a full pipe or a closed one stops it and nothing else.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._events: queue.SimpleQueue[tuple[str, str] | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        threading.Thread(target=self._write_all, daemon=True).start()

    def update(self, name: str, state: str) -> None:
        """Note it and go on."""
        self._events.put((name, state))

    def saw(self, fact: Fact) -> None:
        """One line has no room for it."""

    def close(self) -> None:
        """Let the writer finish, for a moment at most."""
        self._events.put(None)
        self._closed.wait(0.2)

    def _write_all(self) -> None:
        try:
            self._follow(self._stream.isatty())
        except (OSError, ValueError):
            # The stream broke or was closed: there is nobody left to tell.
            return
        finally:
            self._closed.set()

    def _follow(self, terminal: bool) -> None:
        running: dict[str, None] = {}
        done = 0
        while (event := self._events.get()) is not None:
            name, state = event
            if state == "running":
                running[name] = None
            else:
                running.pop(name, None)
                done += 1
            if terminal:
                write_past_buffer(self._stream, "\r" + progress_line(list(running), done).ljust(_WIDTH))
            elif state != "running":
                write_past_buffer(self._stream, f"done: {name}\n")
        if terminal:
            write_past_buffer(self._stream, "\r" + " " * _WIDTH + "\r")


def write_past_buffer(stream: TextIO, text: str) -> None:
    """Past the stream's buffer: what a broken pipe leaves there would be tried again, and fail, at exit."""
    try:
        number = stream.fileno()
    except OSError:
        stream.write(text)
        return
    os.write(number, text.encode(stream.encoding or "utf-8", "replace"))


def progress_line(running: list[str], done: int) -> str:
    """How much is done, and what runs."""
    shown = ", ".join(running[:_MOST_NAMES]) + (f" and {len(running) - _MOST_NAMES} more" if len(running) > 3 else "")
    return f"{done} done, running: {shown or '-'}"[:_WIDTH]
