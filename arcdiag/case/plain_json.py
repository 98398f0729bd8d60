"""JSON from outside: no document makes it crash, and nothing comes out that cannot be written again."""

from __future__ import annotations

import json
import math
from typing import Any

from arcdiag.case.limits import MAX_FACT_DEPTH

_MAX_INTEGER = 2**63


class NotPlainError(ValueError):
    """Not JSON, or JSON that is not used; the text says why."""


def parse_json(text: str) -> Any:
    """The value of a JSON document. Raises NotPlainError."""
    try:
        value = json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise NotPlainError("it is nested too deeply") from error
    except ValueError as error:
        raise NotPlainError("it is no JSON") from error
    return plain(value)


def _refuse(name: str) -> None:
    raise ValueError(name)


def plain(value: Any, depth: int = MAX_FACT_DEPTH) -> Any:
    """`value` without halves of characters, which no encoder writes. Raises NotPlainError for what JSON cannot hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8") if not _is_encodable(value) else value
    if isinstance(value, float) and not math.isfinite(value):
        raise NotPlainError("it holds a number that is too big")
    if isinstance(value, int) and abs(value) > _MAX_INTEGER:
        raise NotPlainError("it holds a number that is too big")
    if isinstance(value, (dict, list)) and depth <= 0:
        raise NotPlainError("it is nested too deeply")
    if isinstance(value, dict):
        return {plain(key, depth): plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, depth - 1) for item in value]
    return value


def count_values(value: Any) -> int:
    """How many values a JSON document holds: itself, and all that stand in its lists and objects."""
    if isinstance(value, dict):
        return 1 + sum(map(count_values, value.values()))
    return 1 + sum(map(count_values, value)) if isinstance(value, list) else 1


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
