"""Renders a diagnosis to standard output or to a file that is complete or not there."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arcdiag.errors import FullDiskError, OutputError

if TYPE_CHECKING:
    from arcdiag.knowledge.rule_set import RuleSet
    from arcdiag.model.diagnosis import Diagnosis

FORMATS = ("text", "json", "md", "html")
_ENDINGS = {".html": "html", ".htm": "html", ".json": "json", ".md": "md", ".txt": "text"}


def output_option(required: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Adds `-o` to a command that makes one file, as its argument `output`: a path, or None for standard output."""
    return click.option(
        "-o",
        "--output",
        "--out",
        "output",
        type=click.Path(path_type=Path),
        default=None,
        required=required,
        metavar="FILE",
        help="Write to FILE.",
    )


def format_of(output: Path | None) -> str:
    """The one of FORMATS that an output file's ending asks for; text where it names none, or where there is no file."""
    return _ENDINGS.get(output.suffix.lower(), "text") if output else "text"


def render(diagnosis: Diagnosis, rules: RuleSet, format_: str, terminal: bool = False, lang: str = "en") -> str:
    """The diagnosis in one of FORMATS; text for a terminal is as wide as it, and coloured where that is wanted."""
    from arcdiag import report

    if format_ == "text":
        width, colour = text_width(terminal), wants_colour(terminal)
        return report.render_text(diagnosis, rules, width=width, colour=colour, lang=lang)
    if format_ == "json":
        return report.render_json(diagnosis, rules)
    return (report.render_markdown if format_ == "md" else report.render_html)(diagnosis, rules, lang)


def text_width(terminal: bool, most: int = 100) -> int:
    """Columns for text: as wide as the terminal, from 40 to `most`; 80 for a file or a pipe."""
    return max(40, min(most, shutil.get_terminal_size((80, 24)).columns)) if terminal else 80


def wants_colour(terminal: bool) -> bool:
    """Whether colours are wanted: on a terminal, and not where NO_COLOR (https://no-color.org) or TERM forbids them."""
    return terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def emit(diagnosis: Diagnosis, rules: RuleSet, format_: str, output: Path | None, lang: str = "en") -> None:
    """Render and deliver. Raises OutputError, FullDiskError, SecretLeftError."""
    deliver(render(diagnosis, rules, format_, terminal=to_terminal(output), lang=lang), output)


def to_terminal(output: Path | None) -> bool:
    """Whether what is delivered to `output` is read on a terminal."""
    return output is None and sys.stdout.isatty()


def deliver(text: str, output: Path | None) -> None:
    """Print, or write to `output` and say so on standard error. Raises OutputError, FullDiskError, SecretLeftError."""
    if output is None:
        write_stdout(text)
        return
    write_whole(output, text.encode("utf-8"))
    click.echo(f"written: {output}", err=True)


def write_stdout(text: str) -> None:
    """UTF-8 text to standard output, whatever the terminal's encoding can show of it.

    Raises SecretLeftError, and prints nothing, if the last look at it finds a secret.
    """
    from arcdiag.redact.canary import check_text

    check_text(text, "the output")
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        click.echo(text, nl=False)
        return
    encoding = "utf-8" if not sys.stdout.isatty() else (sys.stdout.encoding or "utf-8")
    sys.stdout.flush()
    stream.write(text.encode(encoding, errors="replace"))
    stream.flush()


def write_whole(target: Path, data: bytes) -> None:
    """Look through `data` for secrets, write it beside the target and rename; a device or a pipe gets it as it is.

    Raises OutputError, FullDiskError, SecretLeftError; then nothing is left.
    """
    from arcdiag.case.place import is_stream
    from arcdiag.redact.canary import check_text

    check_text(data.decode("utf-8", "replace"), target.name)
    if is_stream(target):
        _write_into(target, data)
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror}. Choose another place with -o.") from error
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise FullDiskError(
                f"disk full while writing {target}; nothing was left there. Free some space."
            ) from error
        raise OutputError(f"cannot write {target}: {error.strerror}. Choose another place with -o.") from error
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _write_into(stream: Path, data: bytes) -> None:
    try:
        with stream.open("wb") as opened:
            opened.write(data)
    except OSError as error:
        raise OutputError(f"cannot write {stream}: {error.strerror}. Choose another place with -o.") from error
