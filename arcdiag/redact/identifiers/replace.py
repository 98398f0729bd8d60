"""Puts tokens in place of identifiers, in texts and in the bytes of files."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from operator import itemgetter, le
from typing import NamedTuple

from arcdiag.redact.identifiers.addresses import addresses, guids
from arcdiag.redact.identifiers.kept import Kept
from arcdiag.redact.identifiers.learn import Learner
from arcdiag.redact.identifiers.names import Names
from arcdiag.redact.identifiers.spans import Span
from arcdiag.redact.identifiers.tokens import Tokens, glued_lines, tokens_in
from arcdiag.redact.identifiers.wrapped import junctions
from arcdiag.redact.orders import has_orders, is_coloured, without_orders


class _Block(NamedTuple):
    """What is known of a text that was learnt: whether orders to a terminal stand in it, and lines that wrap."""

    ordered: bool
    wrapped: bool


_START, _END = itemgetter(0), itemgetter(1)
_PASSES = 5


class Identifiers:
    """One run of redaction: first `learn` from everything, then `replace` everywhere.

    `globs` are the host names of the endpoint catalogue, `common` the words that no name may take out of a sentence.
    """

    def __init__(
        self, globs: Iterable[str] = (), common: frozenset[str] = frozenset(), key: bytes | None = None
    ) -> None:
        self.tokens = Tokens(key)
        self.replaced: Counter[str] = Counter()
        self._kept = Kept(globs)
        self.names = Names(self._kept, common | self._kept.words())
        self._learner = Learner(self.names)
        self._learnt: dict[tuple[int, int], _Block] = {}

    def learn(self, text: str) -> None:
        """Learn the names of a text of whole lines."""
        self.learn_bytes(_encoded(text))

    def learn_bytes(self, data: bytes) -> bytes:
        """The same for UTF-8 and whatever has ASCII in single bytes; gives it back as it is."""
        self._learn(data)
        return data

    def _learn(self, data: bytes) -> _Block:
        ordered = has_orders(data.lower())
        text = b"".join(map(_uncoloured, data.splitlines(keepends=True))) if ordered else data
        self._learner.learn(text)
        joined = [junction.joined for junction in junctions(text)]
        for lines in joined:
            self._learner.learn(lines)
        block = self._learnt[_print_of(data)] = _Block(ordered, bool(joined))
        return block

    def replace(self, text: str) -> str:
        """`text` with a token in place of each identifier; what is a token already stays."""
        data = _encoded(text)
        replaced = self.replace_bytes(data)
        return text if replaced is data else replaced.decode("utf-8", "surrogatepass")

    def replace_bytes(self, data: bytes) -> bytes:
        """The same for bytes. What was not learnt before, such as a log that grew meanwhile, is learnt first."""
        block = self._learnt.get(_print_of(data)) or self._learn(data)
        if block.ordered:
            data = b"".join(map(self._uncoloured, data.splitlines(keepends=True)))
        for again in range(_PASSES):
            known = len(self.names)
            spans = self._spans(data, block.ordered or block.wrapped or again > 0)
            if not spans:
                break
            data = self._beside_tokens(self._with_tokens(data, spans))
            if len(self.names) == known:
                break  # else a name that began only beside a token may stand elsewhere, too
        return data

    def _beside_tokens(self, data: bytes) -> bytes:
        """What stood right beside a name begins or ends only now."""
        for _ in range(_PASSES):
            places = glued_lines(data)
            lines = b"\n".join(data[start:end] for start, end in places)
            self.learn_bytes(lines)
            spans = self._spans(lines)
            if not spans:
                break
            parts: list[bytes] = []
            at = 0
            for (start, end), line in zip(places, self._with_tokens(lines, spans).split(b"\n"), strict=True):
                parts += data[at:start], line
                at = end
            data = b"".join([*parts, data[at:]])
        return data

    def _with_tokens(self, data: bytes, spans: list[Span]) -> bytes:
        token_of = self.tokens.of_bytes
        parts: list[bytes] = [b""] * (2 * len(spans) + 1)
        begins, ends = [0, *map(_END, spans)], [*map(_START, spans), len(data)]
        parts[::2] = [data[begin:end] for begin, end in zip(begins, ends, strict=True)]
        parts[1::2] = [
            token_of(kind, value or data[start:end]) if value != b"" else b"" for start, end, kind, value in spans
        ]
        for kind, count in Counter([span[2] for span in spans if span[3] != b""]).items():
            self.replaced[kind.value] += count
        return b"".join(parts)

    def _uncoloured(self, line: bytes) -> bytes:
        """A line without orders to a terminal, which stand in the way, if there is something to replace in it."""
        plain = _uncoloured(line)
        return plain if plain != line and self._spans(plain) else line

    def left_in(self, text: str) -> str | None:
        """The kind of the first learnt name that still stands in `text`; None without one."""
        return self.left_in_bytes(_encoded(text))

    def left_in_bytes(self, data: bytes) -> str | None:
        """The same for bytes."""
        tokens = tokens_in(data)
        for start, end, kind, _ in self.names.find(data, data.lower()):
            if not any(begin < end and start < stop for begin, stop in tokens):
                return kind.value
        return None

    def _spans(self, text: bytes, wrapped: bool = True) -> list[Span]:
        """Identifiers in order, none inside another or inside a token; not `wrapped`: no console broke its lines."""
        found = self._found(text)
        for junction in junctions(text) if wrapped else ():
            found += junction.across(_chosen(junction.joined, self._found(junction.joined)))
        return _chosen(text, found)

    def _found(self, text: bytes) -> list[Span]:
        low = text.lower()
        # In this order: of two that cover the same text the first one named wins.
        found = guids(text, self.names.kind_of_id)
        found += addresses(text)
        found += self.names.find(text, low)
        found += self._learner.weak(text, low)
        return found


def _chosen(text: bytes, found: Iterable[Span]) -> list[Span]:
    """What is replaced in `text`: of two that overlap the first and longer one, and what the other has behind it."""
    tokens = tokens_in(text)
    ordered = sorted(found, key=_START)
    if not tokens and all(map(le, map(_END, ordered), map(_START, islice(ordered, 1, None)))):
        return ordered
    chosen: list[Span] = []
    behind, token = 0, 0
    for span in ordered:
        start, end, kind, value = span
        if end <= behind:
            continue
        while token < len(tokens) and tokens[token][1] <= start:
            token += 1
        if token < len(tokens) and tokens[token][0] < end:
            continue
        if start < behind and start == chosen[-1][0]:
            chosen.pop()
        elif start < behind:
            span = behind, end, kind, text[start:end] if value is None else value
        chosen.append(span)
        behind = end
    return chosen


def _print_of(data: bytes) -> tuple[int, int]:
    return len(data), zlib.crc32(data)


def _uncoloured(line: bytes) -> bytes:
    return without_orders(line) if is_coloured(line.lower()) else line


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
