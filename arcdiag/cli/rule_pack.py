"""`arcdiag rules pack`: a folder of rules as one file that `--rules` takes on any machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import click

from arcdiag.cli.output import output_option

_SHOWN = 5


@click.command("pack", short_help="Make one file of a folder of rules.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@output_option(required=True)
@click.option("--name", default=None, metavar="NAME", help="What reports call it (default: the folder's name).")
@click.option("--version", "version", default="1.0.0", show_default=True, metavar="V", help="Numbers and dots.")
@click.option(
    "--mode",
    type=click.Choice(("extends", "replaces")),
    default="extends",
    show_default=True,
    help="Over the built-in rules (same id replaces), or in place of all of them.",
)
@click.option(
    "--arcdiag", "range_", default=None, metavar="RANGE", help="Versions that can use it (default: this or newer)."
)
def pack(folder: Path, output: Path, name: str | None, version: str, mode: str, range_: str | None) -> int:
    """Make a rule pack of the rules in DIR: one file, data only, every file hashed; used with --rules FILE.

    The rules are checked and their samples run first, as `rules test` does. The same rules give the same bytes.
    Exit code: 0 written, 1 a sample fails (nothing is written), 2 a rule or the output place cannot be used.
    """
    from arcdiag import __version__
    from arcdiag.case.place import check_apart
    from arcdiag.case.zip_out import write_checked
    from arcdiag.cli.rule_authors import own_signals, tested
    from arcdiag.errors import InputError
    from arcdiag.knowledge.load import with_own
    from arcdiag.knowledge.own_rules import folder_files, of_pack
    from arcdiag.knowledge.pack import pack_bytes, parse_pack
    from arcdiag.knowledge.shipped import shipped_rules
    from arcdiag.knowledge.version import parse_range

    range_ = range_ or f">={__version__}"
    try:
        parse_range(range_)
    except ValueError as error:
        raise InputError(f"--arcdiag: {error} is expected") from error
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder; a pack is made of a folder of rule files")
    check_apart(output, [folder])
    named = name or re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")[:40]
    data = pack_bytes(named, version, mode, range_, folder_files(folder))
    made = parse_pack(data, output.name)
    rules = with_own(shipped_rules(), of_pack(made, output.name), output.name)
    if tested(rules, None if mode == "replaces" else own_signals(rules)):
        click.echo(f"nothing was written to {output}", err=True)
        return 1
    _warn_of_secrets(made.files)
    write_checked(output, (data,), ())
    click.echo(f"written: {output} ({named} {version}, {mode}, SHA-256 {made.digest})", err=True)
    return 0


def _warn_of_secrets(files: Mapping[str, bytes]) -> None:
    """A sample may have to look like a secret; whether it is made up, only its author knows."""
    from arcdiag.redact.secrets import scrub_text

    found = [
        f"{name}:{number}"
        for name, data in files.items()
        for number, line in enumerate(data.decode("utf-8-sig").splitlines(), 1)
        if scrub_text(line) != line
    ]
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        click.echo(f"looks like a secret, so make sure that it is made up: {', '.join(found[:_SHOWN])}{more}", err=True)
