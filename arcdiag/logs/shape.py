"""Takes off what a terminal, a mail or a web page put around the text; keeps line numbers.

Only what the file shows is undone: quoting marks, entities and hard wraps are looked for in its beginning.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from arcdiag.logs.decode import Line
from arcdiag.logs.grammar import begins_stamped, starts_record

_ANSI = re.compile(r"\x1b(?:\[[0-?]{0,32}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,512}(?:\x07|\x1b\\)|[@-Z\\-_])")
_QUOTED = re.compile(r"^\s{0,3}(?:[>|]\s?){1,5}")
_TABLE_ROW = re.compile(r"\s{0,3}\|.*\S\s{0,4}\|\s*\Z")
_ENTITY = re.compile(r"&(?:quot|apos|amp|lt|gt|nbsp|#\d{1,5}|#x[0-9a-fA-F]{1,4});")
_BACKTICKS = re.compile(r"^\s{0,3}(```+|~~~+)\w{0,20}\s*$")
_LOOKED_AT = 4000
_WRAP_MIN, _WRAP_MAX, _WRAPS = 60, 200, 3
_TERMINALS = frozenset({80, 100, 120, 132, 160})


@dataclass(frozen=True, slots=True)
class Shape:
    """`wrap`: 0 or the width at which lines were broken; `hard`: broken inside words."""

    quoted: bool = False
    entities: bool = False
    wrap: int = 0
    hard: bool = False

    @classmethod
    def of(cls, head: str) -> Shape:
        """What the beginning of a file shows."""
        lines = head.split("\n", _LOOKED_AT)[:_LOOKED_AT]
        if "\x1b" in head:
            lines = [_ANSI.sub("", line) for line in lines]
        if "\r" in head:
            lines = [line.rstrip("\r") for line in lines]
        quoted = _is_quoted(lines)
        if quoted:
            lines = [_QUOTED.sub("", line) for line in lines]
        entities = bool(re.search(r"&(?:quot|#39|#34|apos);", head))
        wrap, hard = _wrap_of(lines)
        return cls(quoted, entities, wrap, hard)


def _is_quoted(lines: list[str]) -> bool:
    """Whether more than four in five lines that hold anything have a quoting mark."""
    filled = [line for line in lines if line and not line.isspace()]
    bare = (line for line in filled if not _QUOTED.match(line) or _TABLE_ROW.match(line))
    # Enough of them without a mark decide; the rest of a log is not looked at.
    return bool(filled) and sum(1 for _ in islice(bare, len(filled) // 5 + 1)) * 5 < len(filled)


def _wrap_of(lines: list[str]) -> tuple[int, bool]:
    width = max(map(len, lines), default=0)
    if width >= _WRAP_MIN:
        # A line with a secret taken out has another length than it had on the console.
        width = max((len(line) for line in lines if "«secret:" not in line), default=0)
    if not _WRAP_MIN <= width <= _WRAP_MAX:
        return 0, False
    full: Counter[bool] = Counter()
    for line, following in pairwise(lines):
        if not begins_stamped(following) and _continues(line, following, width, False):
            full[len(line) == width] += 1
    enough = 1 if width in _TERMINALS else _WRAPS
    if full.total() < enough:
        return 0, False
    # Breaks at blanks fill a line to its last column now and then; breaks inside words always do.
    return width, full[True] >= max(enough, full.total() * 0.3)


def _continues(line: str, following: str, width: int, hard: bool) -> bool:
    """Whether `following` is the rest of `line`: it did not fit any more, and it begins no record.

    Rulers (`-----`) are never continued.
    """
    if len(line) != width and (hard or len(line) + 1 + _first_word(following) <= width):
        return False
    if not following.strip() or starts_record(following):
        return False
    return len(set(line.strip())) >= 3


def _first_word(text: str) -> int:
    """How long it is; 0 without one."""
    words = text.split(maxsplit=1)
    return len(words[0]) if words else 0


def _clean(text: str, shape: Shape) -> Iterator[str]:
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    if "\x00" in text:
        text = text.replace("\x00", "")
    if shape.quoted:
        text = _QUOTED.sub("", text, count=1)
    if shape.entities and "&" in text:
        text = _ENTITY.sub(lambda m: html.unescape(m[0]).replace("\xa0", " "), text)
    if "\r" in text:
        yield from (part for part in text.split("\r") if part.strip())
    else:
        yield text


def cleaned(head: str, shape: Shape) -> str:
    """The beginning of a file without colours, quoting marks and entities, for looking at as a whole."""
    if not shape.quoted and not shape.entities and "\x1b" not in head and "\x00" not in head:
        plain = head.replace("\r\n", "\n").removesuffix("\r")
        if "\r" not in plain:
            return plain
    return "\n".join(text for line in head.split("\n") for text in _clean(line.removesuffix("\r"), shape))


def shaped(lines: Iterable[Line], shape: Shape) -> Iterator[Line]:
    """The lines as the program printed them; a joined line keeps the number of its first piece."""
    held: Line | None = None
    last = ""
    for line in lines:
        for text in _clean(line.text, shape):
            if _BACKTICKS.match(text):
                continue
            if held and shape.wrap and len(held.text) < 16_384 and _continues(last, text, shape.wrap, shape.hard):
                glue = "" if shape.hard and len(last) == shape.wrap else " "
                held = Line(
                    held.number, held.text + glue + (text if glue == "" else text.lstrip()), held.cut or line.cut
                )
            else:
                if held:
                    yield held
                held = Line(line.number, text, line.cut)
            last = text
    if held:
        yield held


def unbroken(head: str, shape: Shape) -> str:
    """The beginning of a file, cleaned, with the lines that a terminal broke as they were."""
    if not shape.wrap:
        return head
    lines = (Line(number, text) for number, text in enumerate(head.split("\n"), start=1))
    return "\n".join(line.text for line in shaped(lines, shape))
