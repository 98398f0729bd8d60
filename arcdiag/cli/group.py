"""The commands as one program; each is imported only when it is called."""

from __future__ import annotations

import importlib

import click

from arcdiag.cli.commands import ABOUT, COMMANDS, HELP_NAMES, OPTIONS, WIDEST
from arcdiag.cli.quick import version_line


class LazyGroup(click.Group):
    """Imports a command only when it is called, so that every other one is quick."""

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


def _show_version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(version_line())
        ctx.exit()


@click.group(
    cls=LazyGroup,
    help=ABOUT,
    context_settings={"help_option_names": list(HELP_NAMES), "max_content_width": WIDEST},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help=OPTIONS["--version"]
)
# For the help; `main` takes it from the command line before click sees it.
@click.option("--debug", is_flag=True, expose_value=False, help=OPTIONS["--debug"])
def cli() -> None:
    """All of arcdiag."""
