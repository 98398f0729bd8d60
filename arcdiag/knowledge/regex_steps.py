"""How long a regular expression can be kept busy by a hostile text: repeats one behind the other multiply.

Bounds alone do not help: `a{0,400}a{0,400}a{0,400}a{0,400}b` has more ways through a run of `a` than there are seconds.
A repeat has few ways where a sign that it cannot hold, or a long literal, must follow soon. Repeats inside repeats are
the matter of `regex_cost`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from arcdiag.knowledge.regex_cost import REPEATS, kept_apart, parts, signs

_SIGNS = ("LITERAL", "IN", "ANY", "NOT_LITERAL")
_MAX_PIECES = 2_000
_MANY, _ROUNDS = 10**6, 20
_OF_ROUND = 2
"""What the engine's bookkeeping of rounds costs, for each repeat inside of a round."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the sequence that takes `least` to `longest` characters, of one kind in `count` lengths.

    `inside`: the ways through its own repeats. `first`: the signs that it can begin with, empty if that is not known;
    of a repeat all that it can hold. `aside`: steps inside of a look around, of which one result comes back.
    """

    first: frozenset[int]
    count: int
    least: int
    longest: int
    inside: int = 1
    aside: int = 1


def steps(source: str) -> int:
    """About so many steps the engine takes at most from one place of a text, for `source`, a valid expression."""
    from re import _parser  # type: ignore[attr-defined]

    return _work(_pieces(_parser.parse(source)))


def steps_in(source: str, length: int) -> int:
    """The same from all places of a text of `length` characters, which holds the beginning again and again."""
    from re import _parser  # type: ignore[attr-defined]

    pieces = _pieces(_parser.parse(source))
    fixed = takewhile(lambda piece: piece.count <= 1, pieces)
    return _work(pieces) * (length // max(1, sum(piece.least for piece in fixed if piece.count)) + 1)


def _pieces(items: Any) -> list[_Piece]:
    """The sequence, flat; of alternatives the costliest."""
    found: list[_Piece] = []
    for op, arg in items:
        name = str(op)
        if name in REPEATS:
            found += _repeat(int(arg[0]), int(arg[1]), arg[2])
        elif name in _SIGNS:
            found.append(_Piece(frozenset(signs([(op, arg)])), 1, 1, 1))
        elif name in ("BRANCH", "GROUPREF_EXISTS"):
            options = list(parts(op, arg))
            found += _branch([_pieces(option) for option in options], max(option.getwidth()[1] for option in options))
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            for part in parts(op, arg):
                found += _pieces(part)
        elif name in ("ASSERT", "ASSERT_NOT"):
            work = max(_work(_pieces(part)) for part in parts(op, arg))
            found.append(_Piece(frozenset(), 1, 0, 0, aside=work))
    return found


def _repeat(low: int, high: int, body: Any) -> list[_Piece]:
    shortest, longest = body.getwidth()
    inner = _pieces(body)
    if low == high and len(inner) * high <= _MAX_PIECES:
        return inner * high
    apart = kept_apart(list(body))
    if apart and any(piece.count > 1 for piece in inner) and len(inner) * high <= _MAX_PIECES:
        # A word keeps the rounds apart, but what repeats in them may hold that word.
        return [replace(p, inside=p.inside * _OF_ROUND) if p.count > 1 else p for p in inner] * high
    plain = [replace(piece, aside=1) for piece in inner]
    ways = 1 if apart else min(_work(plain), _MANY) ** min(high, _ROUNDS)
    aside = max((piece.aside for piece in inner), default=1)
    # Each round looks around once.
    aside = aside * high if aside > 1 else 1
    return [_Piece(frozenset(signs(body)), high - low + 1, low * shortest, high * longest, ways, aside)]


def _branch(options: list[list[_Piece]], longest: int) -> list[_Piece]:
    """A mark with what the group can begin with and its greatest length, then the costliest alternative."""
    known = all(option and option[0].least for option in options)
    first = frozenset[int]().union(*(option[0].first for option in options)) if known else frozenset[int]()
    return [_Piece(first, 0, int(bool(first)), longest), *max(options, key=_work)]


def _work(pieces: list[_Piece]) -> int:
    """The most steps that one repeat is walked through, on all ways that lead to it."""
    most = product = 1
    for index, piece in enumerate(pieces):
        most = max(most, product * piece.aside)
        if piece.count > 1:
            most = max(most, product * piece.count * piece.inside)
            product *= _lengths(piece, pieces[index + 1 :]) * piece.inside
    return most


def _lengths(repeat: _Piece, rest: list[_Piece]) -> int:
    """Among how many lengths of a repeat a text can leave the choice, by what must follow it."""
    best = repeat.count
    between = run = 0
    unbroken = True
    for piece in rest:
        if between >= best:
            break
        if not piece.longest:
            # Takes nothing: what follows it follows the repeat.
            continue
        if piece.least and piece.first and not piece.first & repeat.first:
            # It ends at most that far before the first sign that it cannot hold.
            return min(best, between + 1)
        unbroken = unbroken and piece.count == 1
        if unbroken:
            run += 1
            best = min(best, max(1, repeat.count // run))
        between += piece.longest
    return best
