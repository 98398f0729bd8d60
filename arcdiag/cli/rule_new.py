"""`arcdiag rules new`: a skeleton of a rule, filled as far as a log line tells."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import click

from arcdiag.cli.output import deliver, output_option

_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")
_PATTERN = "the words that only this fault prints {host:host}"
_LINE = "ERROR   the words that only this fault prints gbl.his.arc.azure.com"
_OTHER = "ERROR   the words that another fault prints gbl.his.arc.azure.com"
_MAX_LINE = 4_000


@click.command("new", short_help="Write a skeleton of a rule.")
@click.argument("kind", type=click.Choice(("rule", "signal", "cause")))
@click.argument("id_", metavar="ID")
@click.option("--line", default=None, metavar="TEXT", help="The log line that it is about: gives pattern and sample.")
@click.option("--layer", default="host", show_default=True, metavar="LAYER", help="The layer of the cause.")
@click.option("--signal", default=None, metavar="ID", help="The signal that names the cause.")
@output_option()
def new(kind: str, id_: str, line: str | None, layer: str, signal: str | None, output: Path | None) -> None:
    """Write a skeleton of a signal, of a cause, or of both as one rule, with a comment on every field.

    It loads and passes `rules test` as it is written; `rules lint` says what is still to be filled in.
    """
    from arcdiag.errors import InputError, OutputError
    from arcdiag.knowledge.rule_base import Layer

    for value in filter(None, (id_, signal)):
        if not _ID.fullmatch(value):
            raise InputError(f"{value!r} is no id: small letters, digits, dots and hyphens, at most 80")
    if layer not in get_args(Layer):
        raise InputError(f"--layer: no layer {layer!r}; one of {', '.join(get_args(Layer))}")
    named = signal or (id_ if kind == "signal" else f"{layer}.{id_.removeprefix(f'{layer}-')}")
    text = _filled(kind, id_, named, layer, line)
    if output is not None and output.exists():
        raise OutputError(f"{output} exists already; choose another file")
    deliver(text, output)


def _filled(kind: str, id_: str, signal: str, layer: str, line: str | None) -> str:
    from arcdiag.knowledge.sources import data_dir

    parts = [
        (data_dir("templates") / f"rule-{p}.yaml").read_text("utf-8")
        for p in ("signal", "cause")
        if kind in (p, "rule")
    ]
    text = "\n".join(parts)
    for name, value in {**_sample(line), "CAUSE": id_, "SIGNAL": signal, "LAYER": layer}.items():
        text = text.replace(f"@{name}@", value)
    return text


def _sample(line: str | None) -> dict[str, str]:
    """What the skeleton's first sample is made of. Raises InputError for a line that no pattern can be made of."""
    from arcdiag.errors import InputError
    from arcdiag.knowledge.pattern import PatternError, compile_pattern
    from arcdiag.logs.propose import propose

    if line is None:
        gives = "{ host: gbl.his.arc.azure.com }"
        return {
            "PATTERN": _quoted(_PATTERN),
            "LINE": _quoted(_LINE),
            "OTHER": _quoted(_OTHER),
            "GIVES": gives,
            "SUBJECT": "host",
        }
    if "\n" in line or len(line) > _MAX_LINE:
        raise InputError(f"--line: one line of at most {_MAX_LINE:,} characters")
    found = propose(line)
    try:
        compile_pattern(found.pattern)
    except PatternError as error:
        raise InputError(f"--line: no pattern can be made of it: {error}") from error
    gives = json.dumps(dict(found.captures), ensure_ascii=False)
    return {
        "PATTERN": _quoted(found.pattern),
        "LINE": _quoted(line),
        "OTHER": _quoted("TODO: a line that looks alike and means something else"),
        "GIVES": gives,
        "SUBJECT": found.subject,
    }


def _quoted(text: str) -> str:
    """A YAML scalar on one line: single quotes keep backslashes as they are."""
    return "'" + text.replace("'", "''") + "'" if text.isprintable() else json.dumps(text)
