"""Runs a part of a test in a fresh interpreter, where no other test has left a thread or a changed module."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


def in_own_process(function: Callable[_P, _R], *args: _P.args, **named: _P.kwargs) -> _R:
    """What the function of a module returns or raises there; its arguments are pickled."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *args, **named).result()
