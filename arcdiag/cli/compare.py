"""`arcdiag compare`: an earlier and a later report or case of one machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arcdiag.cli.language import lang_option
from arcdiag.cli.output import deliver, format_of, output_option, text_width, to_terminal, wants_colour
from arcdiag.cli.own_rules import rules_option

if TYPE_CHECKING:
    from arcdiag.knowledge.rule_set import RuleSet
    from arcdiag.report.compare.wire import ComparisonDoc
    from arcdiag.report.wire import ReportDoc
    from arcdiag.report.words import Words

FORMATS = ("text", "json", "html")


class _Side(click.Path):
    """A report or a case; an empty text, as a script makes it of a variable that is not set, is none."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As of a path. Fails for an empty text, which would mean the current folder."""
        if not value:
            self.fail("it is empty; name a report or a case", param, ctx)
        return super().convert(value, param, ctx)


@click.command("compare")
@click.argument("before", type=_Side(path_type=Path))
@click.argument("after", type=_Side(path_type=Path))
@click.option("--format", "format_", type=click.Choice(FORMATS), default=None, help="What to print (default: text).")
@output_option()
@rules_option()
@lang_option
def command(
    before: Path, after: Path, format_: str | None, output: Path | None, own_rules: Path | None, lang: str
) -> int:
    """What changed between BEFORE and AFTER: JSON reports, bundles, folders or logs.

    A JSON report is taken as it was written; anything else is analysed now. Exit code: 0 nothing got worse, 1 something
    did (a new cause, a check or endpoint that fails now, or one that passed and is no longer evaluated).
    """
    from arcdiag.case.place import check_apart
    from arcdiag.knowledge.load import load_rules
    from arcdiag.report.compare.run import compare
    from arcdiag.report.words import Words

    if output is not None:
        check_apart(output, [before, after])
    rules = load_rules(own_rules)
    made = compare(_side(before, rules), _side(after, rules))
    deliver(_rendered(made, Words.of(rules, lang), format_ or format_of(output), to_terminal(output)), output)
    return 1 if made.worse else 0


def _side(path: Path, rules: RuleSet) -> ReportDoc:
    from arcdiag.pipeline import analyze
    from arcdiag.report.compare.load import read_report
    from arcdiag.report.document import document

    return read_report(path) or document(analyze(path, rules), rules)


def _rendered(made: ComparisonDoc, words: Words, format_: str, terminal: bool) -> str:
    if format_ == "json":
        import msgspec

        from arcdiag.report.document import written

        return written(msgspec.json.encode(made))
    if format_ == "html":
        from arcdiag.report.compare.page import render_page

        return render_page(made, words)
    from arcdiag.report.compare.text import render_comparison

    return render_comparison(made, words, text_width(terminal), wants_colour(terminal))
