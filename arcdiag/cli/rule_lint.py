"""`arcdiag rules lint`: what an author can do better, each with file, line and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from arcdiag.cli.own_rules import rules_option

if TYPE_CHECKING:
    from arcdiag.knowledge.lint import Finding
    from arcdiag.knowledge.rule_set import RuleSet
    from arcdiag.knowledge.sources import RuleItem

Items = list[tuple["RuleItem", str]]


@click.command("lint", short_help="Say what could be better in rules.")
@rules_option()
def lint(own_rules: Path | None) -> int:
    """Say what could be better in your own rules, or in the built-in ones: style, beyond what must hold.

    Exit code: 0 nothing, 1 there are findings, 2 a rule file cannot be used.
    """
    from arcdiag.knowledge.load import load_rules
    from arcdiag.knowledge.own_rules import read_own
    from arcdiag.knowledge.sources import data_dir

    rules = load_rules(own_rules)
    items = list(read_own(own_rules or data_dir("rules")).items())
    count = 0
    for place, finding in _findings(rules, items):
        click.echo(f"{place}: {finding.id}.{finding.field}: {finding.text} [{finding.rule}]")
        count += 1
    click.echo(f"{count} findings in {len(items)} rules" if count else f"nothing to say of {len(items)} rules")
    return 1 if count else 0


def _findings(rules: RuleSet, items: Items) -> Iterator[tuple[str, Finding]]:
    from arcdiag.knowledge.compile import line_of
    from arcdiag.knowledge.lint import Finding, cause_findings, todo_fields
    from arcdiag.logs.lint import SignalLint
    from arcdiag.report.lint import untranslated_fields

    signals = SignalLint(rules)
    for item, text in items:
        id_ = str(next(iter(item.data.values()), ""))
        found = [Finding("todo", id_, name, "fill it in") for name in todo_fields(item.data)]
        if "signal" in item.data:
            found += signals.findings(rules.signals[item.data["signal"]])
        elif "cause" in item.data and "code" not in item.data:
            found += cause_findings(rules, rules.causes[item.data["cause"]])
        found += untranslated_fields(rules, item.data)
        for finding in found:
            line = line_of(text, item.index, (finding.field.partition("[")[0].partition(".")[0],))
            yield f"{item.file}:{line}", finding
