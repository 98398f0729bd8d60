"""The strings by which the scanner finds where a pattern can match at all: the rarest ones that it cannot do without.

A pattern is written out into all texts that a part of it can be (`{no such|unknown} host` into two), as long as those
are few; of each the best piece without quotes and captures is taken. Long ones in several forms beat one short word:
`error 1058` and `startservice failed 1058` stand in no healthy log, `1058` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from typing import Any

from arcdiag.knowledge.nodes import Alternatives, Capture, Gap, Literal, Node

MIN_ANCHOR = 4
MOST_FORMS = 200
"""So many anchors one pattern has at most."""
_FORM_COST = 0.004
_ENOUGH = 26
_BREAK = "\0"
# Signs that quoting by Go, JSON or HTML leaves as they are; and stand-ins for quotes that are told apart.
_OTHER = re.compile(r"[^a-z0-9_/.:\- (),;=\[\]%&#`\1-\x08]+")
_HIDDEN = str.maketrans("\"'\\“”‘’", "\1\2\3\4\5\6\7")
_SHOWN = str.maketrans("\1\2\3\4\5\6\7\x0e", "\"'\\“”‘’ ")
_APOSTROPHES = ("\2", "\6", "\7", "`", "&apos;", "&#39;", "u0027")
_DIGITS = tuple(f"{sign}\0" for sign in "0123456789-«")
_NUMBERS = frozenset({"number", "port"})
_MAY_BE_BLANK = frozenset({"text", "path", "time"})
# No blank begins there, so that one before it is surely followed by something; and such a blank.
_SOLID, _HARD = "\x08", "\x0e"
# In a pattern a quote is any of these, behind backslashes or not, or none.
_QUOTES = ("", *(f"{sign}\0" for sign in ("\1", "\2", "\3", "\4", "\5", "\6", "\7", "`", "&")))
_WORD = re.compile(r"[a-z0-9]+")
_SIGN = re.compile(r"[^a-z0-9 /:.,_]")
# Words that a healthy log is full of.
_COMMON_TEXT = """
the a an is are was to of in on for from with by not and or be at this that http https tcp com net azure arc windows
microsoft agent azcmagent himds extension extensions machine server service status code error errors failed unable get
post put info debug level msg time version file config configuration resource request response endpoint gas connection
connect connected proxy host name id token update install installed user policy port group system login enable disable
package download cloud location region tenant path body content value key subscription guest state subscriptions
hybridcompute machines management providers settings seconds minutes available communicate imds his guestconfiguration
localhost 127 169 254 40342 monitor timer refresh assignments heartbeat linux
"""
_COMMON = frozenset(_COMMON_TEXT.split())


def anchors_of(nodes: Sequence[Node]) -> tuple[str, ...]:
    """One of these (lower case, single blanks) stands in every text that matches `nodes`; empty if none is usable."""
    return max((_best(nodes, spelled) for spelled in (True, False)), key=_worth)


def _best(nodes: Sequence[Node], spelled: bool) -> tuple[str, ...]:
    best: tuple[str, ...] = ()
    best_worth = 0.0
    for segment in _segments(nodes):
        for start in range(len(segment)):
            forms: set[str] = {""}
            for node in segment[start:]:
                forms = {form + more for form in forms for more in _forms(node, spelled)}
                if len(forms) > MOST_FORMS:
                    break
                found = tuple(sorted(_pieces(forms)))
                worth = _worth(found)
                if worth > best_worth:
                    best, best_worth = found, worth
    return best


def anchors_of_regex(source: str, named: str) -> tuple[str, ...]:
    """The same for a regular expression whose author named one; that one stays if nothing better is found."""
    # The engine's own parser: any other reading of the text would be another language.
    from re import _parser  # type: ignore[attr-defined]

    found = anchors_of(_merged(_nodes(_parser.parse(source))))
    return found if _worth(found) > _worth((named,)) else (named,)


def _segments(nodes: Sequence[Node]) -> Iterator[list[Node]]:
    segment: list[Node] = []
    for node in nodes:
        if isinstance(node, Capture) and node.type not in _MAY_BE_BLANK:
            # What it begins with still belongs to what stands before it.
            yield [*segment, node]
            segment = []
        elif isinstance(node, (Capture, Gap)):
            yield segment
            segment = []
        else:
            segment.append(node)
    yield segment


def _forms(node: Node, spelled: bool) -> Set[str]:
    """All texts that a node can be, in lower case; one break for what is not known or too much."""
    match node:
        case Literal(text):
            return _literal_forms(text, spelled)
        case Capture(_, kind) if kind in _NUMBERS:
            return set(_DIGITS)
        case Capture(_, kind) if kind not in _MAY_BE_BLANK:
            return {_SOLID}
        case Alternatives(options):
            found = {form for option in options for form in _sequence(option, spelled)}
            return found if len(found) <= MOST_FORMS else {_BREAK}
        case _:
            return {_BREAK}


@lru_cache(maxsize=1 << 10)
def _literal_forms(text: str, spelled: bool) -> frozenset[str]:
    """A literal with each of the quotes that may stand for one; where that is too much, quotes break it."""
    forms = {""}
    for piece in re.split(r"(['\"])", text.lower()):
        signs: tuple[str, ...] = (_OTHER.sub(_BREAK, re.sub(r"\s+", " ", piece)),)
        if piece in ("'", '"'):
            signs = (_BREAK,) if not spelled else _APOSTROPHES if piece == "'" else _QUOTES
        forms = {form + sign for form in forms for sign in signs}
        if len(forms) > MOST_FORMS:
            return frozenset({_BREAK})
    return frozenset(forms)


def _sequence(nodes: Sequence[Node], spelled: bool) -> set[str]:
    forms = {""}
    for node in nodes:
        forms = {form + more for form in forms for more in _forms(node, spelled)}
        if len(forms) > MOST_FORMS:
            return {_BREAK}
    return forms


def _pieces(forms: set[str]) -> set[str]:
    """The best piece of each form, without those that hold another one."""
    split = (form.replace(f" {_SOLID}", _HARD + _BREAK).replace(_SOLID, _BREAK).split(_BREAK) for form in forms)
    chosen = {max((" ".join(piece.split()) for piece in pieces), key=_rarity) for pieces in split}
    kept: list[str] = []
    for size in sorted(set(map(len, chosen))):
        alike = [piece for piece in chosen if len(piece) == size]
        kept += [piece for piece in alike if not any(other in piece for other in kept)]
    return {piece.translate(_SHOWN) for piece in kept}


def _worth(pieces: Sequence[str]) -> float:
    if not pieces or min(map(len, pieces)) < MIN_ANCHOR:
        return 0
    return 1 + min(min(_rarity(piece), _ENOUGH) for piece in pieces) - _FORM_COST * len(pieces)


@lru_cache(maxsize=1 << 14)
def _rarity(piece: str) -> float:
    words = sum(0.5 if word in _COMMON else len(word) for word in _WORD.findall(piece))
    return words + 0.6 * len(_SIGN.findall(piece)) + 0.01 * len(piece)


def _merged(nodes: Iterator[Node]) -> tuple[Node, ...]:
    """With literals that follow each other as one: words are rare or common as a whole."""
    merged: list[Node] = []
    for node in nodes:
        last = merged[-1] if merged else None
        if isinstance(node, Literal) and isinstance(last, Literal):
            merged[-1] = Literal(last.text + node.text)
        else:
            merged.append(node)
    return tuple(merged)


def _nodes(items: Any) -> Iterator[Node]:
    """What the standard library's parser read, as nodes; look-arounds and edges are nothing."""
    for op, arg in items:
        match str(op):
            case "LITERAL":
                yield Literal(chr(arg).translate(_HIDDEN))
            case "IN":
                yield _node_of_class(arg)
            case "SUBPATTERN":
                yield from _nodes(arg[-1])
            case "ATOMIC_GROUP":
                yield from _nodes(arg)
            case "BRANCH":
                yield Alternatives(tuple(_merged(_nodes(branch)) for branch in arg[1]))
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                yield _repeated(*arg)
            case "ASSERT" | "ASSERT_NOT" | "AT":
                pass
            case _:
                yield Gap()


def _node_of_class(members: Any) -> Node:
    if _is_blank(members):
        return Literal(" ")
    if len(members) <= 4 and all(str(op) == "LITERAL" for op, _ in members):
        return Alternatives(tuple((Literal(chr(code).translate(_HIDDEN)),) for _, code in members))
    return Gap()


def _is_blank(members: Any) -> bool:
    return all(
        (str(op) == "CATEGORY" and str(arg).endswith("CATEGORY_SPACE")) or (str(op) == "LITERAL" and chr(arg).isspace())
        for op, arg in members
    )


def _repeated(low: int, high: int, body: Any) -> Node:
    items = list(body)
    inner: tuple[Node, ...]
    if (len(items) == 1 and str(items[0][0]) == "IN" and _is_blank(items[0][1])) or (
        len(items) == 1 and str(items[0][0]) == "LITERAL" and chr(items[0][1]).isspace()
    ):
        inner = (Literal(" "),)
    elif high == 1:
        inner = _merged(_nodes(items))
    else:
        inner = (Gap(),)
    return Alternatives((inner, ())) if low == 0 else Alternatives((inner,))
