"""`arcdiag redact`: an existing bundle, folder, archive or log without secrets, and on request without identifiers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from arcdiag.cli.completing import complete_file
from arcdiag.cli.language import lang_option
from arcdiag.cli.own_rules import rules_option
from arcdiag.errors import InputError, OutputError

if TYPE_CHECKING:
    from arcdiag.case.removed import Removed
    from arcdiag.case.write import Reports
    from arcdiag.knowledge.rule_set import RuleSet
    from arcdiag.redact.identifiers.replace import Identifiers

_F = TypeVar("_F", bound=Callable[..., Any])
IDENTIFIERS = "identifiers"
_LEAST_HIDDEN = 3
_MAP_NAME = ".PRIVATE-do-not-send.json"


def redact_option(command: _F) -> _F:
    """`--redact identifiers`, for every command that writes something to send."""
    return click.option(
        "--redact",
        "redact",
        type=click.Choice((IDENTIFIERS,)),
        default=None,
        help="Also replace names, ids and addresses of this machine and its owner by tokens. Secrets never go out.",
    )(command)


def hide_option(command: _F) -> _F:
    """`--hide WORD`, for every command that writes a redacted case."""
    return click.option(
        "--hide",
        "hide",
        multiple=True,
        metavar="WORD",
        help="Also replace WORD wherever it stands, such as the name of a company; with --redact identifiers.",
    )(command)


@click.command("redact")
@click.argument("case", metavar="IN", shell_complete=complete_file)
@click.option("-o", "--output", "--out", "output", type=click.Path(path_type=Path), required=True, metavar="OUT",
              help="Where to write the redacted copy; IN stays as it is.")  # fmt: skip
@redact_option
@hide_option
@click.option("--identifiers", is_flag=True, help="Short for --redact identifiers.")
@rules_option()
@lang_option
def command(
    case: str,
    output: Path,
    redact: str | None,
    hide: tuple[str, ...],
    identifiers: bool,
    own_rules: Path | None,
    lang: str,
) -> int:
    """Copy IN to OUT without secrets: a bundle, a folder, a zip or tar of logs, or one log file.

    A log file becomes a log file, anything else a zip; the report inside a bundle is made anew. What cannot be looked
    into is left out and named.

    Exit code: 0 done, 2 input or output place that cannot be used, 4 full disk or a secret found by the last scan.
    """
    check_places(case, output)
    from arcdiag.cli.bundle_reports import BundleReports
    from arcdiag.knowledge.load import load_rules

    wanted = identifiers or redact == IDENTIFIERS
    check_hidden(hide, wanted)
    ids = identifiers_of(load_rules(own_rules), hide) if wanted else None
    reports = BundleReports(
        partial(load_rules, own_rules), lambda: ids.replace(output.name) if ids else output.name, lang
    )
    removed = redact_to(case, output, ids, reports)
    click.echo(f"written: {output}")
    click.echo(removed.line())
    for what, why in removed.left_out[:20]:
        click.echo(f"left out: {what}: {why}")
    if len(removed.left_out) > 20:
        click.echo(f"left out: {len(removed.left_out) - 20} more, named in redaction.json")
    if ids is not None:
        click.echo(f"private map, keep it and never send it: {map_path(output)}")
    return 0


def check_places(case: str, output: Path) -> None:
    """Raises InputError if there is no input, OutputError if the output would touch it."""
    from arcdiag.case.place import check_apart, check_place

    source = Path(case)
    if not source.exists():
        raise InputError(f"cannot open {case}: no such file or folder")
    check_place(output)
    check_apart(output, [source])
    if map_path(output).resolve() == source.resolve():
        raise OutputError(f"cannot write {output}: it is the input, which is never changed; choose another name")
    if source.is_dir() and source.resolve() in output.resolve().parents:
        raise OutputError(f"cannot write {output}: it lies inside the input folder; choose a place outside of it")


def check_hidden(words: tuple[str, ...], wanted: bool) -> None:
    """Raises InputError for words to hide where no identifiers are replaced, and for those that are too short."""
    if words and not wanted:
        raise InputError("--hide goes with --redact identifiers; add it")
    short = next((word for word in words if len(word.strip()) < _LEAST_HIDDEN), None)
    if short is not None:
        raise InputError(f"cannot hide {short!r}: {_LEAST_HIDDEN} letters at least, or half of every text would go")


def identifiers_of(rules: RuleSet, hide: tuple[str, ...] = ()) -> Identifiers:
    """A fresh run of replacing identifiers, with the hosts and words that the rules know, and words to `hide`."""
    from arcdiag.redact.identifiers.replace import Identifiers
    from arcdiag.redact.identifiers.vocabulary import catalogue, vocabulary

    ids = Identifiers(catalogue(rules), vocabulary(rules))
    for word in hide:
        ids.names.hide(word)
    return ids


def hidden_host(ids: Identifiers, name: str) -> str:
    """A host name as it may stand in the name of a file: its token without the signs that no file system takes."""
    from arcdiag.case.names_out import plain_tokens
    from arcdiag.redact.identifiers.tokens import IdKind

    return plain_tokens(ids.tokens.token(IdKind.HOST, name)) if ids.names.is_name(IdKind.HOST, name) else name


def map_path(output: Path) -> Path:
    """Where the private map of a redacted output lies: beside it, with a name that says what it is."""
    return output.with_name(output.name + _MAP_NAME)


def redact_to(case: str, output: Path, ids: Identifiers | None, reports: Reports | None = None) -> Removed:
    """Write the redacted copy and, for identifiers, the private map beside it; both or none of them.

    `reports`: what is made anew for the copy of a bundle.
    """
    from arcdiag.case.redacted import redact_case
    from arcdiag.case.zip_out import no_secrets, write_checked

    removed = redact_case(case, output, ids, reports=reports)
    if ids is not None:
        try:
            write_checked(map_path(output), ids.tokens.map_blocks(), (no_secrets,))
        except BaseException:
            output.unlink(missing_ok=True)
            raise
    return removed


@contextmanager
def redacted_copy(case: str, ids: Identifiers, stdin: BinaryIO | None = None) -> Iterator[Path]:
    """A redacted copy of a case in a temporary folder, which goes with the context."""
    from arcdiag.case.redacted import is_single_file, redact_case

    with tempfile.TemporaryDirectory(prefix="arcdiag-") as folder:
        name = "case.log" if is_single_file(case) else "case.zip"
        copy = Path(folder) / name
        redact_case(case, copy, ids, stdin)
        yield copy
