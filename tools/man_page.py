"""The man page arcdiag(1), from the commands themselves and the exit codes of the README.

python -m tools.man_page > docs/man/arcdiag.1

click-man makes one page for each command and knows no exit codes, environment or files; this is one page.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from arcdiag import __version__
from arcdiag.cli.group import cli

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "man" / "arcdiag.1"
REVISED = "2026-11-21"
"""When the texts below were last revised; a build's date would make every build another page."""

_ENVIRONMENT = {
    "LC_ALL, LC_MESSAGES, LANG": "The language of what people read, where --lang does not say it.",
    "NO_COLOR": "Where it is set, no colours.",
    "TERM": "dumb: no colours, and lines instead of a table that is drawn anew.",
}
_FILES = {
    "arcdiag-<host>-<UTC>.zip": "The case that collect writes: logs without secrets, facts, diagnosis and manifest.",
    "arcdiag-<host>-<UTC>.html": "Its report, beside it.",
    "*.PRIVATE-do-not-send.json": "With --redact identifiers: what each token stands for. Keep it, and never send it.",
}
_EXAMPLES = {
    "arcdiag collect": "Examine this machine; as root it sees more.",
    "arcdiag collect --quiet --output /srv/arcdiag": "The same from a timer or a scheduled task.",
    "arcdiag analyze azcmagent-logs.zip": "Name the root cause in what a customer sent.",
    "arcdiag explain AZCM0042": "What a code means, and what to do about it.",
}


def page() -> str:
    """The whole page, in the man(7) macros that groff and mandoc both read."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    context = click.Context(cli, info_name="arcdiag", help_option_names=cli.context_settings["help_option_names"])
    commands = list(_commands(cli, context))
    yield '.\\" Made by python -m tools.man_page; edit the commands, not this file.'
    yield f'.TH ARCDIAG 1 "{REVISED}" "arcdiag {__version__}" "User Commands"'
    yield from (".SH NAME", "arcdiag \\- find out why an Azure Arc\\-enabled server cannot connect")
    yield ".SH SYNOPSIS"
    for place, (path, command, ctx) in enumerate(commands):
        yield from ([".br"] if place else [])
        yield f"\\fB{_escaped(path)}\\fR {_escaped(' '.join(command.collect_usage_pieces(ctx)))}"
    yield ".SH DESCRIPTION"
    yield from _paragraphs(cli.help or "")
    yield from (".SH OPTIONS", *_options(cli, context))
    yield ".SH COMMANDS"
    for path, command, ctx in commands:
        yield f".SS {_escaped(path)}"
        yield from _paragraphs(command.help or "")
        yield from _options(command, ctx)
    yield from (".SH EXIT STATUS", *_list(_exit_codes()))
    yield from (".SH ENVIRONMENT", *_list(_ENVIRONMENT))
    yield from (".SH FILES", *_list(_FILES))
    yield from (".SH EXAMPLES", *_list(_EXAMPLES))


def _commands(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command that does something, those of groups too: how it is called, itself, and its context."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        ctx = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _commands(command, ctx)
        else:
            yield ctx.command_path, command, ctx


def _options(command: click.Command, ctx: click.Context) -> Iterator[str]:
    for option in command.get_params(ctx):
        if isinstance(option, click.Option) and not option.hidden:
            # --help is the same everywhere and stands once.
            if "--help" in option.opts and ctx.parent is not None:
                continue
            names = ", ".join(f"\\fB{_escaped(name)}\\fR" for name in sorted(option.opts, key=len))
            yield from (".TP", names + _value(option, ctx), *_wrapped(_help(option, ctx)))


def _value(option: click.Option, ctx: click.Context) -> str:
    if option.is_flag or option.count:
        return ""
    if isinstance(option.type, click.Choice) and option.metavar is None:
        return f" {_escaped('|'.join(map(str, option.type.choices)))}"
    return f" \\fI{_escaped(option.make_metavar(ctx))}\\fR"


def _help(option: click.Option, ctx: click.Context) -> str:
    extra = option.get_help_extra(ctx)
    notes = [f"default: {extra['default']}"] if "default" in extra else []
    notes += [extra["required"]] if "required" in extra else []
    return f"{option.help or ''} {'[' + ', '.join(notes) + ']' if notes else ''}".strip()


def _paragraphs(text: str) -> Iterator[str]:
    """A help text: paragraphs, and those after a backspace as they are."""
    for place, block in enumerate(re.split(r"\n\s*\n", text.strip())):
        lines = [line.strip() for line in block.splitlines()]
        yield from ([".PP"] if place else [])
        if lines[:1] == ["\b"]:
            yield from (".nf", *map(_line, lines[1:]), ".fi")
        else:
            yield from _wrapped(" ".join(lines))


def _wrapped(text: str) -> Iterator[str]:
    yield from map(_line, textwrap.wrap(text, 72, break_long_words=False, break_on_hyphens=False))


def _list(entries: dict[str, str]) -> Iterator[str]:
    for term, text in entries.items():
        yield from (".TP", f"\\fB{_escaped(term)}\\fR", *_wrapped(text))


def _exit_codes() -> dict[str, str]:
    """The table of the README, so that there is one."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, found, rest = readme.partition("| exit code | meaning |\n|---|---|\n")
    if not found:
        raise SystemExit("README.md: no table with the heading | exit code | meaning |")
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", rest.split("\n\n")[0], re.MULTILINE)
    return {code: text.replace("`", "") for code, text in rows}


def _line(text: str) -> str:
    """A line of text that no macro is taken for."""
    escaped = _escaped(text)
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\e").replace("-", "\\-")
    return "".join(c if c.isascii() else f"\\[u{ord(c):04X}]" for c in plain)


if __name__ == "__main__":
    sys.stdout.write(page())
