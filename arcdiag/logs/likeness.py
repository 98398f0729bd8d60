"""Lines that differ only in their numbers and ids say the same nothing: they are recognised, not read again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_ID = re.compile(rb"(?<![0-9A-Za-z_])[0-9a-fA-F]{8}(?:[0-9a-fA-F-]{0,200}[0-9a-fA-F])?(?![0-9A-Za-z_])")
_PLAIN = re.compile(rb"[ -\[\]-~]*\Z")
_REMEMBERED = 4096
Key = tuple[bytes, ...]


class Likeness(Generic[_T]):
    """What lines say whose digits, and whose ids in hexadecimal, do not matter.

    `has_number(line)` tells of a line in lower case whether a number stands in it that is searched.
    """

    def __init__(self, has_number: Callable[[bytes], bool]) -> None:
        self._has_number = has_number
        self._known: dict[Key, _T] = {}

    def learn(self, key: Key, what: _T) -> None:
        """Remember `what` a line says, all but its stamp in `key`, that says it whatever its digits are.

        Not of lines in which blanks, escapes and signs beyond ASCII may hide a number.
        """
        if not all(_PLAIN.match(part) and b"  " not in part for part in key):
            return
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[_masked(key)] = what

    def find(self, key: Key) -> _T | None:
        """What lines like this one say; None if none is known."""
        if not self._known:
            return None
        known = self._known.get(_masked(key))
        return known if known is not None and not self._has_number(b"\n".join(key).lower()) else None


def _masked(key: Key) -> Key:
    """Numbers and ids made equal, at their length: an expression may count characters.

    An id is none of a rule's words: what a rule names has other letters, or a number that is searched for.
    """
    return tuple(_ID.sub(_blank, part).translate(_DIGITS) for part in key)


def _blank(match: re.Match[bytes]) -> bytes:
    return b"0" * (match.end() - match.start())
