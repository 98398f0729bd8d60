"""What is made in another thread arrives in order, with its errors, and never late."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from arcdiag.case.ahead import Patience, ahead, in_time


def long() -> Patience:
    """Nothing of a test takes as long, counted from now."""
    return Patience.of(600, 600)


def test_items_and_the_error_behind_them_arrive_in_order() -> None:
    def items() -> Iterator[int]:
        yield from range(100)
        raise ValueError("the end")

    found = []
    with pytest.raises(ValueError, match="the end"):
        for item in ahead(items, long()):
            found.append(item)
    assert found == list(range(100))
    assert list(ahead(lambda: (), long())) == []
    assert in_time(lambda: None, 600) is None


def test_who_waits_for_nothing_is_told_so_and_the_thread_ends_when_it_can() -> None:
    go, ended = threading.Event(), threading.Event()

    def items() -> Iterator[int]:
        try:
            yield 1
            go.wait()
            yield from range(1000)
        finally:
            ended.set()

    taken = ahead(items, Patience.of(600, 0.05))
    assert next(taken) == 1
    with pytest.raises(TimeoutError):
        next(taken)
    go.set()
    assert ended.wait(60)


def test_one_who_takes_no_more_lets_the_maker_go() -> None:
    ended = threading.Event()

    def items() -> Iterator[int]:
        try:
            yield from range(10**9)
        finally:
            ended.set()

    taken = ahead(items, long())
    assert next(taken) == 0
    taken.close()  # type: ignore[attr-defined]
    assert ended.wait(60)


def test_when_all_time_is_over_nothing_is_waited_for() -> None:
    over = Patience.of(-1, 600)
    assert over.left() == over.for_next() == 0.0
    forever = threading.Event()
    with pytest.raises(TimeoutError):
        list(ahead(lambda: (forever.wait(),), over))
    forever.set()
