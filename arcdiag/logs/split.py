"""One large log on several processor cores: other processes find what is to be read, this one reads it in order.

Helpers are forked, so that the automaton exists once in memory. Whatever a helper does not answer, for whatever reason,
is found here: they make it faster, never different.
"""

from __future__ import annotations

import mmap
import os
import signal
import struct
import sys
import threading
from array import array
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING

from arcdiag.logs.regions import Found, Regions
from arcdiag.logs.windows import BEHIND, BLOCK, Window

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

MOST_CORES = 4
"""Beyond that the one process that reads in order has no time to spare."""
_WORTHWHILE = 32 * 1024 * 1024
"""Bytes, half of those that are only expected, from which on helpers pay: they take some hundredths of a second."""
_SLOTS = 4
_ROOM = BLOCK + 16 * BEHIND
_AHEAD = 4
_TASK = struct.Struct("<BII")
_END_SECONDS = 2.0
_PATIENCE_SECONDS = 20.0
"""A portion takes a hundredth of a second: who is silent for so long was stopped."""


@dataclass(frozen=True, slots=True)
class Split:
    """`size`: bytes of the file as far as is known, else 0. `cores`: how many may work on it."""

    size: int = 0
    cores: int = 1


WHOLE = Split()
"""Nothing is known of the size, and one core reads it."""


def usable_cores() -> int:
    """Processor cores that this process may run on, at most MOST_CORES."""
    if hasattr(os, "sched_getaffinity"):
        return min(MOST_CORES, len(os.sched_getaffinity(0)))
    return min(MOST_CORES, os.cpu_count() or 1)


def found_in(windows: Iterable[Window], regions: Regions, split: Split = WHOLE) -> Iterator[tuple[Window, Found]]:
    """Each window in order, with what is to be read of it; a long log is spread over several cores."""
    regions.expect(split.size)
    source, seen = iter(windows), split.size // 2
    for window in source:
        yield window, regions.find(window.data, window.end)
        seen += window.end
        if split.cores > 1 and seen > _WORTHWHILE and _can_fork():
            with _Helpers(regions, split.cores - 1) as helpers:
                yield from _spread(source, regions, helpers)


def _can_fork() -> bool:
    """A process with threads is not forked: one of them may hold a lock that nobody would ever release."""
    return sys.platform == "linux" and threading.active_count() == 1


def _spread(source: Iterator[Window], regions: Regions, helpers: _Helpers) -> Iterator[tuple[Window, Found]]:
    waiting: deque[tuple[Window, _Task | Found]] = deque()
    window: Window | None = None
    most = _AHEAD + helpers.count * _SLOTS
    while True:
        window = window or next(source, None)
        while window is not None and (task := helpers.give(window)):
            waiting.append((window, task))
            window = next(source, None)
        if not waiting and window is None:
            return
        if window is not None and (not waiting or (len(waiting) < most and not _is_ready(waiting[0][1]))):
            waiting.append((window, regions.find(window.data, window.end)))
            window = None
            continue
        first, state = waiting.popleft()
        found = state if isinstance(state, Found) else state.found()
        yield first, found or regions.find(first.data, first.end)


def _is_ready(state: _Task | Found) -> bool:
    return isinstance(state, Found) or state.is_ready()


@dataclass(frozen=True, slots=True)
class _Task:
    """A window that a helper has."""

    helper: _Helper
    slot: int

    def is_ready(self) -> bool:
        """Whether `found` would not wait."""
        return self.helper.has_answered()

    def found(self) -> Found | None:
        """The helper's answer; None if it gives none any more. Tasks of one helper are asked in their order."""
        return self.helper.answer(self.slot)


@dataclass(slots=True)
class _Helper:
    """A process, the pipe to it, and the memory shared with it."""

    process: BaseProcess
    pipe: Connection
    memory: mmap.mmap
    free: list[int] = field(default_factory=lambda: list(range(_SLOTS)))
    is_lost: bool = False

    def give(self, window: Window) -> _Task | None:
        """A task for it; None if it has enough to do."""
        if self.is_lost or not self.free or len(window.data) > _ROOM:
            return None
        slot = self.free[-1]
        at = slot * _ROOM
        self.memory[at : at + len(window.data)] = window.data
        try:
            self.pipe.send_bytes(_TASK.pack(slot, len(window.data), window.end))
        except OSError:
            self.is_lost = True
            return None
        self.free.pop()
        return _Task(self, slot)

    def has_answered(self) -> bool:
        """Whether an answer waits, or none will come."""
        try:
            return self.is_lost or self.pipe.poll()
        except OSError:
            return True

    def answer(self, slot: int) -> Found | None:
        """The next answer; None if it is gone."""
        if self.is_lost:
            return None
        try:
            if not self.pipe.poll(_PATIENCE_SECONDS):
                raise TimeoutError
            numbers = array("I", self.pipe.recv_bytes())
        except (EOFError, OSError, ValueError):
            self.is_lost = True
            return None
        self.free.append(slot)
        threes = iter(numbers[1:])
        return Found(list(zip(threes, threes, threes, strict=True)), numbers[0])


class _Helpers:
    """As many processes as are wanted; gone when the block ends."""

    def __init__(self, regions: Regions, count: int) -> None:
        if sys.platform != "linux":
            raise NotImplementedError
        from multiprocessing import get_context

        context = get_context("fork")
        self._all: list[_Helper] = []
        for _ in range(count):
            ours, theirs = context.Pipe()
            memory = mmap.mmap(-1, _SLOTS * _ROOM)
            others = [helper.pipe for helper in self._all]
            process = context.Process(target=_serve, args=(regions, theirs, memory, [ours, *others]), daemon=True)
            try:
                process.start()
            except OSError:
                theirs.close()
                ours.close()
                break
            theirs.close()
            self._all.append(_Helper(process, ours, memory))

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._all)

    def give(self, window: Window) -> _Task | None:
        """A task for one that has time; None if nobody has."""
        for helper in sorted(self._all, key=lambda helper: -len(helper.free)):
            if task := helper.give(window):
                return task
        return None

    def __enter__(self) -> _Helpers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for helper in self._all:
            helper.pipe.close()
        for helper in self._all:
            helper.process.join(_END_SECONDS)
            if helper.process.is_alive():
                helper.process.kill()
                helper.process.join(_END_SECONDS)


def _serve(regions: Regions, pipe: Connection, memory: mmap.mmap, foreign: list[Connection]) -> None:
    """The helper's life: it ends with the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever goes wrong here the process that reads meets itself, and tells it where it can be told.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    for other in foreign:
        other.close()
    with suppress(EOFError, OSError):
        while True:
            slot, size, end = _TASK.unpack(pipe.recv_bytes())
            at = slot * _ROOM
            found = regions.find(memory[at : at + size], end)
            numbers = array("I", (found.line_ends,))
            for stretch in found.stretches:
                numbers.extend(stretch)
            pipe.send_bytes(numbers.tobytes())
