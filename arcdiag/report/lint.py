"""Texts of stable rules that a language of the reports does not have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arcdiag.knowledge.lint import Finding
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.report.catalogue import catalogue
from arcdiag.report.language import ENGLISH, LANGUAGES, translation

_TODO = "add it to rules/locales with `arcdiag rules locales --update`, or let the rule be experimental"


def untranslated_fields(rules: RuleSet, data: Mapping[str, Any]) -> list[Finding]:
    """A finding for each language that lacks a text of this rule (a stable signal or cause, as plain data)."""
    kind = "signal" if "signal" in data else "cause" if "cause" in data and "code" not in data else None
    if kind is None or data.get("status") != "stable":
        return []
    base = f"{kind}.{data[kind]}."
    texts = {key: text for key, text in catalogue(rules).items() if key.startswith(base)}
    found = []
    for lang in (lang for lang in LANGUAGES if lang != ENGLISH):
        translate = translation(lang)
        lacking = [key.removeprefix(base) for key, text in texts.items() if translate(key, text) == text]
        if lacking:
            field = lacking[0].partition(".")[0]
            known = f"{len(lacking)} of its {len(texts)} texts have no translation into {lang}"
            found.append(Finding("untranslated", str(data[kind]), field, f"{known}: {_TODO}"))
    return found
