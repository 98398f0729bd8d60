"""A pattern that is compiled: what of it a text must hold, and the regular expression that decides."""

from __future__ import annotations

import re
from functools import cached_property

from msgspec import Struct


class Pattern(Struct, frozen=True, dict=True):
    """A compiled pattern. `anchors`: one of these (lower case, single blanks) stands in every text that matches.

    `captures`: name and type of each.
    """

    source: str
    regex_source: str
    anchors: tuple[str, ...]
    captures: tuple[tuple[str, str], ...]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The regular expression, compiled at first use."""
        return re.compile(self.regex_source, re.IGNORECASE)


def captured(match: re.Match[str]) -> dict[str, str]:
    """The captures of a match by their names, without the numbering of repeated ones; empty ones are left out."""
    found: dict[str, str] = {}
    for group, value in match.groupdict().items():
        if value:
            found.setdefault(group.partition("__")[0], value)
    return found
