"""The option `--rules`, the same on every command that uses rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def rules_option(required: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Adds `--rules` to a command, as its argument `own_rules`: a path, or None for the built-in rules alone."""
    return click.option(
        "--rules",
        "own_rules",
        type=click.Path(path_type=Path),
        default=None,
        required=required,
        metavar="PACK",
        help="Your own rules: a rule pack, a folder or a YAML file.",
    )
