"""`arcdiag rules`: what arcdiag knows, and whether a rule folder is sound."""

from __future__ import annotations

from pathlib import Path

import click

OWN = click.option("--rules", "own", type=click.Path(path_type=Path), default=None, help="Your own rules over ours.")


@click.group("rules")
def command() -> None:
    """List and check the rules."""


@command.command("list")
@OWN
@click.option("--kind", type=click.Choice(("causes", "signals", "codes", "steps", "endpoints")), default="causes")
def list_(own: Path | None, kind: str) -> None:
    """List rules: id, layer or state, and what they say."""
    from arcdiag.knowledge.load import load_rules

    rules = load_rules(own)
    tables: dict[str, list[tuple[str, str, str]]] = {
        "causes": [(c.rule.cause, c.rule.layer, c.rule.title) for c in rules.causes.values()],
        "signals": [(s.rule.signal, s.rule.status, s.rule.says) for s in rules.signals.values()],
        "codes": [(c.code, c.family, c.meanings[-1].text) for c in rules.codes.values()],
        "steps": [(s.rule.step, s.rule.impact, s.rule.title) for s in rules.steps.values()],
        "endpoints": [(e.endpoint, e.when, e.purpose) for e in rules.endpoints.values()],
    }
    rows = tables[kind]
    width = max((len(row[0]) for row in rows), default=0)
    for id_, second, text in sorted(rows):
        click.echo(f"{id_:<{width}}  {second:<12}  {text}")


@command.command("check")
@OWN
def check(own: Path | None) -> int:
    """Validate all rules and run every signal's samples against every rule.

    Exit code: 0 sound, 1 a sample fails, 2 a rule file cannot be used (file, line, field, and what is expected).
    """
    from arcdiag.knowledge.load import load_rules
    from arcdiag.logs.samples import sample_failures

    rules = load_rules(own)
    failures = sample_failures(rules)
    for failure in failures:
        click.echo(failure)
    summary = f"{len(rules.signals)} signals, {len(rules.causes)} causes, {len(rules.codes)} codes"
    click.echo(f"{len(failures)} failures in {summary}" if failures else f"sound: {summary}")
    return 1 if failures else 0
