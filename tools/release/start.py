"""The first module of the one-file program."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

_WORKER = ("--multiprocessing-fork", "-c")
"""How multiprocessing starts this same program again for a worker and for the watcher of its resources."""


_SAME_KEY = 0.5


class _CtrlC:
    """Ctrl-C reaches this program twice at once: from the terminal, and from its starter, which passes signals on."""

    def __init__(self) -> None:
        self._last = -_SAME_KEY

    def __call__(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        again, self._last = now - self._last < _SAME_KEY, now
        if not again:
            raise KeyboardInterrupt


def _start() -> None:
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _CtrlC())
    if any(argument in _WORKER for argument in sys.argv[1:]):
        import multiprocessing

        multiprocessing.freeze_support()
    from arcdiag.cli.main import main

    try:
        main()
    finally:
        # What the starter passes on late must not kill an interpreter that is about to end with its own exit code.
        if isinstance(signal.getsignal(signal.SIGINT), _CtrlC):
            signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    _start()
