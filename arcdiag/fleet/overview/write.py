"""Tables in, page out."""

from __future__ import annotations

from pathlib import Path

from arcdiag.fleet.overview.build import overview
from arcdiag.fleet.overview.page import render_overview
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.report.words import Words

PAGE = "fleet.html"


def overview_page(folder: Path, rules: RuleSet, lang: str, output: Path) -> str:
    """The page of a folder's tables in one of LANGUAGES. Raises InputError if there are none."""
    return render_overview(overview(folder, rules), Words.of(rules, lang), folder, output)
