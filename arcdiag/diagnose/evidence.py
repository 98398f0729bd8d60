"""Occurrences and facts as the evidence that a report quotes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from arcdiag.diagnose.candidate import Candidate
from arcdiag.diagnose.clock import Clock
from arcdiag.diagnose.history import Occurrence
from arcdiag.diagnose.wording import worded
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.logs.times import parse_time
from arcdiag.model.diagnosis import Evidence, EvidenceKind
from arcdiag.model.fact import Fact, FactStatus

PIECES = 24
QUOTE_CHARS = 1500
_UNSHOWN = frozenset({"body", "chain", "attempts", "raw", "names"})
_PROBES = ("probe.", "check.endpoint", "clock.")


def pieces(candidate: Candidate, clock: Clock, rules: RuleSet) -> tuple[Evidence, ...]:
    """The evidence of a cause: deciding lines first, newest attempt first, then facts; at most PIECES."""
    ordered = sorted(
        candidate.occurrences,
        key=lambda o: (not o.strong, -o.group.rank, o.group.signal.startswith("code."), o.source, o.group.line),
    )
    seen = [of_fact(f, rules) for f in (*candidate.facts, *candidate.context)]
    return tuple([*(of_occurrence(o, clock) for o in ordered), *seen][:PIECES])


def of_occurrence(occurrence: Occurrence, clock: Clock) -> Evidence:
    """A group of equal lines as one piece; it quotes the surest one."""
    group = occurrence.group
    sample = group.samples[0]
    text, span = quoted(sample.text, sample.span)
    return Evidence(
        kind=EvidenceKind.LOG,
        signal=group.signal,
        source=sample.source,
        line=sample.line,
        span=span,
        time=clock.utc(sample.time) if sample.time else None,
        text=text,
        before=sample.around.before,
        after=sample.around.after,
        count=group.count,
        first=clock.utc(group.first) if group.first else None,
        last=clock.utc(group.last) if group.last else None,
    )


def quoted(text: str, span: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    """A long text cut to QUOTE_CHARS around its match, with `…` where something is missing; the span moves along."""
    if len(text) <= QUOTE_CHARS:
        return text, span
    start = max(0, min(span[0] - QUOTE_CHARS // 3, len(text) - QUOTE_CHARS))
    head = "…" if start else ""
    cut = text[start : start + QUOTE_CHARS]
    tail = "…" if start + QUOTE_CHARS < len(text) else ""
    shift = len(head) - start
    return head + cut + tail, (span[0] + shift, min(span[1], start + QUOTE_CHARS) + shift)


def of_fact(fact: Fact, rules: RuleSet) -> Evidence:
    """A fact as one piece."""
    probe = fact.fact.startswith(_PROBES)
    time = parse_time(fact.at) if fact.at else None
    return Evidence(
        kind=EvidenceKind.PROBE if probe else EvidenceKind.CHECK,
        signal=fact.fact,
        source=fact.raw or fact.by or "facts.jsonl",
        line=None,
        span=(0, 0),
        time=time,
        text=fact_text(fact),
        first=time,
        last=time,
        says=worded(rules, fact),
    )


def fact_name(fact: Fact) -> str:
    """The fact's id, and what it is about unless that is the machine itself: `service.state himds`."""
    return f"{fact.fact} {fact.subject.id}" if fact.subject and fact.subject.id else fact.fact


def fact_text(fact: Fact) -> str:
    """One line: the fact's name and its values, or why there are none."""
    name = fact_name(fact)
    if fact.status is not FactStatus.OK:
        return f"{name}: {fact.status.value}" + (f" ({fact.reason})" if fact.reason else "")
    return f"{name}: {value_text(fact.value)}"


def value_text(value: Mapping[str, Any]) -> str:
    """`key=value, …`, the result first; what says nothing is left out, and so are lists of details."""
    words = []
    for key in sorted(value, key=lambda k: k != "result"):
        item = value[key]
        if item is None or item in ("", [], {}) or key in _UNSHOWN or _is_detail(item):
            continue
        words.append(f"{key}={item if isinstance(item, str) else json.dumps(item, ensure_ascii=False, sort_keys=True)}")
    text = ", ".join(words)
    return text if len(text) <= 600 else text[:600] + "…"


def _is_detail(item: Any) -> bool:
    return isinstance(item, list) and any(isinstance(member, dict) for member in item)
