from __future__ import annotations

import io
import os
import threading

from arcdiag.collect.progress import SilentProgress, TerminalProgress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_plain_lines_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    progress = TerminalProgress(stream)
    progress.update("himds", "running")
    progress.update("himds", "done")
    progress.close()
    assert stream.getvalue() == "done: himds\n"


def test_one_line_that_is_rewritten_and_cleared_on_a_terminal() -> None:
    stream = Terminal()
    progress = TerminalProgress(stream)
    for name in ("a", "b", "c", "d"):
        progress.update(name, "running")
    progress.update("a", "done")
    progress.close()
    text = stream.getvalue()
    assert "\n" not in text
    assert "0 done, running: a, b, c and 1 more" in text
    assert "1 done, running: b, c, d" in text
    assert text.endswith("\r")


def test_a_broken_stream_disturbs_nobody() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        progress = TerminalProgress(stream)
        for _ in range(100):
            progress.update("x", "running")
            progress.update("x", "done")
        progress.close()


def test_a_stream_that_blocks_for_ever_delays_nobody() -> None:
    reader, writer = os.pipe()
    stream = os.fdopen(writer, "w", buffering=1)
    progress = TerminalProgress(stream)
    ended = threading.Event()

    def work() -> None:
        for index in range(20_000):
            progress.update(f"probe {index} with a long name", "done")
        progress.close()
        ended.set()

    threading.Thread(target=work, daemon=True).start()
    assert ended.wait(30)
    # The writer's thread wakes up, finds the pipe broken, and goes.
    os.close(reader)
    stream.close()


def test_silence_is_silent() -> None:
    progress = SilentProgress()
    progress.update("x", "running")
    progress.close()
