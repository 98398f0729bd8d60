"""`arcdiag probe`: the network part of `collect`, as a table with the cause below it."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arcdiag.cli.language import lang_option
from arcdiag.cli.output import FORMATS, deliver, format_of, output_option, render, text_width, to_terminal, wants_colour
from arcdiag.cli.own_rules import rules_option
from arcdiag.cli.probe_options import (
    INTERRUPTED,
    checked_options,
    network_options,
    print_dry_run,
    progress_for,
    silence_libraries,
)
from arcdiag.cli.redact import identifiers_of, redact_option, redacted_copy

if TYPE_CHECKING:
    from arcdiag.collect.options import CollectOptions
    from arcdiag.collect.run import Collected
    from arcdiag.knowledge.rule_set import RuleSet
    from arcdiag.model.diagnosis import Diagnosis

_WIDEST = 160


@click.command("probe")
@network_options
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default=None,
    help="What to print (default: text, or by the ending of the output file).",
)  # fmt: skip
@output_option()
@rules_option()
@click.option("--quiet", is_flag=True, help="No progress while it runs.")
@redact_option
@lang_option
def command(
    dry_run: bool,
    as_json: bool,
    format_: str | None,
    output: Path | None,
    own_rules: Path | None,
    quiet: bool,
    redact: str | None,
    lang: str,
    **network: Any,
) -> int:
    """Test every endpoint that this machine's agent needs, the way the agent goes, and name the hop that fails.

    Changes nothing and writes nothing, unless -o says where. Exit code: 0 nothing wrong now, 1 a current problem,
    2 wrong usage or output place, 3 inconclusive, 130 interrupted.
    """
    from arcdiag.knowledge.load import load_rules

    silence_libraries()
    rules = load_rules(own_rules)
    options = replace(checked_options(rules, **network), network_only=True)
    if dry_run:
        print_dry_run(rules, options)
        return 0
    start = time.monotonic()
    collected = _collect(rules, options, quiet)
    seconds = time.monotonic() - start
    diagnosis = _diagnose(rules, collected, redact is not None)
    _print(diagnosis, rules, "json" if as_json else format_ or format_of(output), output, lang, seconds)
    if collected.interrupted:
        click.echo("arcdiag: interrupted; this is what was seen until then", err=True)
        return INTERRUPTED
    return diagnosis.verdict.exit_code


def _collect(rules: RuleSet, options: CollectOptions, quiet: bool) -> Collected:
    from arcdiag.collect.run import collect

    progress = progress_for(quiet)
    try:
        return collect(rules, options, progress)
    finally:
        progress.close()


def _diagnose(rules: RuleSet, collected: Collected, redact: bool) -> Diagnosis:
    """By the same way as a case of `collect`: written, scrubbed, read again. Nothing of it stays on the disk."""
    from arcdiag.collect.bundle import write_case
    from arcdiag.pipeline import analyze

    with tempfile.TemporaryDirectory(prefix="arcdiag-") as folder:
        case = write_case(Path(folder) / "probe.zip", collected, rules.version)
        if not redact:
            return analyze(case, rules)
        with redacted_copy(str(case), identifiers_of(rules)) as copy:
            return analyze(copy, rules)


def _print(diagnosis: Diagnosis, rules: RuleSet, format_: str, output: Path | None, lang: str, seconds: float) -> None:
    terminal = to_terminal(output)
    if format_ == "text":
        from arcdiag.report.probe_text import render_probe

        width, colour = text_width(terminal, _WIDEST), wants_colour(terminal)
        text = render_probe(diagnosis, rules, width, colour, lang, seconds)
    else:
        text = render(diagnosis, rules, format_, terminal, lang)
    deliver(text, output)
