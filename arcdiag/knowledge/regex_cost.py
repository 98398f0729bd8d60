"""Whether a regular expression can blow up: a repeat inside a repeat that no sign of its own keeps apart.

Bounds alone do not help: `(a{0,50}){0,50}b` has more ways through fifty letters than there are seconds. What stays is
at worst a power of the bounds, and the engine looks only at records that hold the anchor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_FEW_WAYS = 1_000
_LITERAL_RUN = 4
_ALL = frozenset(range(256))
_CLASSES = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}


def blows_up(source: str) -> bool:
    """Whether `source`, a valid regular expression, has such a repeat."""
    # The engine's own parser: any other reading of the text would be another language.
    from re import _parser  # type: ignore[attr-defined]

    return any(_is_bad(high, body) for _, high, body in _repeats(_parser.parse(source)))


def _is_bad(high: int, body: Any) -> bool:
    ways = _ways(body)
    if high < 2 or ways < 2 or ways ** min(high, 100) <= _FEW_WAYS:
        return False
    return not kept_apart(list(body))


def kept_apart(body: list[tuple[Any, Any]]) -> bool:
    """Whether each round begins or ends with a sign that its own repeats cannot hold, or holds a whole word."""
    if len(body) == 1 and str(body[0][0]) == "SUBPATTERN":
        return kept_apart(list(body[0][1][-1]))
    held: set[int] = set(_ALL) if _has_branch(body) else set()
    for low, high, inner in _repeats(body):
        held |= signs(inner) if low != high else set()
    for op, arg in (body[0], body[-1]):
        if str(op) in ("LITERAL", "IN") and not signs([(op, arg)]) & held:
            return True
    run = 0
    for op, _ in body:
        run = run + 1 if str(op) == "LITERAL" else 0
        if run >= _LITERAL_RUN:
            return True
    return False


def _has_branch(items: Iterable[tuple[Any, Any]]) -> bool:
    return any(str(op) == "BRANCH" or any(map(_has_branch, parts(op, arg))) for op, arg in items)


def parts(op: Any, arg: Any) -> Iterator[Any]:
    """The sequences inside one element."""
    name = str(op)
    if name in REPEATS:
        yield arg[2]
    elif name == "BRANCH":
        yield from arg[1]
    elif name == "SUBPATTERN":
        yield arg[-1]
    elif name in ("ASSERT", "ASSERT_NOT"):
        yield arg[1]
    elif name == "ATOMIC_GROUP":
        yield arg
    elif name == "GROUPREF_EXISTS":
        yield from (part for part in arg[1:] if part is not None)


def _repeats(items: Iterable[tuple[Any, Any]]) -> Iterator[tuple[int, int, Any]]:
    for op, arg in items:
        if str(op) in REPEATS:
            yield int(arg[0]), int(arg[1]), arg[2]
        for part in parts(op, arg):
            yield from _repeats(part)


def _ways(items: Iterable[tuple[Any, Any]]) -> int:
    """At most so many ways lead through these, up to a cap."""
    ways = 1
    for op, arg in items:
        inner = [_ways(part) for part in parts(op, arg)]
        if str(op) in REPEATS:
            ways *= (int(arg[1]) - int(arg[0]) + 1) * inner[0] ** min(int(arg[1]), 20)
        elif str(op) == "BRANCH":
            ways *= sum(inner)
        else:
            for count in inner:
                ways *= count
        ways = min(ways, 10**6)
    return ways


def signs(items: Iterable[tuple[Any, Any]]) -> set[int]:
    """The first 256 characters that these can hold, in either case."""
    found: set[int] = set()
    for op, arg in items:
        name = str(op)
        if name == "LITERAL":
            found |= {ord(c) for c in (chr(arg).lower(), chr(arg).upper()) if len(c) == 1}
        elif name == "IN":
            found |= _of_class(arg)
        elif name in ("ANY", "NOT_LITERAL", "GROUPREF"):
            found |= _ALL
        for part in parts(op, arg):
            found |= signs(part)
    return found


def _of_class(items: Iterable[tuple[Any, Any]]) -> set[int]:
    found: set[int] = set()
    negated = False
    for op, arg in items:
        name = str(op)
        if name == "NEGATE":
            negated = True
        elif name == "RANGE":
            found |= {c for code in range(arg[0], min(arg[1], 255) + 1) for c in _both(code)}
        elif name == "LITERAL":
            found |= set(_both(arg))
        else:
            found |= _of_category(str(arg))
    return set(_ALL - found) if negated else found


@cache
def _of_category(name: str) -> frozenset[int]:
    kind = re.compile(next(form for word, form in _CLASSES.items() if word in name))
    found = frozenset(code for code in _ALL if kind.match(chr(code)))
    return _ALL - found if "NOT" in name else found


def _both(code: int) -> Iterator[int]:
    for letter in (chr(code).lower(), chr(code).upper()):
        if len(letter) == 1:
            yield ord(letter)
