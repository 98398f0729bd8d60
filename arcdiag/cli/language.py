"""The option `--lang`, the same on every command that prints for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from arcdiag.cli.system_language import system_language
from arcdiag.report.language import LANGUAGES


def lang_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--lang` to a command, as its argument `lang`: one of LANGUAGES."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES, case_sensitive=False),
        default=system_language,
        show_default="the system's",
        help="Language for people; JSON stays as it is.",
    )(command)
