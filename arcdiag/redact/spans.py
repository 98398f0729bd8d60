"""Asks all finders about one line, and puts tokens where they found something."""

from __future__ import annotations

import re

from arcdiag.redact.finders import FINDERS
from arcdiag.redact.kinds import is_redacted, token_of
from arcdiag.redact.line import Line, Span
from arcdiag.redact.values import MAX_VALUE

_VALUE_END = re.compile(r"[\s\"'<>]")


def find_spans(line: Line) -> list[Span]:
    """The secrets of one line, in order, none inside another."""
    found: list[Span] = []
    for finder in FINDERS:
        for anchor in finder.anchors:
            at = line.low.find(anchor)
            while at >= 0:
                spans = finder.find(line, at)
                found += spans
                at = line.low.find(anchor, max([at + len(anchor), *(span.end for span in spans)]))
    return _merged(line.text, found)


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
