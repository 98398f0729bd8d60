"""`arcdiag rules`: what arcdiag knows, its pages and translations; and the commands for authors."""

from __future__ import annotations

from pathlib import Path

import click

from arcdiag.cli.language import lang_option
from arcdiag.cli.own_rules import rules_option
from arcdiag.cli.rule_authors import check, test
from arcdiag.cli.rule_lint import lint
from arcdiag.cli.rule_new import new
from arcdiag.cli.rule_pack import pack
from arcdiag.cli.rule_schema import schema


@click.group("rules")
def command() -> None:
    """List and check the rules, write and pack your own."""


@command.command("list", short_help="List rules: id, layer, what they say.")
@rules_option()
@click.option("--kind", type=click.Choice(("causes", "signals", "codes", "steps", "endpoints")), default="causes",
              show_default=True, help="What to list.")  # fmt: skip
def list_(own_rules: Path | None, kind: str) -> None:
    """List rules: id, layer or state, and what they say."""
    from arcdiag.knowledge.load import load_rules

    rules = load_rules(own_rules)
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


@command.command("docs", short_help="Write pages about causes and codes.")
@rules_option()
@lang_option
@click.option("-o", "--output", "--out", "output", type=click.Path(path_type=Path), required=True, help="A new folder.")
def docs(own_rules: Path | None, lang: str, output: Path) -> None:
    """Write a page about every cause, and one about all codes, to be opened in a browser."""
    from arcdiag.errors import OutputError
    from arcdiag.knowledge.load import load_rules
    from arcdiag.report.site import pages
    from arcdiag.report.words import Words

    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise OutputError(f"{output} is there already and not an empty folder; choose another place with -o.")
    rules = load_rules(own_rules)
    made = list(pages(rules, Words.of(rules, lang)))
    try:
        for name, text in made:
            target = output / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write {output}: {error.strerror}. Choose another place with -o.") from error
    click.echo(f"written: {len(made)} pages; begin with {output / 'index.html'}", err=True)


@command.command("locales", short_help="Check or update the translations.")
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


for _part in (check, new, test, lint, pack, schema):
    command.add_command(_part)
