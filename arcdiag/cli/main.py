"""The entry point: finds the command's module, and turns errors into one line and an exit code."""

from __future__ import annotations

import importlib
import io
import signal
import sys
import traceback
from types import TracebackType
from typing import Any

import click

from arcdiag import __version__
from arcdiag.errors import ArcdiagError

COMMANDS: dict[str, tuple[str, str]] = {
    "collect": ("arcdiag.cli.collect", "Examine this machine and write a case and a report."),
    "analyze": ("arcdiag.cli.analyze", "Name the root cause in logs, a bundle or pasted text."),
    "probe": ("arcdiag.cli.probe", "Test every endpoint that this machine's agent needs, layer by layer."),
    "explain": ("arcdiag.cli.explain", "Explain a code, a cause or a message."),
    "compare": ("arcdiag.cli.compare", "Show what changed between two reports or cases."),
    "redact": ("arcdiag.cli.redact", "Copy a case without secrets, on request without names and addresses."),
    "rules": ("arcdiag.cli.rules", "List and check the rules."),
}


class LazyGroup(click.Group):
    """Imports a command only when it is called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, from its module."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="arcdiag")
@click.option("--debug", is_flag=True, help="Show a traceback for an internal error.")
@click.pass_context
def cli(ctx: click.Context, debug: bool) -> None:
    """Find the root cause when an Azure Arc-enabled server cannot connect, and prove it."""
    ctx.obj = {"debug": debug}


def main(args: list[str] | None = None) -> None:
    """Run and exit by the contract: 0, 1, 2, 3, 4 or 130."""
    arguments = sys.argv[1:] if args is None else args
    _forgive_letters()
    _end_like_ctrl_c()
    sys.exit(run(arguments))


def _end_like_ctrl_c() -> None:
    """A service manager's or a closed session's end is that of Ctrl-C: what is half done is cleared away."""
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _forgive_letters() -> None:
    """A letter that the terminal's code page lacks becomes a question mark; it must not end the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def run(arguments: list[str]) -> int:
    """Run one command line; the exit code. Writes errors to standard error, one line each."""
    debug = "--debug" in arguments
    try:
        result: Any = cli.main(
            args=[a for a in arguments if a != "--debug"], prog_name="arcdiag", standalone_mode=False
        )
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        _say(shown.getvalue().rstrip("\n"))
        return 2
    except (KeyboardInterrupt, click.exceptions.Abort):
        click.echo("arcdiag: interrupted", err=True)
        return 130
    except BrokenPipeError:
        # The reader of a pipe went away; nothing more can be said to it, and Python would complain at exit.
        sys.stdout = None
        return 0
    except Exception as error:
        if debug:
            sys.excepthook = _show_traceback
            raise
        return _failed(error)


def _say(text: str) -> None:
    """An error to standard error; what it quotes of the input may hold a secret."""
    from arcdiag.redact.secrets import scrub_text

    click.echo(scrub_text(text), err=True)


def _show_traceback(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _say("".join(traceback.format_exception(kind, error, trace)).rstrip("\n"))


def _failed(error: Exception) -> int:
    code = getattr(error, "exit_code", None)
    if isinstance(code, int):
        _say(f"arcdiag: {error}")
        return code
    hint = "run again with --debug for the traceback"
    _say(f"arcdiag: internal error: {type(error).__name__}: {error} ({hint})")
    return ArcdiagError.exit_code
