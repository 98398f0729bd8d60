"""One line as the finders see it, and what they find in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from arcdiag.redact.kinds import SecretKind


@dataclass(frozen=True, slots=True)
class Line:
    """`text` has its tokens made opaque; `low` is the same in lower case, position by position.

    `before` are some KiB of what stands before the line.
    """

    text: str
    low: str
    before: bytes = b""

    @classmethod
    def of(cls, text: str, before: bytes = b"") -> Line:
        """A line. Words inside a token are no anchors; the lengths of `text` and `low` are the same."""
        if "«" in text:
            text = _TOKEN_START.sub(_opaque, text)
        low = text.lower()
        return cls(text, low if len(low) == len(text) else text.translate(_LOWER), before)


@dataclass(frozen=True, slots=True)
class Span:
    """A secret: `text[start:end]`; `context` is where what names it begins, at most `start`."""

    start: int
    end: int
    kind: SecretKind
    context: int


Find = Callable[[Line, int], list[Span]]
Confirm = Callable[[bytes, int], object]


@dataclass(frozen=True, slots=True)
class Finder:
    """`find(line, hit)` is asked at each place where one of `anchors` (lower case) stands.

    `gate` are rarer strings, one of which every line with such a secret holds; the anchors themselves if empty.
    `confirm(low, hit)` is a cheap look at the bytes (in lower case) behind a gate: falsy if there can be no secret.
    """

    anchors: tuple[str, ...]
    find: Find
    gate: tuple[str, ...] = ()
    confirm: Confirm | None = None


# Whole tokens, and those that an excerpt cut off.
_TOKEN_START = re.compile(r"«secret:[a-z-]{0,24}(?::[a-z0-9-]{0,24}(?::[0-9]{0,9}»?)?)?")
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def _opaque(token: re.Match[str]) -> str:
    return "«" + "\ue000" * (len(token[0]) - 1)
