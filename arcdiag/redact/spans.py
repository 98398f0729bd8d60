"""Asks all finders about one line, and puts tokens where they found something."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from arcdiag.redact.finders import FINDERS
from arcdiag.redact.kinds import is_redacted, token_of
from arcdiag.redact.line import Confirm, Line, Span
from arcdiag.redact.values import MAX_VALUE

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick, BytesAhoCorasick

# Bytes that are no UTF-8, which the automaton does not take.
_HALF = re.compile("[\ud800-\udfff]")
_VALUE_END = re.compile(r"[\s\"'<>]")
_GATES: tuple[tuple[bytes, Confirm | None], ...] = tuple(
    (gate.encode(), finder.confirm) for finder in FINDERS for gate in finder.gate or finder.anchors
)
_ANCHORS = tuple((anchor, index) for index, finder in enumerate(FINDERS) for anchor in finder.anchors)


@cache
def _gates() -> BytesAhoCorasick:
    from ahocorasick_rs import BytesAhoCorasick, Implementation

    return BytesAhoCorasick([gate for gate, _ in _GATES], implementation=Implementation.DFA)


@cache
def _anchors() -> AhoCorasick:
    from ahocorasick_rs import AhoCorasick, Implementation

    return AhoCorasick([anchor for anchor, _ in _ANCHORS], implementation=Implementation.DFA)


def candidates(low: bytes) -> list[int]:
    """Beginnings of the lines of `low` (in lower case) in which a finder may find something, in order."""
    starts = []
    behind = 0
    for index, at, _ in _gates().find_matches_as_indexes(low, overlapping=True):
        if at < behind:
            continue
        confirm = _GATES[index][1]
        if confirm is None or confirm(low, at):
            starts.append(low.rfind(b"\n", 0, at) + 1)
            behind = low.find(b"\n", at)
            if behind < 0:
                break
    return starts


def may_hold(low: bytes) -> bool:
    """Whether a finder may find something in one line in lower case."""
    return any(
        (confirm := _GATES[index][1]) is None or confirm(low, at)
        for index, at, _ in _gates().find_matches_as_indexes(low, overlapping=True)
    )


def find_spans(line: Line) -> list[Span]:
    """The secrets of one line, in order, none inside another."""
    found: list[Span] = []
    behind: dict[int, int] = {}
    low = line.low if line.low.isascii() else _HALF.sub("\ue000", line.low)
    for number, at, end in _anchors().find_matches_as_indexes(low, overlapping=True):
        finder = _ANCHORS[number][1]
        if at < behind.get(number, 0):
            continue
        spans = FINDERS[finder].find(line, at)
        if spans:
            found += spans
            behind[number] = max(end, *(span.end for span in spans))
    return _merged(line.text, found) if found else found


def _merged(text: str, found: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        last = merged[-1] if merged else None
        if span.end - span.start >= MAX_VALUE:
            ending = _VALUE_END.search(text, span.end)
            span = Span(span.start, ending.start() if ending else len(text), span.kind, span.context)
        if last and span.start < last.end:
            merged[-1] = Span(last.start, max(last.end, span.end), last.kind, min(last.context, span.context))
        else:
            merged.append(span)
    return [span for span in merged if not is_redacted(text[span.start : span.end])]


def replace_spans(text: str, spans: list[Span]) -> str:
    """`text` with a token in place of each span."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], token_of(span.kind, text[span.start : span.end])]
        at = span.end
    return "".join([*parts, text[at:]])
