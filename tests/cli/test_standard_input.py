"""`analyze -`: endless input ends at a cap that is told, an input that does not end is spoken of and can be stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.case.archives import LOG

ENV = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
ANALYZE = [sys.executable, "-m", "arcdiag", "analyze", "-", "--json"]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals of POSIX")


@contextmanager
def waiting(stdin: int) -> Iterator[subprocess.Popen[bytes]]:
    """The command, whose input somebody else holds open."""
    with subprocess.Popen(ANALYZE, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV) as process:
        try:
            yield process
        finally:
            process.kill()


@posix
@pytest.mark.parametrize("line", ["y", ""])
def test_endless_lines_end(tmp_path: Path, line: str) -> None:
    with subprocess.Popen(["yes", line], stdout=subprocess.PIPE) as endless:
        done = subprocess.run(ANALYZE, stdin=endless.stdout, capture_output=True, timeout=300, check=False, env=ENV)
        endless.kill()
    whys = [item["why"] for item in json.loads(done.stdout)["not_evaluated"] if item["what"] == "stdin"]
    assert any("256 MiB" in why for why in whys)
    assert any("500,000 lines" in why for why in whys)
    assert done.returncode == 3


@posix
def test_an_input_that_does_not_end_is_spoken_of() -> None:
    reading, writing = os.pipe()
    with waiting(reading) as process:
        os.close(reading)
        os.write(writing, LOG)
        assert process.stderr is not None and process.stdout is not None
        assert b"still reading standard input" in process.stderr.readline()
        os.write(writing, LOG)
        os.close(writing)
        assert json.loads(process.stdout.read())["tool"]["name"] == "arcdiag"
        assert process.stderr.read() == b""
        assert process.wait() in (0, 3)


@posix
def test_ctrl_c_ends_the_wait() -> None:
    reading, writing = os.pipe()
    with waiting(reading) as process:
        os.close(reading)
        assert process.stderr is not None and process.stdout is not None
        assert b"Ctrl-C stops" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == b""
        assert process.stderr.read().strip() == b"arcdiag: interrupted"
        assert process.wait() == 130
    os.close(writing)


@posix
def test_at_a_terminal_it_says_at_once_how_to_end() -> None:
    import pty

    keyboard, terminal = pty.openpty()
    with waiting(terminal) as process:
        os.close(terminal)
        assert process.stderr is not None and process.stdout is not None
        assert b"Ctrl-D ends it" in process.stderr.readline()
        os.write(keyboard, LOG + b"\x04")  # Ctrl-D, once
        assert json.loads(process.stdout.read())["tool"]["name"] == "arcdiag"
        assert process.stderr.read() == b""
    os.close(keyboard)


@posix
def test_no_standard_input_at_all() -> None:
    closed = ["sh", "-c", 'exec "$@" <&-', "sh", *ANALYZE]
    done = subprocess.run(closed, capture_output=True, text=True, timeout=60, check=False, env=ENV)
    assert done.returncode == 2 and done.stderr == "arcdiag: cannot use standard input: there is none\n"
