"""`arcdiag collect`: look at this machine, write a case and a report, name the cause."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arcdiag.cli.language import lang_option
from arcdiag.cli.own_rules import rules_option
from arcdiag.cli.probe_options import (
    INTERRUPTED,
    checked_options,
    network_options,
    print_dry_run,
    progress_for,
    silence_libraries,
)
from arcdiag.cli.redact import check_hidden, hidden_host, hide_option, identifiers_of, map_path, redact_option
from arcdiag.errors import OutputError

if TYPE_CHECKING:
    from arcdiag.cli.bundle_reports import BundleReports
    from arcdiag.collect.options import CollectOptions
    from arcdiag.collect.run import Collected
    from arcdiag.knowledge.rule_set import RuleSet
    from arcdiag.redact.identifiers.replace import Identifiers


@click.command("collect")
@click.option("-o", "--output", "--out", "output", type=click.Path(path_type=Path), default=Path(), metavar="DIR",
              help="Where to put the case and the report (default: here).")  # fmt: skip
@network_options
@click.option("--no-probe", is_flag=True, help="Send nothing to the network; look at the machine only.")
@click.option("--full", is_flag=True, help="Take every rotated log too, and more of each.")
@rules_option()
@click.option("--verify", "report", type=click.Path(path_type=Path), default=None, metavar="REPORT.json",
              help="Look again at what decided the causes of an earlier JSON report, and write nothing.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress, and only the two paths at the end.")
@redact_option
@hide_option
@lang_option
def command(
    output: Path,
    dry_run: bool,
    no_probe: bool,
    full: bool,
    own_rules: Path | None,
    report: Path | None,
    quiet: bool,
    redact: str | None,
    hide: tuple[str, ...],
    lang: str,
    **network: Any,
) -> int:
    """Examine this machine: agent, settings, network. Changes nothing but the folder that it writes to.

    With --verify: 0 all causes of that report are resolved, 1 one is still there, 3 it cannot be told of one.
    Exit code: 0 nothing wrong now, 1 a current problem, 2 wrong usage or output place, 3 inconclusive, 130 interrupted.
    """
    from arcdiag.knowledge.load import load_rules

    silence_libraries()
    check_hidden(hide, redact is not None)
    rules = load_rules(own_rules)
    options = replace(checked_options(rules, **network), probe=not no_probe, full=full)
    if dry_run:
        print_dry_run(rules, options)
        return 0
    if report is not None:
        from arcdiag.cli.verify import verify

        return verify(rules, options, report, quiet, redact is not None, lang)
    _check_output(output)
    ids = identifiers_of(rules, hide) if redact else None
    return _collect(rules, options, output, quiet, ids, lang)


def _check_output(folder: Path) -> None:
    """Find out before the work whether the result can be written. Raises OutputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except FileExistsError as error:
        raise OutputError(f"cannot write to {folder}: it is no folder. Choose another place with -o.") from error
    except OSError as error:
        raise OutputError(
            f"cannot write to {folder}: {error.strerror or error}. Choose another place with -o."
        ) from error


def _collect(
    rules: RuleSet, options: CollectOptions, output: Path, quiet: bool, ids: Identifiers | None, lang: str
) -> int:
    from arcdiag.case.removed import Removed
    from arcdiag.collect.priority import low_priority
    from arcdiag.collect.run import collect

    progress = progress_for(quiet)
    try:
        collected = collect(rules, options, progress)
    finally:
        progress.close()
    # What is left to do measures nothing, and the machine may have more urgent work.
    with low_priority(), _target(collected, output, ids) as target:
        made = _write(rules, collected, target, ids, lang)
        report = target.with_suffix(".html")
        try:
            code = _report(rules, made, report, quiet, lang)
        except BaseException:
            # The bundle and the page beside it come together or not at all.
            for path in (target, report, map_path(target)):
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            raise
    click.echo(f"case:   {target}")
    click.echo(f"report: {report}")
    if not quiet:
        click.echo(Removed.of_bundle(target).line())
    if collected.interrupted:
        click.echo("arcdiag: interrupted; the report shows what was seen until then", err=True)
        return INTERRUPTED
    return code


@contextmanager
def _target(collected: Collected, output: Path, ids: Identifiers | None) -> Iterator[Path]:
    """A bundle's path in the folder `output` that is this run's own."""
    from arcdiag.cli.output_name import bundle_stem, claimed

    host = hidden_host(ids, collected.hostname) if ids else collected.hostname
    with claimed(output, bundle_stem(host, collected.at)) as target:
        yield target


def _write(rules: RuleSet, collected: Collected, target: Path, ids: Identifiers | None, lang: str) -> BundleReports:
    """The bundle, on request without identifiers and with the private map beside it."""
    from arcdiag.cli.bundle_reports import BundleReports
    from arcdiag.cli.redact import redact_to
    from arcdiag.collect.bundle import write_case

    made = BundleReports(lambda: rules, lambda: target.name, lang)
    if ids is None:
        write_case(target, collected, rules.version, made)
        return made
    with tempfile.TemporaryDirectory(prefix="arcdiag-") as folder:
        whole = write_case(Path(folder) / "case.zip", collected, rules.version)
        redact_to(str(whole), target, ids, made)
    click.echo(f"private map, keep it and never send it: {map_path(target)}")
    return made


def _report(rules: RuleSet, made: BundleReports, target: Path, quiet: bool, lang: str) -> int:
    """Put the page of the bundle beside it and print what it says; the exit code of the verdict."""
    from arcdiag.cli.output import text_width, wants_colour, write_stdout, write_whole
    from arcdiag.report.text import render_text

    diagnosis = made.diagnosis
    if diagnosis is None:
        raise RuntimeError("the bundle was written without its diagnosis")
    write_whole(target, made.page.encode("utf-8"))
    if not quiet:
        terminal = sys.stdout.isatty()
        width, colour = text_width(terminal, 120), wants_colour(terminal)
        write_stdout(render_text(diagnosis, rules, width=width, colour=colour, lang=lang))
        click.echo()
    return diagnosis.verdict.exit_code
