"""A quoted line cut to a length around what matched in it."""

from __future__ import annotations

from dataclasses import dataclass

from arcdiag.report.visible import one_line, visible


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Visible text in three pieces: before the match, the match, after it.

    `hit` is empty and `tail` holds all where nothing in particular matched. `left_out` counts characters cut away on
    either side.
    """

    head: str
    hit: str
    tail: str
    left_out: tuple[int, int] = (0, 0)

    @property
    def text(self) -> str:
        """All three pieces."""
        return self.head + self.hit + self.tail


def excerpt(text: str, span: tuple[int, int], limit: int) -> Excerpt:
    """At most `limit` characters of `text`, as they are shown, with the match among them."""
    start, end = (min(max(offset, 0), len(text)) for offset in span)
    if end <= start:
        start = end = 0
    head, hit, tail = visible(text[:start]), visible(text[start:end]), visible(text[end:])
    if len(head) + len(hit) + len(tail) <= limit:
        return Excerpt(head, hit, tail)
    shown = hit[:limit]
    room = limit - len(shown)
    before = min(len(head), max(room // 2, room - len(tail)))
    after = min(len(tail), room - before) if shown == hit else 0
    left = (len(head) - before, len(hit) - len(shown) + len(tail) - after)
    return Excerpt(head[len(head) - before :], shown, tail[:after], left)


def short(text: str, limit: int = 1000) -> str:
    """One visible line of at most `limit` characters; `[...]` stands for what was cut off its end."""
    line = one_line(text)
    return line if len(line) <= limit else line[: limit - 6] + " [...]"
