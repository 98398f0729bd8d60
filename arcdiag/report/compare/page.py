"""A comparison as one HTML page that loads nothing and runs nothing."""

from __future__ import annotations

from markupsafe import Markup

from arcdiag.report.clean_text import clean_text
from arcdiag.report.compare.text import side_text
from arcdiag.report.compare.wire import ComparisonDoc
from arcdiag.report.policy import content_policy
from arcdiag.report.templates import environment, style_sheet
from arcdiag.report.visible import visible
from arcdiag.report.words import Words, plain

MOST = 200
_LONGEST = 600


def render_page(doc: ComparisonDoc, words: Words) -> str:
    """The whole page; every value of a report is scrubbed, made visible and escaped."""
    style, env = style_sheet(), environment()
    kinds = ("endpoint", "check", "fact")
    groups = [(kind, items) for kind in kinds if (items := [i for i in doc.items if i.kind == kind])]
    return env.get_template("compare/page.html.j2").render(
        doc=doc,
        groups=groups,
        most=MOST,
        t=words.say,
        count=words.count,
        lang=words.lang,
        side=lambda one: side_text(one, words),
        title=lambda id_: plain(words.title("cause", id_)),
        shown=_shown,
        style=Markup(style),
        policy=Markup(content_policy(style, None)),
    )


def _shown(text: str) -> str:
    cleaned = visible(clean_text(text[:_LONGEST]))
    return cleaned if len(text) <= _LONGEST else cleaned + " [...]"
