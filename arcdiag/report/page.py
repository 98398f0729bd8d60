"""What the HTML templates ask for: capped lists, worded messages as safe markup, quoted evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from markupsafe import Markup, escape

from arcdiag.model.diagnosis import Diagnosis, Evidence
from arcdiag.model.message import Msg
from arcdiag.report.excerpt import Excerpt, excerpt
from arcdiag.report.visible import visible
from arcdiag.report.words import Parts, Words

_T = TypeVar("_T")
_WORD_WITH_HYPHEN = re.compile(r"(\S*-\S*)")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a diagnosis one page shows: numbers of rows and lines, lengths in characters."""

    evidence: int = 20
    evidence_of_others: int = 3
    causes: int = 25
    rows: int = 200
    text: int = 1200
    value: int = 600
    context_lines: int = 4
    context_text: int = 300


# The next one is taken if a page made with the one before is too large.
STAGES = (
    Limits(),
    Limits(
        evidence=8, evidence_of_others=1, causes=10, rows=60, text=400, value=200, context_lines=2, context_text=160
    ),
    Limits(evidence=2, evidence_of_others=1, causes=3, rows=10, text=160, value=80, context_lines=0, context_text=80),
)


@dataclass(frozen=True, slots=True)
class Capped(Generic[_T]):
    """The first of `total` items."""

    items: Sequence[_T]
    total: int

    @property
    def cut(self) -> bool:
        """Whether some are not shown."""
        return len(self.items) < self.total


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of evidence ready to be shown: lines around it with their numbers (None where not known)."""

    main: Excerpt
    line: int | None
    before: tuple[tuple[int | None, str], ...]
    after: tuple[tuple[int | None, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One diagnosis as the templates see it. Everything that returns Markup has escaped what it got."""

    d: Diagnosis
    words: Words
    limits: Limits

    def shown(self, text: str, most: int | None = None) -> str:
        """A text as it may be shown: visible, and cut to `most` characters, by default to the page's limit."""
        limit = most or self.limits.text
        seen = visible(text[: limit + 1])
        return seen if len(seen) <= limit else seen[: limit - 6] + " [...]"

    def say(self, key: str, /, **args: object) -> Markup:
        """A sentence of the page itself: its own text is not cut, its arguments are."""
        cut = {name: self.shown(value) if isinstance(value, str) else value for name, value in args.items()}
        return escape(visible(self.words.say(key, **cut)))

    def breakable(self, name: str) -> Markup:
        """A host name that may be broken behind its dots, and nowhere else."""
        return Markup(".<wbr>").join(escape(part) for part in self.shown(name).split("."))

    def command(self, text: str) -> Markup:
        """A command to copy: a line that is too short for it ends between its words, not behind a hyphen of one."""
        return Markup("").join(
            Markup('<span class="word">{}</span>').format(piece) if "-" in piece else escape(piece)
            for piece in _WORD_WITH_HYPHEN.split(self.shown(text))
        )

    def parts(self, parts: Parts) -> Markup:
        """Pieces of a sentence: what came from the evidence is set in code, plain numbers are not."""
        return Markup("").join(
            Markup("<code>{}</code>").format(self.shown(part.text, self.limits.value))
            if part.is_value
            else escape(visible(part.text))
            for part in parts
        )

    def said(self, msg: Msg) -> Markup:
        """A worded message."""
        return self.parts(self.words.parts(msg))

    def cap(self, items: Sequence[_T], most: int | None = None) -> Capped[_T]:
        """The first `most` items, by default as many as a table shows."""
        return Capped(items[: self.limits.rows if most is None else most], len(items))

    def quote(self, evidence: Evidence) -> Quote:
        """A piece of evidence with its context."""
        most, line = self.limits.context_lines, evidence.line
        before = evidence.before[len(evidence.before) - min(most, len(evidence.before)) :]
        after = evidence.after[:most]
        # A record of several lines ends who knows where; what follows it has no number then.
        numbered = line is not None and "\n" not in evidence.text
        return Quote(
            main=excerpt(evidence.text, evidence.span, self.limits.text),
            line=line,
            before=tuple((line - len(before) + i if line else None, self._context(t)) for i, t in enumerate(before)),
            after=tuple((line + 1 + i if line and numbered else None, self._context(t)) for i, t in enumerate(after)),
        )

    def _context(self, text: str) -> str:
        cut = excerpt(text, (0, 0), self.limits.context_text)
        return cut.text + (" [...]" if sum(cut.left_out) else "")
