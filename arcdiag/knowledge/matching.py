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

    def is_deaf_to_digits(self, text: str) -> bool:
        """Whether a text is sure to match as it does, capturing nothing, or not at all, whatever its digits are."""
        if self._ignores_digits:
            return not self.captures or not self.regex.search(text)
        return self._without_digits is not None and not self._without_digits.search(text)

    @cached_property
    def _ignores_digits(self) -> bool:
        from arcdiag.knowledge.regex_digits import ignores_digits

        return ignores_digits(self.regex_source)

    @cached_property
    def _without_digits(self) -> re.Pattern[str] | None:
        from arcdiag.knowledge.regex_digits import without_digits

        wide = without_digits(self.regex_source)
        return None if wide is None else re.compile(wide, re.IGNORECASE)


def captured(match: re.Match[str]) -> dict[str, str]:
    """The captures of a match by their names, without the numbering of repeated ones; empty ones are left out."""
    found: dict[str, str] = {}
    for group, value in match.groupdict().items():
        if value:
            found.setdefault(group.partition("__")[0], value)
    return found
