"""Pages about every cause and code, from the same data as the reports: what `arcdiag rules docs` writes."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.report.explain import CodeText, Explainer
from arcdiag.report.policy import content_policy
from arcdiag.report.templates import environment, style_sheet
from arcdiag.report.words import Words


def pages(rules: RuleSet, words: Words) -> Iterator[tuple[str, str]]:
    """Path and text of each page; links between them are relative, nothing is loaded and no script runs."""
    style, env = style_sheet(), environment()
    common = {
        "t": words.say,
        "lang": words.lang,
        "style": Markup(style),
        "policy": Markup(content_policy(style, None)),
        "rules_version": rules.version,
    }
    explainer = Explainer(rules, words)
    causes = [explainer.cause(id_) for id_ in sorted(rules.causes)]
    layers = {cause.layer: [c for c in causes if c.layer == cause.layer] for cause in causes}
    yield "index.html", env.get_template("docs/index.html.j2").render(layers=list(layers.items()), **common)
    yield "codes.html", env.get_template("docs/codes.html.j2").render(families=_families(rules, explainer), **common)
    template = env.get_template("docs/cause.html.j2")
    for cause in causes:
        yield f"causes/{cause.id}.html", template.render(cause=cause, **common)


def _families(rules: RuleSet, explainer: Explainer) -> list[tuple[str, list[CodeText]]]:
    by_family: dict[str, list[CodeText]] = {}
    for rule in rules.codes.values():
        code = explainer.code(rule, rule.code)
        by_family.setdefault(code.family_title, []).append(code)
    return list(by_family.items())
