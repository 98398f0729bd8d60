"""`arcdiag fleet`: many machines at once."""

from __future__ import annotations

from pathlib import Path

import click

from arcdiag.cli.language import lang_option
from arcdiag.cli.output import deliver, output_option, write_stdout
from arcdiag.cli.own_rules import rules_option

_MOST_NAMED = 20
_ALL_FAILED = "SELECT source, error FROM machines WHERE error IS NOT NULL"
FROM = click.option(
    "--from", "folder", type=click.Path(path_type=Path), required=True, help="The folder that analyze wrote."
)


@click.group("fleet")
def command() -> None:
    """Analyse many bundles at once, query the results, and write one overview.

    Needs the extra: pip install "arcdiag[fleet]"
    """


@command.command("analyze")
@click.argument("sources", nargs=-1, required=True)
@click.option("-o", "--output", "--out", "out", type=click.Path(path_type=Path), required=True, metavar="FOLDER",
              help="Where the tables and the overview lie, or are to lie.")  # fmt: skip
@click.option("--scheduler", metavar="URL", default=None, help="Run on a Dask cluster (tcp://HOST:8786).")
@click.option("--workers", type=click.IntRange(1, 512), default=None, help="Processes here (default: one a core).")
@rules_option()
@click.option(
    "--reports",
    type=click.Choice(("none", "problems", "all")),
    default="none",
    show_default=True,
    help="Of which machines to write an HTML report too.",
)
@click.option("--quiet", is_flag=True, help="No progress on standard error.")
@lang_option
def analyze(
    sources: tuple[str, ...],
    out: Path,
    scheduler: str | None,
    workers: int | None,
    own_rules: Path | None,
    reports: str,
    quiet: bool,
    lang: str,
) -> int:
    """Analyse SOURCES: bundles, zips of azcmagent logs, folders and globs of them, or URLs of them.

    Writes tables (Parquet) and the overview fleet.html into FOLDER. What is there
    already is skipped, so that an interrupted run goes on when it is started again.

    \b
    Examples:
      arcdiag fleet analyze customers/ --out fleet
      arcdiag fleet analyze 'in/*.zip' \\\\files\\arc --out fleet
      arcdiag fleet analyze abfs://bundles@acct.dfs.core.windows.net/ --out fleet
      arcdiag fleet analyze in/ --out fleet --scheduler tcp://dask:8786

    Exit code: 0 all done, 1 some bundles could not be analysed (named, and in the
    tables), 2 input or output place that cannot be used, 4 full disk, 130
    interrupted.
    """
    from arcdiag.fleet.extra import TABLES, need
    from arcdiag.fleet.run import Options, analyze_fleet
    from arcdiag.fleet.sources import find_sources

    # Before the sources are gone through: what is passed over there is of no use to whom the extra is missing.
    need(TABLES, "arcdiag fleet")
    found = find_sources(sources)
    if found.passed_over:
        _name("passed over (no bundle)", found.passed_over)
    options = Options(out, own_rules, workers, scheduler, reports, lang, quiet)
    summary = analyze_fleet(found.sources, options)
    _name("no diagnosis", [f"{name}: {why}" for name, why in summary.failed])
    if len(summary.failed) > _MOST_NAMED:
        click.echo(f'all of them: arcdiag fleet query "{_ALL_FAILED}" --format csv --from "{out}"', err=True)
    parts = [
        f"{summary.analysed:,} analysed",
        f"{summary.skipped:,} done before",
        f"{len(summary.failed):,} with errors",
    ]
    if summary.copies:
        parts.append(f"{summary.copies:,} copies")
    click.echo(f"{summary.bundles:,} bundles: {', '.join(parts)}", err=True)
    if summary.analysed or summary.skipped or summary.failed:
        _write_overview(out, own_rules, lang)
    if summary.interrupted:
        click.echo("arcdiag: interrupted; start it again to go on", err=True)
        return 130
    return 1 if summary.failed else 0


def _write_overview(out: Path, own_rules: Path | None, lang: str) -> None:
    from arcdiag.fleet.overview.write import PAGE, overview_page
    from arcdiag.knowledge.load import load_rules

    page = out / PAGE
    deliver(overview_page(out, load_rules(own_rules), lang, page), page)


def _name(what: str, items: list[str]) -> None:
    from arcdiag.fleet.rows import shown

    for item in items[:_MOST_NAMED]:
        click.echo(f"{what}: {shown(item)}", err=True)
    if len(items) > _MOST_NAMED:
        click.echo(f"{what}: {len(items) - _MOST_NAMED:,} more", err=True)


@command.command("query")
@click.argument("sql")
@FROM
@click.option("--format", "format_", type=click.Choice(("text", "csv", "json")), default="text", show_default=True)
@output_option()
def query(sql: str, folder: Path, format_: str, output: Path | None) -> None:
    """Ask the tables with SQL (DuckDB): one SELECT, which changes nothing and sees no other file.

    Tables: machines, causes, codes, endpoints, traits; latest has the newest bundle
    of each machine, dictionary says what each column means. Times are UTC.

    \b
    Examples:
      arcdiag fleet query "FROM dictionary" --from fleet
      arcdiag fleet query --from fleet \\
        "SELECT cause, count(*) AS n FROM latest GROUP BY cause ORDER BY n DESC"
      arcdiag fleet query "FROM machines" --from fleet --format csv -o all.csv

    Exit code: 0 done, 2 a query that fails or results that are not there.
    """
    from arcdiag.fleet.query import query as answer

    if output is not None:
        deliver("".join(answer(folder, sql, format_)), output)
        return
    for portion in answer(folder, sql, format_):
        write_stdout(portion)


@command.command("report")
@FROM
@output_option(required=True)
@click.option("--machine", default=None, help="The report of one machine instead: its name, source or bundle id.")
@rules_option()
@lang_option
def report(folder: Path, output: Path, machine: str | None, own_rules: Path | None, lang: str) -> None:
    """Write the overview of all machines as one HTML file, or the report of one of them.

    The bundle of that one is opened again, from where it lay when it was analysed.

    \b
    Examples:
      arcdiag fleet report --from fleet -o fleet.html
      arcdiag fleet report --from fleet -o fleet-ko.html --lang ko
      arcdiag fleet report --from fleet --machine srv-0815 -o srv-0815.html

    Exit code: 0 done, 2 results or a machine that are not there, or an output
    place that cannot be used.
    """
    from arcdiag.knowledge.load import load_rules

    rules = load_rules(own_rules)
    if machine is not None:
        from arcdiag.fleet.machine import diagnosis_of
        from arcdiag.report import render_html

        text = render_html(diagnosis_of(folder, machine, rules), rules, lang)
    else:
        from arcdiag.fleet.overview.write import overview_page

        text = overview_page(folder, rules, lang, output)
    deliver(text, output)
