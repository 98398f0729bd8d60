"""`arcdiag analyze`: what a customer sent, diagnosed."""

from __future__ import annotations

from pathlib import Path

import click

from arcdiag.cli.completing import complete_file
from arcdiag.cli.language import lang_option
from arcdiag.cli.output import FORMATS, emit, format_of, output_option
from arcdiag.cli.own_rules import rules_option
from arcdiag.cli.redact import identifiers_of, redact_option, redacted_copy
from arcdiag.cli.standard_input import standard_input


@click.command("analyze")
@click.argument("case", shell_complete=complete_file)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default=None,
    help="What to print (default: text, or by the ending of the output file).",
)
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@output_option()
@rules_option()
@redact_option
@click.option(
    "--cores", type=click.IntRange(1), default=None, help="Processor cores for a large log (default: up to four)."
)
@lang_option
def command(
    case: str,
    format_: str | None,
    as_json: bool,
    output: Path | None,
    own_rules: Path | None,
    redact: str | None,
    cores: int | None,
    lang: str,
) -> int:
    """Name the root cause in CASE: a folder, a file, a zip or tar, or - for pasted text.

    Exit code: 0 nothing wrong now, 1 a current problem, 2 input that cannot be used, 3 inconclusive.
    """
    from arcdiag.case.place import check_apart
    from arcdiag.knowledge.load import load_rules
    from arcdiag.logs.split import usable_cores
    from arcdiag.pipeline import analyze

    if output is not None:
        check_apart(output, [case])
    cores = cores or usable_cores()
    rules = load_rules(own_rules)
    with standard_input(case) as stdin:
        if redact:
            with redacted_copy(case, identifiers_of(rules), stdin) as copy:
                diagnosis = analyze(copy, rules, cores=cores)
        else:
            diagnosis = analyze(case, rules, stdin, cores)
    emit(diagnosis, rules, "json" if as_json else format_ or format_of(output), output, lang)
    return diagnosis.verdict.exit_code
