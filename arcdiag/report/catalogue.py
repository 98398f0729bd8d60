"""Every English text that a report can be made of, by key."""

from __future__ import annotations

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.rule_types import CauseRule


def catalogue(rules: RuleSet) -> dict[str, str]:
    """Key to English text, braces unfilled. Numbers in keys count from 0, in the order of the rule's own list."""
    texts = dict(rules.texts)
    for cause in rules.causes.values():
        texts |= _of_cause(cause.rule)
    for id_, signal in rules.signals.items():
        texts[f"signal.{id_}.says"] = signal.rule.says
    for (family, code), rule in rules.codes.items():
        for index, meaning in enumerate(rule.meanings):
            texts[f"code.{family}.{code}.meaning.{index}"] = meaning.text
        if rule.next:
            texts[f"code.{family}.{code}.next"] = rule.next
    for id_, defect in rules.defects.items():
        texts[f"defect.{id_}.summary"] = defect.summary
    for id_, fact in rules.facts.items():
        texts |= {f"fact.{id_}.{index}": form.say for index, form in enumerate(fact.rule.forms)}
    for id_, step in rules.steps.items():
        texts[f"step.{id_}.title"] = step.rule.title
    return texts


def _of_cause(rule: CauseRule) -> dict[str, str]:
    base = f"cause.{rule.cause}"
    texts = {f"{base}.title": rule.title, f"{base}.summary": rule.summary}
    for index, fix in enumerate(rule.fix):
        texts[f"{base}.fix.{index}"] = fix.do
    for other, difference in rule.look_alikes.items():
        texts[f"{base}.look_alike.{other}"] = difference
    for index, text in enumerate(rule.false_positives):
        texts[f"{base}.false_positive.{index}"] = text
    return texts
