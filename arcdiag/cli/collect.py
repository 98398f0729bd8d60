"""`arcdiag collect`: look at this machine, write a case and a report, name the cause."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from arcdiag.errors import InputError, OutputError

if TYPE_CHECKING:
    from arcdiag.collect.options import CollectOptions
    from arcdiag.collect.progress import Progress
    from arcdiag.collect.run import Collected
    from arcdiag.knowledge.rule_set import RuleSet

INTERRUPTED = 130
_LEAST, _MOST = 1.0, 600.0


@click.command("collect")
@click.option("-o", "--output", "--out", "output", type=click.Path(path_type=Path), default=Path(), metavar="DIR",
              help="Where to put the case and the report (default: here).")  # fmt: skip
@click.option("--timeout", type=float, default=30.0, show_default=True, help="Seconds for everything together.")
@click.option("--no-probe", is_flag=True, help="Send nothing to the network; look at the machine only.")
@click.option("--dry-run", is_flag=True, help="List every address, file and program, and do nothing.")
@click.option("--location", default=None, metavar="REGION", help='Azure region, such as "East US 2" or eastus2.')
@click.option("--cloud", default=None, metavar="CLOUD", help="AzureCloud, AzureUSGovernment or AzureChinaCloud.")
@click.option("--rules", "own_rules", type=click.Path(path_type=Path), default=None, help="Your own rules over ours.")
@click.option("--quiet", is_flag=True, help="No progress, and only the two paths at the end.")
def command(
    output: Path,
    timeout: float,
    no_probe: bool,
    dry_run: bool,
    location: str | None,
    cloud: str | None,
    own_rules: Path | None,
    quiet: bool,
) -> int:
    """Examine this machine: agent, settings, network. Changes nothing but the folder that it writes to.

    Exit code: 0 nothing wrong now, 1 a current problem, 2 wrong usage or output place, 3 inconclusive, 130 interrupted.
    """
    options = _options(timeout, not no_probe, location, cloud)
    if not dry_run:
        _check_output(output)
    from arcdiag.knowledge.load import load_rules

    rules = load_rules(own_rules)
    if dry_run:
        _dry_run(rules, options)
        return 0
    return _collect(rules, options, output, quiet)


def _options(timeout: float, probe: bool, location: str | None, cloud: str | None) -> CollectOptions:
    from arcdiag.collect.options import CollectOptions
    from arcdiag.knowledge.endpoints import CLOUDS, normal_cloud, normal_region

    if not _LEAST <= timeout <= _MOST:
        raise InputError(f"--timeout: {_LEAST:.0f} to {_MOST:.0f} seconds are possible, not {timeout:g}")
    known_cloud = normal_cloud(cloud) if cloud is not None else None
    if cloud is not None and known_cloud is None:
        raise InputError(f"--cloud: {cloud[:40]!r} is not known; one of {', '.join(CLOUDS)}")
    region = normal_region(location) if location is not None else None
    if location is not None and region is None:
        raise InputError(f"--location: {location[:40]!r} cannot be a region; give a name such as eastus2")
    return CollectOptions(timeout, probe, known_cloud, region)


def _check_output(folder: Path) -> None:
    """Find out before the work whether the result can be written. Raises OutputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except FileExistsError as error:
        raise OutputError(f"cannot write to {folder}: it is no folder. Choose another place with -o.") from error
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {error.strerror}. Choose another place with -o.") from error


def _dry_run(rules: RuleSet, options: CollectOptions) -> None:
    from arcdiag.collect.dry_run import dry_run_lines
    from arcdiag.collect.run import prepare, this_host
    from arcdiag.report.visible import visible

    host = this_host()
    _, plan = prepare(rules, options, host)
    for line in dry_run_lines(plan, host, options):
        click.echo(visible(line))


def _collect(rules: RuleSet, options: CollectOptions, output: Path, quiet: bool) -> int:
    from arcdiag.collect.bundle import write_case
    from arcdiag.collect.run import collect

    progress = _progress(quiet)
    try:
        collected = collect(rules, options, progress)
    finally:
        progress.close()
    name = _name(collected)
    case = write_case(output / f"{name}.zip", collected, rules.version)
    code = _report(rules, case, output / f"{name}.html", quiet)
    click.echo(f"case:   {case}")
    click.echo(f"report: {output / f'{name}.html'}")
    if collected.interrupted:
        click.echo("arcdiag: interrupted; the report shows what was seen until then", err=True)
        return INTERRUPTED
    return code


def _progress(quiet: bool) -> Progress:
    from arcdiag.collect.progress import SilentProgress, TerminalProgress

    return SilentProgress() if quiet else TerminalProgress()


def _name(collected: Collected) -> str:
    """`arcdiag-<host>-<time>`; a host name may hold nothing that means something in a path."""
    host = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in collected.hostname)
    stamp = collected.at.replace("-", "").replace(":", "")
    return f"arcdiag-{host.strip('.')[:64] or 'host'}-{stamp}"


def _report(rules: RuleSet, case: Path, target: Path, quiet: bool) -> int:
    """Diagnose the case that was written, as `analyze` would; the exit code of the verdict."""
    from arcdiag.cli.output import write_whole
    from arcdiag.pipeline import analyze
    from arcdiag.report.html import render_html
    from arcdiag.report.text import render_text

    diagnosis = analyze(case, rules)
    write_whole(target, render_html(diagnosis, rules).encode("utf-8"))
    if not quiet:
        width = shutil.get_terminal_size((80, 24)).columns
        click.echo(render_text(diagnosis, rules, width=min(width, 120), colour=_colour()), nl=False)
        click.echo()
    return diagnosis.verdict.exit_code


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
