"""The last door: every string of a diagnosis is scrubbed of secrets before any renderer sees it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, cast

from arcdiag.model.diagnosis import Diagnosis, Evidence
from arcdiag.model.message import Msg
from arcdiag.report.clean_text import clean_text


def clean(diagnosis: Diagnosis) -> Diagnosis:
    """The same diagnosis with every string scrubbed; the raw facts, which nothing renders, are left out."""
    return cast(Diagnosis, _cleaned(replace(diagnosis, case=replace(diagnosis.case, facts=()))))


def clean_evidence(evidence: Evidence) -> Evidence:
    """The same evidence with every string scrubbed."""
    return cast(Evidence, _cleaned(evidence))


def _cleaned(value: Any) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, tuple):
        return tuple(_cleaned(item) for item in value)
    if isinstance(value, Msg):
        return Msg(value.key, _cleaned(value.args))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: _cleaned(getattr(value, field.name)) for field in fields(value)}
        if isinstance(value, Evidence):
            changed["span"] = moved_span(value.text, changed["text"], value.span)
        return replace(value, **changed)
    return value


def moved_span(old: str, new: str, span: tuple[int, int]) -> tuple[int, int]:
    """Where `span` of `old` lies in `new`, of which parts were replaced; what was replaced is taken in whole."""
    start, end = (min(max(offset, 0), len(old)) for offset in span)
    if old == new or end <= start:
        return (start, max(start, end))
    head = _common(old, new)
    tail = min(_common(old[::-1], new[::-1]), len(old) - head, len(new) - head)
    shift = len(new) - len(old)
    if not (end <= head or start >= len(old) - tail):
        again = new.find(old[start:end], max(0, start + min(shift, 0)))
        if again >= 0:
            return (again, again + end - start)
    first = start if start <= head else (start + shift if start >= len(old) - tail else head)
    last = end if end <= head else (end + shift if end >= len(old) - tail else len(new) - tail)
    return (first, max(first, last))


def _common(one: str, other: str) -> int:
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return index
    return min(len(one), len(other))
