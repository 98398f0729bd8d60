"""`arcdiag rules`: what arcdiag knows, and whether a rule folder is sound."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from arcdiag.cli.language import lang_option

if TYPE_CHECKING:
    from arcdiag.knowledge.rule_set import RuleSet

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

    return _tested(load_rules(own), only=None)


@command.command("test")
@click.option("--rules", "own", type=click.Path(path_type=Path), required=True, help="The folder of your rules.")
def test(own: Path) -> int:
    """Run the samples of your own rules against every rule, and every sample against your own rules."""
    from arcdiag.knowledge.load import load_rules

    shipped, both = load_rules(), load_rules(own)
    mine = {id_ for id_, rule in both.signals.items() if rule != shipped.signals.get(id_)}
    return _tested(both, only=mine)


def _tested(rules: RuleSet, only: set[str] | None) -> int:
    from arcdiag.logs.samples import sample_failures

    failures = [f for f in sample_failures(rules) if only is None or any(id_ in f for id_ in only)]
    for failure in failures:
        click.echo(failure)
    own = "" if only is None else f", {len(only)} signals of your own"
    summary = f"{len(rules.signals)} signals, {len(rules.causes)} causes, {len(rules.codes)} codes{own}"
    click.echo(f"{len(failures)} failures in {summary}" if failures else f"sound: {summary}")
    return 1 if failures else 0


@command.command("new")
@click.argument("kind", type=click.Choice(("signal", "cause")))
@click.argument("id_", metavar="ID")
@click.option("-o", "--output", "--out", "output", type=click.Path(path_type=Path), default=None, help="Write to FILE.")
def new(kind: str, id_: str, output: Path | None) -> None:
    """Write a skeleton of a signal or a cause, with a comment on every field."""
    from arcdiag.cli.output import write_whole
    from arcdiag.errors import InputError, OutputError
    from arcdiag.knowledge.sources import data_dir

    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,79}", id_):
        raise InputError(f"{id_!r} is no id: small letters, digits, dots and hyphens, at most 80")
    text = (data_dir("templates") / f"rule-{kind}.yaml").read_text(encoding="utf-8").replace("@ID@", id_)
    if output is None:
        click.echo(text, nl=False)
    elif output.exists():
        raise OutputError(f"{output} exists already; choose another file")
    else:
        write_whole(output, text.encode())
        click.echo(f"written: {output}", err=True)


@command.command("docs")
@OWN
@lang_option
@click.option("-o", "--output", "--out", "output", type=click.Path(path_type=Path), required=True, help="A new folder.")
def docs(own: Path | None, lang: str, output: Path) -> None:
    """Write a page about every cause, and one about all codes, to be opened in a browser."""
    from arcdiag.errors import OutputError
    from arcdiag.knowledge.load import load_rules
    from arcdiag.report.site import pages
    from arcdiag.report.words import Words

    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise OutputError(f"{output} is there already and not an empty folder; choose another place with -o.")
    rules = load_rules(own)
    made = list(pages(rules, Words.of(rules, lang)))
    try:
        for name, text in made:
            target = output / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write {output}: {error.strerror}. Choose another place with -o.") from error
    click.echo(f"written: {len(made)} pages; begin with {output / 'index.html'}", err=True)


@command.command("locales")
@click.option("--update", is_flag=True, help="Bring the catalogues up to date with the rules' texts.")
def locales(update: bool) -> int:
    """Check the translations in rules/locales, or bring them up to date. For a checkout; needs Babel.

    Exit code: 0 complete, 1 something is not translated or lost a placeholder.
    """
    from arcdiag.knowledge.load import load_rules
    from arcdiag.report import locales as catalogues
    from arcdiag.report.language import ENGLISH, LANGUAGES, po_file

    rules, faults = load_rules(), 0
    for lang in (lang for lang in LANGUAGES if lang != ENGLISH):
        catalog = catalogues.read_catalogue(po_file(lang), lang)
        if update:
            catalog = catalogues.updated(rules, catalog, lang)
            catalogues.write_catalogue(po_file(lang), catalog)
        for problem in catalogues.problems(catalogues.texts_by_key(rules), catalog, lang):
            click.echo(problem)
            faults += 1
        done = sum(1 for message in catalog if message.id and message.string)
        click.echo(f"{lang}: {done} of {len(catalog)} texts translated", err=True)
    return 1 if faults else 0
