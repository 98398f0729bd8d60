"""Whether it matters to an expression which digits stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from arcdiag.knowledge.regex_cost import blows_up, parts
from arcdiag.knowledge.regex_steps import steps

_FEW_STEPS = 10_000
_DIGITS = frozenset(range(ord("0"), ord("9") + 1))
_BLIND = frozenset({"ANY", "AT", "CATEGORY", "NEGATE"})
_NESTED = frozenset(
    {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT", "BRANCH", "SUBPATTERN", "ASSERT", "ASSERT_NOT", "ATOMIC_GROUP"}
)
_TOKEN = re.compile(
    r"(?P<unknown>\\[xuUN\d]|\(\?\(|\(\?P=)|\\.|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|\{\d+(?:,\d*)?\}|\(\?P<\w+>"
    r"|(?P<digit>[0-9])|.",
    re.DOTALL,
)


def ignores_digits(source: str) -> bool:
    """Whether two texts that differ in their digits alone match at the same places, for a valid expression.

    All that it names must hold each of the ten digits or none: `\\d`, `[0-9a-f]` and `[^"]` do, `5`, `[1-9]` and a
    reference back to a group do not.
    """
    return _is_blind(_parsed(source))


def without_digits(source: str) -> str | None:
    """An expression that matches wherever `source` matches in a text with these or any other digits.

    None where there is none so simple: with a look ahead that must not find a certain digit, say.
    """
    if not _denies_blindly(_parsed(source)):
        return None
    out = []
    for token in _TOKEN.finditer(source):
        if token["unknown"]:
            return None
        if token["digit"]:
            out.append("[0-9]")
        elif token["set"] and not ignores_digits(token["set"]):
            if token["set"].startswith(("[^", "[]")):
                return None
            out.append("[0-9" + token["set"][1:])
        else:
            out.append(token[0])
    wide = "".join(out)
    # What a digit kept apart may have grown together, and then takes the engine for ever.
    affordable = not blows_up(wide) and steps(wide) <= max(_FEW_STEPS, steps(source))
    return wide if affordable and ignores_digits(wide) else None


def _parsed(source: str) -> Any:
    from re import _parser  # type: ignore[attr-defined]

    return _parser.parse(source)


def _denies_blindly(items: Iterable[tuple[Any, Any]]) -> bool:
    for op, arg in items:
        for part in parts(op, arg):
            if not (_is_blind(part) if str(op) == "ASSERT_NOT" else _denies_blindly(part)):
                return False
    return True


def _is_blind(items: Iterable[tuple[Any, Any]]) -> bool:
    for op, arg in items:
        name = str(op)
        if name in ("LITERAL", "NOT_LITERAL"):
            blind = arg not in _DIGITS
        elif name == "IN":
            blind = _takes_all_or_none(arg)
        elif name in _NESTED:
            blind = all(_is_blind(part) for part in parts(op, arg))
        else:
            blind = name in _BLIND
        if not blind:
            return False
    return True


def _takes_all_or_none(options: Iterable[tuple[Any, Any]]) -> bool:
    named: set[int] = set()
    for op, arg in options:
        name = str(op)
        if name == "LITERAL":
            named.add(arg)
        elif name == "RANGE":
            named.update(digit for digit in _DIGITS if arg[0] <= digit <= arg[1])
        elif name not in _BLIND:
            return False
    return not named & _DIGITS or named >= _DIGITS
