"""The diagnosis and the report that lie inside a bundle, made from the bundle itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from arcdiag.case.bundle import DIAGNOSIS, REPORT

if TYPE_CHECKING:
    from arcdiag.knowledge.rule_set import RuleSet
    from arcdiag.model.diagnosis import Diagnosis


class BundleReports:
    """Diagnoses a bundle that is being written, as `analyze` would; `diagnosis` and `page` are kept for printing.

    `name` is asked when the bundle is complete: only then all names are known that may stand in it.
    """

    def __init__(self, rules: Callable[[], RuleSet], name: Callable[[], str], lang: str) -> None:
        self._rules, self._name, self._lang = rules, name, lang
        self.diagnosis: Diagnosis | None = None
        self.page = ""

    def __call__(self, bundle: Path) -> Iterator[tuple[str, str, str]]:
        """Name, kind and text of the two members. Raises InputError."""
        from arcdiag.pipeline import analyze
        from arcdiag.report.document import render_json
        from arcdiag.report.html import render_html

        rules = self._rules()
        made = analyze(bundle, rules)
        self.diagnosis = replace(made, case=replace(made.case, name=self._name()))
        self.page = render_html(self.diagnosis, rules, self._lang)
        yield DIAGNOSIS, "diagnosis", render_json(self.diagnosis, rules)
        yield REPORT, "report", self.page
