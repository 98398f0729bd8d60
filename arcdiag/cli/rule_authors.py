"""`arcdiag rules new / test / lint / pack / schema`: for those who write rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from arcdiag.cli.own_rules import rules_option

if TYPE_CHECKING:
    from arcdiag.knowledge.rule_set import RuleSet


@click.command("check", short_help="Check all rules and run their samples.")
@rules_option()
def check(own_rules: Path | None) -> int:
    """Validate all rules and run every signal's samples against every rule.

    Exit code: 0 sound, 1 a sample fails, 2 a rule file cannot be used (file, line, field, and what is expected).
    """
    from arcdiag.knowledge.load import load_rules

    return tested(load_rules(own_rules, fresh=True), only=None)


@click.command("test", short_help="Run the samples of your own rules.")
@rules_option(required=True)
def test(own_rules: Path) -> int:
    """Run the samples of your own rules against every rule, and every sample against your own rules.

    Exit code: 0 sound, 1 a sample fails, 2 a rule file cannot be used (file, line, field, and what is expected).
    """
    from arcdiag.knowledge.load import load_rules

    rules = load_rules(own_rules)
    return tested(rules, only=own_signals(rules))


def own_signals(rules: RuleSet) -> set[str]:
    """The ids of the signals that are not as they ship."""
    from arcdiag.knowledge.load import load_rules

    shipped = load_rules()
    return {id_ for id_, rule in rules.signals.items() if rule != shipped.signals.get(id_)}


def tested(rules: RuleSet, only: set[str] | None) -> int:
    """Print the failures of samples, those of the signals `only` or all, and a summary; the exit code."""
    from arcdiag.logs.samples import sample_failures

    failures = [f for f in sample_failures(rules) if only is None or any(id_ in f for id_ in only)]
    for failure in failures:
        click.echo(failure)
    own = "" if only is None else f", {len(only)} signals of your own"
    summary = f"{len(rules.signals)} signals, {len(rules.causes)} causes, {len(rules.codes)} codes{own}"
    click.echo(f"{len(failures)} failures in {summary}" if failures else f"sound: {summary}")
    return 1 if failures else 0
