"""Names that were replaced: each redaction makes its own tokens, so that two of them tell nothing by their digits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

_TOKEN = re.compile(r"«(?!secret:)(?P<kind>[a-z-]{1,24}):[^«»\n]{1,160}»")
_K = TypeVar("_K", bound=tuple[str | None, ...])


def has_token(text: str | None) -> bool:
    """Whether a name was replaced in it."""
    return text is not None and _TOKEN.search(text) is not None


def same(one: str | None, two: str | None) -> bool:
    """Whether two texts can be the same: equal, or equal but for names that were replaced in one or both of them."""
    if one == two or one is None or two is None:
        return one == two
    if has_token(one) and has_token(two):
        return _TOKEN.sub(r"«\g<kind>»", one) == _TOKEN.sub(r"«\g<kind>»", two)
    if has_token(one):
        return _fits(one, two)
    return has_token(two) and _fits(two, one)


def _fits(replaced: str, text: str) -> bool:
    """Whether `text` is what `replaced` was before; a name is never empty, and holds no blank."""
    first, *middle, last = _TOKEN.split(replaced)[::2]
    at = len(first)
    if not text.startswith(first):
        return False
    for part in middle:
        found = text.find(part, at + 1)
        if found < 0 or _holds_blank(text[at:found]):
            return False
        at = found + len(part)
    name = text[at : len(text) - len(last)]
    return bool(name) and text.endswith(last) and not _holds_blank(name)


def _holds_blank(text: str) -> bool:
    return any(map(str.isspace, text))


def unpaired(old: Iterable[str], new: Iterable[str]) -> tuple[list[str], list[str]]:
    """What only one of the two has, after each name that was replaced has taken one that it can be."""
    left, more = list(dict.fromkeys(old)), []
    for text in sorted(dict.fromkeys(new), key=has_token):
        found = text if text in left else next((other for other in left if same(other, text)), None)
        if found is None:
            more.append(text)
        else:
            left.remove(found)
    return left, more


def paired(old: Mapping[_K, str], new: Mapping[_K, str]) -> list[tuple[_K, str | None, str | None]]:
    """Every key of the two with its values, None where it is not there; keys that can be the same become one."""
    found: dict[_K, tuple[str | None, str | None]] = {key: (value, new.get(key)) for key, value in old.items()}
    for key, value in new.items():
        if key in found:
            continue
        twin = next((k for k in old if found[k][1] is None and k not in new and all(map(same, k, key))), None)
        found[key if twin is None else twin] = (None if twin is None else old[twin], value)
    return [(key, *values) for key, values in found.items()]
