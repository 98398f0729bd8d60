"""A sheet of terminal lines: headings, sentences, quotes and commands, coloured or plain ASCII ornaments."""

from __future__ import annotations

from dataclasses import dataclass, field

from arcdiag.report.excerpt import Excerpt, short
from arcdiag.report.layout import cut_points, wrap
from arcdiag.report.visible import visible

BOLD, DIM, RED, GREEN, YELLOW, CYAN, HIT = "1", "2", "1;31", "1;32", "1;33", "36", "1;4"
LONGEST_COMMAND = 2000


@dataclass
class Sheet:
    """Collects lines of at most `width` columns. Commands alone may be longer: they are there to be copied."""

    width: int
    colour: bool
    lines: list[str] = field(default_factory=list)

    def paint(self, text: str, code: str) -> str:
        """The text in a colour, if colours are wanted."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def heading(self, text: str) -> None:
        """A heading with a blank line above."""
        if self.lines:
            self.lines.append("")
        self.lines += [self.paint(line, BOLD) for line in wrap(short(text).upper(), self.width)]

    def say(self, text: str, first: str = "  ", rest: str | None = None, code: str = "") -> None:
        """A sentence; wrapped under itself."""
        made = wrap(short(text), self.width, first, rest)
        self.lines += [self.paint(line, code) if code else line for line in made]

    def item(self, text: str, indent: str = "  ") -> None:
        """One entry of a list."""
        self.say(text, f"{indent}- ", f"{indent}  ")

    def command(self, text: str, indent: str = "       ") -> None:
        """A command on a line of its own, never wrapped."""
        for line in visible(text)[:LONGEST_COMMAND].splitlines():
            self.lines.append(indent + self.paint(line, CYAN))

    def quote(self, quoted: Excerpt, indent: str = "    | ") -> None:
        """A log line with its match set off; line feeds in it are kept."""
        text, start = quoted.text, len(quoted.head)
        end, at = start + len(quoted.hit), 0
        for line in text.split("\n"):
            for first, last in cut_points(line, max(8, self.width - len(indent))):
                shown = at + first + len(line[first:last].rstrip())
                self.lines.append(indent + self._marked(text, at + first, shown, start, end))
            at += len(line) + 1

    def _marked(self, text: str, first: int, last: int, start: int, end: int) -> str:
        start, end = max(first, start), min(last, end)
        if not self.colour or start >= end:
            return text[first:last]
        return text[first:start] + self.paint(text[start:end], HIT) + text[end:last]

    def text(self) -> str:
        """Everything, with a line feed at the end and no blanks at line ends."""
        return "\n".join(line.rstrip() for line in self.lines) + "\n"
