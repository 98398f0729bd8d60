"""The entry point: answers at once what needs no command, and turns errors into one line and an exit code."""

from __future__ import annotations

import gc
import sys

from arcdiag.cli.quick import quick_answer

# `typing` is a sixth of a quick start; type checkers know the name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    from click import ClickException


def main(args: list[str] | None = None) -> None:
    """Run and exit by the contract: 0, 1, 2, 3, 4 or 130."""
    arguments = sys.argv[1:] if args is None else args
    _open_streams()
    answer = quick_answer(arguments)
    if answer is not None and _printed(answer):
        sys.exit(0)
    # What a start makes stays; to look for garbage in it every 700 objects takes longer than some commands.
    gc.set_threshold(20_000, 20, 20)
    _forgive_letters()
    _end_like_ctrl_c()
    code = run(arguments)
    _hear_no_more()
    # The interpreter looks for garbage once more before it ends, a tenth of the time of a short command.
    if "duckdb" not in sys.modules:
        # DuckDB complains on standard error of what is left of it then.
        gc.freeze()
    sys.exit(code)


def _printed(text: str) -> bool:
    """Whether it could be printed; where it could not, the long way says why."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away; Python would complain at exit.
        sys.stdout = None
    except (OSError, AttributeError):
        return False
    return True


def _open_streams() -> None:
    """What is printed where the caller closed the stream goes nowhere; the exit code tells all the same."""
    import os

    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123


_ENDS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_AT_ONCE = 1.0
"""Seconds in which a second Ctrl-C is the same one: impatience must not break off what the first one clears away."""


def _end_like_ctrl_c() -> None:
    """A service manager's or a closed session's end is that of Ctrl-C: what is half done is cleared away."""
    import signal
    import time

    heard = [float("-inf")]

    def interrupt(number: int, frame: object) -> None:
        now = time.monotonic()
        if now - heard[0] > _AT_ONCE:
            heard[0] = now
            raise KeyboardInterrupt

    for name in _ENDS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, interrupt)


def _hear_no_more() -> None:
    """All is done, and the exit code is known."""
    import signal

    for name in _ENDS:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)


def _forgive_letters() -> None:
    """A letter that the terminal's code page lacks becomes a question mark; it must not end the program.

    What goes into a file or a pipe is UTF-8 on every system: Windows would take a code page that lacks whole languages.
    """
    import io

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace")


def run(arguments: list[str]) -> int:
    """Run one command line; the exit code. Writes errors to standard error, one line each."""
    try:
        if len(arguments) == 2 and arguments[0] == "explain" and arguments[1][:1] not in ("", "-"):
            return _explained(arguments[1])
        return _by_click([a for a in arguments if a != "--debug"])
    except (KeyboardInterrupt, Exception) as error:
        if "--debug" in arguments and isinstance(error, Exception) and not isinstance(error, BrokenPipeError):
            sys.excepthook = _show_traceback
            raise
        return _ended(error)


def _explained(what: str) -> int:
    """`explain` with nothing but WHAT, without click; every other command line goes by it."""
    from arcdiag.cli.answer import Question, answer
    from arcdiag.cli.system_language import system_language

    sys.stdout.write(answer(Question(what, system_language())))
    sys.stdout.flush()
    return 0


def _by_click(arguments: list[str]) -> int:
    import click

    from arcdiag.cli.group import cli

    try:
        result: Any = cli.main(args=arguments, prog_name="arcdiag", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        return _wrong_usage(error)
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None


def _ended(error: BaseException) -> int:
    """The exit code of what ended a command, and one line about it."""
    if isinstance(error, KeyboardInterrupt):
        _say("arcdiag: interrupted")
        return 130
    if isinstance(error, BrokenPipeError):
        # The reader of a pipe went away; nothing more can be said to it, and Python would complain at exit.
        sys.stdout = None
        return 0
    return _failed(error)


def _wrong_usage(error: ClickException) -> int:
    import io

    shown = io.StringIO()
    error.show(shown)
    _say(shown.getvalue().rstrip("\n"))
    return 2


def _say(text: str) -> None:
    """An error to standard error; what it quotes of the input may hold a secret."""
    import click

    from arcdiag.redact.secrets import scrub_text

    click.echo(scrub_text(text), err=True)


def _show_traceback(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    import traceback

    _say("".join(traceback.format_exception(kind, error, trace)).rstrip("\n"))


def _failed(error: BaseException) -> int:
    import errno

    from arcdiag.case.names import one_line
    from arcdiag.errors import ArcdiagError

    # What an error quotes comes from outside.
    text = one_line(str(error))
    code = getattr(error, "exit_code", None)
    if isinstance(code, int):
        _say(f"arcdiag: {text}")
        return code
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        _say(f"arcdiag: the disk is full ({text}); free some space, or write somewhere else")
        return ArcdiagError.exit_code
    hint = "run again with --debug for the traceback"
    _say(f"arcdiag: internal error: {type(error).__name__}: {text} ({hint})")
    return ArcdiagError.exit_code
