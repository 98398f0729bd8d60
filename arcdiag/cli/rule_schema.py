"""`arcdiag rules schema`: the JSON Schemas that let an editor complete and check rule files."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("schema", short_help="Write the JSON Schemas for editors.")
@click.option("-o", "--output", "--out", "output", type=click.Path(path_type=Path), required=True, help="A folder.")
def schema(output: Path) -> None:
    """Write rules.json (rule files) and pack.json (a pack's manifest) into a folder, for your editor."""
    from arcdiag.cli.output import write_whole
    from arcdiag.errors import OutputError
    from arcdiag.knowledge.schema import schema_files

    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot make the folder {output}: {error.strerror}. Choose another place with -o."
        ) from error
    for name, text in schema_files().items():
        write_whole(output / name, text.encode())
        click.echo(f"written: {output / name}", err=True)
