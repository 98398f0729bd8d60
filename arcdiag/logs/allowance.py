"""How many lines of a case are looked at: each costs the same work, however short it is."""

from __future__ import annotations

from arcdiag.case.limits import LINE_CHARS_EARNED, MAX_SHORT_LINES

TOO_MANY_LINES = (
    f"more than {MAX_SHORT_LINES:,} lines are read only while those of the case are longer than {LINE_CHARS_EARNED} "
    "characters on average"
)


class LineAllowance:
    """Shared by the files of a case: MAX_SHORT_LINES, and one more for each LINE_CHARS_EARNED characters.

    No log is short of it, whatever its size; a file of empty lines ends soon.
    """

    def __init__(self) -> None:
        self._chars = MAX_SHORT_LINES * LINE_CHARS_EARNED

    def takes(self, text: str) -> bool:
        """Count a part of a text; whether there was room for it."""
        return self.takes_lines(len(text), text.count("\n"))

    def takes_lines(self, chars: int, lines: int) -> bool:
        """Count so many characters in so many lines; whether there was room for them."""
        self._chars += chars - lines * LINE_CHARS_EARNED
        return self._chars >= 0
