"""The HTML report: one file that loads nothing, runs nothing but its own few lines, and works without them."""

from __future__ import annotations

from functools import partial
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.sources import data_dir
from arcdiag.model.diagnosis import Diagnosis, FactSeen, LayerSeen
from arcdiag.model.fact import FactStatus
from arcdiag.report import view
from arcdiag.report.chart import chart
from arcdiag.report.clean import clean
from arcdiag.report.commands import expected, shells
from arcdiag.report.language import ENGLISH
from arcdiag.report.page import STAGES, Page
from arcdiag.report.policy import content_policy
from arcdiag.report.templates import environment, style_sheet
from arcdiag.report.waterfall import waterfalls
from arcdiag.report.words import Words

MAX_BYTES = 2_000_000


def render_html(diagnosis: Diagnosis, rules: RuleSet, lang: str = ENGLISH) -> str:
    """One HTML document of less than 2 MB in one of LANGUAGES; what is left out of it is said in it."""
    d, words = clean(diagnosis), Words.of(rules, lang)
    html = ""
    for limits in STAGES:
        html = _render(Page(d, words, limits))
        if len(html.encode()) < MAX_BYTES:
            break
    return html


def _render(page: Page) -> str:
    env = _environment(page)
    style = style_sheet()
    script = (data_dir("templates") / "report.js").read_text(encoding="utf-8")
    policy = content_policy(style, script)
    template = env.get_template("report.html.j2")
    return template.render(policy=Markup(policy), style=Markup(style), script=Markup(script), **_context(page))


def _environment(page: Page) -> Environment:
    def shown(value: Any) -> Any:
        # Plain text from the evidence; what is markup already went through `Page`.
        return page.shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    return environment(finalize=shown)


def _context(page: Page) -> dict[str, Any]:
    d, words = page.d, page.words
    return {
        "page": page,
        "d": d,
        "lang": words.lang,
        "t": page.say,
        "count": words.count,
        "reason": words.reason,
        "layer_says": partial(_layer_says, page),
        "fact_says": partial(_fact_says, page),
        "title": lambda kind, id_: page.parts(words.title(kind, id_)),
        "when": partial(view.when, words=words),
        "place": lambda evidence: page.parts(view.place(evidence, words)),
        "seen": partial(view.seen, words=words),
        "explained_title": lambda id_: page.parts(view.explained_title(id_, d, words)),
        "now_key": view.now_key(d),
        "headline": view.headline(d, words),
        "lead": view.lead(d),
        "answer": lambda cause: page.parts(view.answer(cause, words)),
        "life": page.parts(view.sign_of_life(d, words)),
        "reasons": partial(view.reasons, words=words),
        "proofs": view.proofs,
        "others": view.others(d),
        "refuted": view.refuted,
        "look_alikes": view.look_alikes,
        "who_mends": lambda cause: view.who_mends(cause, d.case.os, words),
        "fixes": lambda cause: view.fixes(cause, d.case.os),
        "expected": partial(expected, words=words),
        "shells": partial(shells, words=words),
        "warnings": view.warnings(d),
        "reachable": view.reachable,
        "reachable_count": sum(view.reachable(endpoint) for endpoint in d.endpoints),
        "network_lines": list(view.network_lines(d, words)),
        "chart": chart(d.attempts, d.timeline),
        "waterfalls": waterfalls(d.endpoints),
    }


def _layer_says(page: Page, layer: LayerSeen) -> str:
    """What a layer answered; why it was not tested is plain text, not a value."""
    if layer.says is None and layer.status == "not_evaluated":
        return page.shown(page.words.reason(layer.detail))
    return page.parts(view.layer_says(layer, page.words))


def _fact_says(page: Page, fact: FactSeen) -> str:
    """What a fact says; why there is none is plain text, not a value."""
    if fact.says is None and fact.status != FactStatus.OK:
        return page.shown(page.words.reason(fact.value))
    return page.parts(view.fact_says(fact, page.words))
