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

_BRACE = re.compile(r"\{([A-Za-z_0-9]+)\}")
_LISTED = 6
_LONGEST = 300


def worded(rules: RuleSet, fact: Fact) -> Msg | None:
    """What a fact says; None where the rules have no form for it."""
    compiled = rules.facts.get(fact.fact)
    if compiled is None:
        return None
    values = _values(fact)
    for index, (form, entry) in enumerate(zip(compiled.rule.forms, compiled.forms, strict=True)):
        names = braces(form.say)
        where = dict(entry.where)
        chosen = (("path", fact.path.value), ("subject", values["subject"]))
        if any(key in where and not accepts(where[key], value) for key, value in chosen):
            continue
        if (not form.when or fact_holds(entry, fact)) and all(values.get(name) for name in names):
            return Msg.of(f"fact.{fact.fact}.{index}", **{name: values[name] for name in names})
    return None


def braces(say: str) -> list[str]:
    """The values that a sentence needs."""
    return _BRACE.findall(say)


def _values(fact: Fact) -> Mapping[str, str]:
    about = {"subject": fact.subject.id if fact.subject else "", "reason": fact.reason or ""}
    return {name: _plain(value) for name, value in {**about, **fact.value}.items()}


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return _plain([f"{name}={_plain(inner)}" for name, inner in sorted(value.items())])
    if isinstance(value, list | tuple):
        shown = [text for item in value[:_LISTED] if (text := _plain(item))]
        return ", ".join(shown) + (", ..." if len(value) > _LISTED else "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)[:_LONGEST]
