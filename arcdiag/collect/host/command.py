"""Runs one program of the machine: no shell, no input, capped output, ended with its children at the deadline."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import IO

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.platform import CommandRaw
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading, failed

OUTPUT_CAP = 4 * 1024 * 1024
_GLANCE = 0.05
_DRAIN = 0.5
_LIBRARIES = "LD_LIBRARY_PATH"


class _Drain(threading.Thread):
    """Reads a pipe to its end and keeps the first part; a daemon, as a grandchild can hold the pipe open for ever."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._pipe = pipe
        self._kept = bytearray()
        self.start()

    def run(self) -> None:
        """Until the pipe ends."""
        while block := os.read(self._pipe.fileno(), 65536):
            if len(self._kept) < OUTPUT_CAP:
                self._kept += block[: OUTPUT_CAP - len(self._kept)]

    def text(self) -> str:
        """What has come so far."""
        self.join(_DRAIN)
        if not self.is_alive():
            self._pipe.close()
        return bytes(self._kept).decode("utf-8", "replace")


def run_command(argv: Sequence[str], deadline: Deadline) -> Reading[CommandRaw]:
    """Run `argv` with an English environment without the caller's proxy variables.

    Status TIMEOUT if it does not end in time, ABSENT if there is no such program, DENIED if it may not be run.
    """
    name = argv[0]
    limit = deadline.left()
    if limit <= 0:
        return Reading(FactStatus.TIMEOUT, None, f"{name} was not run: no time was left")
    try:
        process = subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            start_new_session=sys.platform != "win32",
        )
    except OSError as error:
        return failed(error, name)
    assert process.stdout is not None and process.stderr is not None
    output, errors = _Drain(process.stdout), _Drain(process.stderr)
    try:
        code = _wait(process, deadline)
    finally:
        _end(process)
    if code is None:
        return Reading(FactStatus.TIMEOUT, None, f"{name} had not ended after {limit:.0f} s and was stopped")
    return Reading.of(CommandRaw(code, output.text(), errors.text()))


def _environment() -> dict[str, str]:
    # The caller's proxy must not reach the agent's own tool; a fixed language keeps numbers and words stable.
    kept = {k: v for k, v in _callers().items() if "proxy" not in k.lower()}
    return kept | {"LC_ALL": "C", "LANG": "C", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"}


def _callers() -> dict[str, str]:
    """The caller's variables. The one-file program of PyInstaller adds the place of its own libraries, which a program
    of the system must not load in place of the system's."""
    found = dict(os.environ)
    if getattr(sys, "frozen", False):
        found.pop(_LIBRARIES, None)
        before = found.pop(f"{_LIBRARIES}_ORIG", None)
        found |= {_LIBRARIES: before} if before is not None else {}
        found = {k: v for k, v in found.items() if not k.startswith("_PYI_")}
    return found


def _wait(process: subprocess.Popen[bytes], deadline: Deadline) -> int | None:
    """The exit code; None at the deadline. Looks often, as Ctrl-C brings the deadline forward."""
    while not deadline.passed:
        try:
            return process.wait(timeout=min(_GLANCE, max(deadline.left(), 0.001)))
        except subprocess.TimeoutExpired:
            continue
    return process.poll()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and its children; one that has ended is left alone, its number may be another's by now."""
    if process.poll() is not None:
        return
    try:
        if sys.platform != "win32":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait(timeout=1)
    except (OSError, subprocess.TimeoutExpired):
        process.poll()
