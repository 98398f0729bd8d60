"""Learns names where they stand: one pass over a text finds what shows by its shape or its context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from arcdiag.redact.identifiers.context import HOST, First, Look, Told, compiled
from arcdiag.redact.identifiers.host_contexts import HOST_CONTEXTS
from arcdiag.redact.identifiers.line_looks import LINE_LOOKS
from arcdiag.redact.identifiers.looks import LOOKS
from arcdiag.redact.identifiers.names import Names, rank
from arcdiag.redact.identifiers.people_contexts import PEOPLE_CONTEXTS
from arcdiag.redact.identifiers.person_contexts import PERSON_CONTEXTS
from arcdiag.redact.identifiers.program_contexts import PROGRAM_CONTEXTS
from arcdiag.redact.identifiers.prose_looks import PROSE_LOOKS
from arcdiag.redact.identifiers.search import matches
from arcdiag.redact.identifiers.spans import Span
from arcdiag.redact.identifiers.tables import TABLES
from arcdiag.redact.identifiers.tag_looks import TAG_LOOKS
from arcdiag.redact.identifiers.tokens import IdKind, without_tokens
from arcdiag.redact.identifiers.tool_contexts import TOOL_CONTEXTS
from arcdiag.redact.identifiers.tool_looks import TOOL_LOOKS

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

_OF_PROGRAMS = (*PROGRAM_CONTEXTS, *TOOL_CONTEXTS, *TOOL_LOOKS, *TAG_LOOKS)
_ALL = (*HOST_CONTEXTS, *PEOPLE_CONTEXTS, *PERSON_CONTEXTS, *_OF_PROGRAMS, *LOOKS, *LINE_LOOKS, *PROSE_LOOKS, *TABLES)
_ANCHORS: tuple[tuple[str, Look, First | None], ...] = tuple(
    (anchor, context.look, context.first) for context in _ALL for anchor in context.anchors
)
_LOOKS = tuple(look for _, look, _ in _ANCHORS)
_FIRSTS = tuple(first for _, _, first in _ANCHORS)
_ANY_SIGN = frozenset(range(256))
_SIGNS = tuple(_ANY_SIGN if context.signs is None else context.signs for context in _ALL for _ in context.anchors)
_ELEMENT = re.compile(rb"[.*<]{0,8}(?P<v>[^,;| \t*>/:.<][^,;| \t*>/:]*)[^,;| \t]*")
_LISTS = (IdKind.HOST, IdKind.DOMAIN, IdKind.USER)
_SEEN = 20_000
_MARK = b"\xef\xbb\xbf"
_PROCESS = r"(?=[A-Za-z0-9_./()-]{1,60}(?:\[\d{1,9}\])?:)"
_LINE_STARTS = (
    compiled(rf"\n(?:<\d{{1,3}}>)?[A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d {HOST} {_PROCESS}"),
    compiled(rf"\n<\d{{1,3}}>[A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d {HOST} "),
    compiled(rf"\n\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{{1,9}})?(?:Z|[+-]\d\d:?\d\d) {HOST} {_PROCESS}"),
)


@cache
def _all_anchors() -> BytesAhoCorasick:
    return _machine(tuple(range(len(_ANCHORS))))


def _machine(numbers: tuple[int, ...]) -> BytesAhoCorasick:
    from ahocorasick_rs import BytesAhoCorasick, Implementation

    return BytesAhoCorasick([_ANCHORS[number][0].encode() for number in numbers], implementation=Implementation.DFA)


class Learner:
    """Takes names out of texts; remembers in which contexts there are some that are names only there."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._seen: list[set[bytes]] = [set() for _ in _ANCHORS]
        self._weak: set[int] = set()
        self._weak_machine: tuple[tuple[int, ...], BytesAhoCorasick] | None = None

    def learn(self, text: bytes) -> None:
        """Learn from a text of whole lines, which need not be UTF-8."""
        text = _framed(without_tokens(text))
        signs, firsts, looks, seen_by = _SIGNS, _FIRSTS, _LOOKS, self._seen  # asked a million times
        for number, at, end in matches(_all_anchors(), text.lower()):
            if text[end] not in signs[number]:
                continue
            seen = seen_by[number]
            if (first := firsts[number]) is not None:
                match = first(text, end)
                if match is None or (value := match["v"]) in seen:
                    continue
                seen.add(value)
            for one in looks[number](text, at, end):
                if first or one.value not in seen:
                    self._take(number, one)
        for pattern in _LINE_STARTS:
            for value in set(pattern.findall(text)):
                self._names.add(IdKind.HOST, value.decode("utf-8", "replace"))

    def _take(self, number: int, told: Told) -> None:
        seen = self._seen[number]
        if len(seen) >= _SEEN:
            seen.clear()
        if _FIRSTS[number] is None:
            seen.add(told.value)
        for part, _ in _parts(told):
            value = part.decode("utf-8", "replace")
            known = self._names.add(told.kind, value, told.reach)
            if not known and not told.reach.is_doubtful and self._names.is_name(told.kind, value):
                self._weak.add(number)
                self._weak_machine = None

    def weak(self, text: bytes, low: bytes) -> Iterator[Span]:
        """Names that are some only in their context: too short or too common to be looked for by themselves."""
        if not self._weak:
            return
        if self._weak_machine is None:
            numbers = tuple(sorted(self._weak))
            self._weak_machine = numbers, _machine(numbers)
        numbers, machine = self._weak_machine
        framed = _framed(text)
        found: dict[tuple[int, int], IdKind] = {}
        for index, at, end in matches(machine, framed.lower()):
            for told in _ANCHORS[numbers[index]][1](framed, at, end) if framed[end] in _SIGNS[numbers[index]] else ():
                if not told.reach.is_doubtful:
                    for part, start in _parts(told):
                        if self._names.is_name(told.kind, part.decode("utf-8", "replace")):
                            place = start - 1, _letter_end(text, start - 1 + len(part))
                            found[place] = min(told.kind, found.get(place, told.kind), key=rank)
        for (start, end), kind in found.items():
            yield start, end, kind, None


def _letter_end(text: bytes, end: int) -> int:
    """Where the letter ends in whose bytes `end` stands: a pattern that may match only so much cuts it in two."""
    while end < len(text) and text[end] & 0xC0 == 0x80 <= text[end - 1]:
        end += 1
    return end


def _framed(text: bytes) -> bytes:
    """`text` between line ends, one byte farther on; a mark at its beginning hides no first line."""
    return b"\n%b\n\n" % (b"\n" * len(_MARK) + text[len(_MARK) :] if text.startswith(_MARK) else text)


def _parts(told: Told) -> Iterator[tuple[bytes, int]]:
    """Each name of a list, without dots, stars, ports and masks around it, and where it begins."""
    if told.kind not in _LISTS or b"=" in told.value:
        yield told.value.rstrip(b"."), told.start
        return
    for part in _ELEMENT.finditer(told.value):
        yield part["v"].rstrip(b"."), told.start + part.start("v")
