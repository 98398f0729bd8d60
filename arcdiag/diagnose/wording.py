"""Facts in words: the form of the rules that fits, with the fact's own values in its braces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from arcdiag.diagnose.truth import fact_holds
from arcdiag.knowledge.entry import accepts
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.fact import Fact
from arcdiag.model.message import Msg

_BRACE = re.compile(r"\{([a-z_0-9]+)\}")
_LISTED = 6
_LONGEST = 300


def worded(rules: RuleSet, fact: Fact) -> Msg | None:
    """What a fact says; None where the rules have no form for it."""
    compiled = rules.facts.get(fact.fact)
    if compiled is None:
        return None
    values = _values(fact)
    for index, (form, entry) in enumerate(zip(compiled.rule.forms, compiled.forms, strict=True)):
        names = _BRACE.findall(form.say)
        path = dict(entry.where).get("path")
        if path is not None and not accepts(path, fact.path.value):
            continue
        if (not form.when or fact_holds(entry, fact)) and all(values.get(name) for name in names):
            return Msg.of(f"fact.{fact.fact}.{index}", **{name: values[name] for name in names})
    return None


def _values(fact: Fact) -> Mapping[str, str]:
    about = {"subject": fact.subject.id if fact.subject else "", "reason": fact.reason or ""}
    return {name: _plain(value) for name, value in {**about, **fact.value}.items()}


def _plain(value: Any) -> str:
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, list | tuple):
        shown = [text for item in value[:_LISTED] if (text := _plain(item))]
        return ", ".join(shown) + (", ..." if len(value) > _LISTED else "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)[:_LONGEST]
