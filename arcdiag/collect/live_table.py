"""A table of the endpoints that fills itself while the probes run; for a terminal, and gone when they have ended."""

from __future__ import annotations

import os
import queue
import sys
import threading
from typing import TextIO

from arcdiag.collect.progress import progress_line, write_past_buffer
from arcdiag.model.fact import Fact, FactStatus

_LAYERS = ("probe.dns", "probe.tcp", "probe.connect", "probe.tls", "probe.http")
_HEAD = ("DNS", "TCP", "PROXY", "TLS", "HTTP")
_CELL = 6
_PAUSE = 0.1
_CLEAR, _CLEAR_BELOW = "\x1b[2K", "\x1b[J"

Event = tuple[str, str] | Fact | None


def can_redraw(stream: TextIO) -> bool:
    """Whether the stream is a terminal on which the cursor can go up."""
    return stream.isatty() and sys.platform != "win32" and os.environ.get("TERM", "dumb") != "dumb"


class LiveTable:
    """A daemon thread of its own writes, ten times a second at most: a terminal that hangs delays nobody."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._closed = threading.Event()
        threading.Thread(target=self._write_all, daemon=True).start()

    def update(self, name: str, state: str) -> None:
        """Note it and go on."""
        self._events.put((name, state))

    def saw(self, fact: Fact) -> None:
        """Note it and go on."""
        if fact.fact == "probe.endpoint" or fact.fact in _LAYERS:
            self._events.put(fact)

    def close(self) -> None:
        """Take the table away, within a moment."""
        self._events.put(None)
        self._closed.wait(0.5)

    def _write_all(self) -> None:
        try:
            self._follow()
        except (OSError, ValueError):
            # The terminal went away: there is nobody left to tell.
            return
        finally:
            self._closed.set()

    def _follow(self) -> None:
        board, drawn, ended = _Board(), 0, False
        while not ended:
            ended = not self._take(board)
            width, height = _size(self._stream)
            lines = [] if ended else board.lines(width, height)
            up = f"\x1b[{drawn}A" if drawn else ""
            text = "".join(f"{_CLEAR}{line}\n" for line in lines)
            write_past_buffer(self._stream, f"\r{up}{text}{_CLEAR_BELOW}")
            drawn = len(lines)

    def _take(self, board: _Board) -> bool:
        """All events up to now, after a pause that gathers them; whether there will be more."""
        event = self._events.get()
        self._closed.wait(_PAUSE)
        while event is not None:
            board.note(event)
            try:
                event = self._events.get_nowait()
            except queue.Empty:
                return True
        return False


class _Board:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], dict[str, str]] = {}
        self._running: dict[str, None] = {}
        self._done = 0

    def note(self, event: tuple[str, str] | Fact) -> None:
        if isinstance(event, Fact):
            self._note_fact(event)
            return
        name, state = event
        if state == "running":
            self._running[name] = None
        else:
            self._running.pop(name, None)
            self._done += 1

    def _note_fact(self, fact: Fact) -> None:
        key = (fact.subject.id if fact.subject else "", fact.path.value)
        if fact.fact == "probe.endpoint":
            self._rows.setdefault(key, {})
        elif key in self._rows:
            good = fact.status is FactStatus.OK and fact.value.get("result") == "ok"
            self._rows[key][fact.fact] = "ok" if good else ("FAIL" if fact.status is FactStatus.OK else "?")

    def lines(self, width: int, height: int) -> list[str]:
        """As many rows as the terminal shows; the line with what runs is always there."""
        last = progress_line(list(self._running), self._done)
        room = max(20, width - 1 - _CELL * len(_LAYERS))
        rows = [_line(host, [cells.get(layer, "") for layer in _LAYERS], room) for (host, _), cells in self.rows()]
        shown = [_line("ENDPOINT", list(_HEAD), room), *rows][: max(0, height - 2)]
        return [line[: width - 1] for line in (*shown, last)]

    def rows(self) -> list[tuple[tuple[str, str], dict[str, str]]]:
        """In the order of their names, so that they stay where they are."""
        return sorted(self._rows.items())


def _line(name: str, cells: list[str], room: int) -> str:
    return name[:room].ljust(room) + "".join(cell.ljust(_CELL) for cell in cells)


def _size(stream: TextIO) -> tuple[int, int]:
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return 80, 24
    # A terminal that was never told its size says zero.
    return max(40, size.columns or 80), max(4, size.lines or 24)
