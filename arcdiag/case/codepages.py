"""Which code page a text is in that is neither ASCII nor UTF-8, told by which characters its bytes would be.

Windows writes consoles, exports and the messages of its sockets in the code page of its language. In each of them the
everyday characters lie in a few rows of the table; the same bytes, read by another table, are rare characters or none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_ERROR = (-1.0, 1)
_ENOUGH = 0.55
"""What the characters of a text must be worth on average, where 1 is an everyday one."""
_FEWEST = 2
_HIGH = 0x80
_ROWS_END = 0xA1
_LATIN_SHARE = 0.42
"""Letters with marks are so much of their words at most (`für`, `Größe`)."""

Weigh = Callable[[int, int, int], tuple[float, int]]
"""Lead byte, the next one and the one behind it to a worth and the number of bytes; 0 for a byte that is not there."""


def _korean(lead: int, trail: int, _: int) -> tuple[float, int]:
    if not (0x41 <= trail <= 0x5A or 0x61 <= trail <= 0x7A or 0x81 <= trail <= 0xFE) or lead in (0x80, 0xFF):
        return _ERROR
    if trail < _ROWS_END or lead < _ROWS_END:
        return -0.3, 2
    if 0xB0 <= lead <= 0xC8:
        return 1.0, 2
    return (0.3 if lead <= 0xA4 else 0.1 if lead >= 0xCA else -0.3), 2


def _simplified(lead: int, trail: int, third: int) -> tuple[float, int]:
    if 0x30 <= trail <= 0x39 and third >= 0x81:
        return 0.0, 4
    if not 0x40 <= trail <= 0xFE or trail == 0x7F or lead in (0x80, 0xFF):
        return _ERROR
    if trail < _ROWS_END or lead < _ROWS_END:
        return -0.4, 2
    if 0xB0 <= lead <= 0xD7:
        return 1.0, 2
    return (0.9 if lead <= 0xA3 else 0.3 if 0xD8 <= lead <= 0xF7 else -0.4), 2


def _traditional(lead: int, trail: int, _: int) -> tuple[float, int]:
    if not (0x40 <= trail <= 0x7E or 0xA1 <= trail <= 0xFE) or lead in (0x80, 0xFF):
        return _ERROR
    if 0xA4 <= lead <= 0xC6:
        return 1.0, 2
    return (0.8 if 0xA1 <= lead <= 0xA3 else 0.1 if 0xC9 <= lead <= 0xF9 else -0.4), 2


def _japanese(lead: int, trail: int, _: int) -> tuple[float, int]:
    if 0xA1 <= lead <= 0xDF:
        return -0.2, 1
    if not 0x40 <= trail <= 0xFC or trail == 0x7F or lead in (0x80, 0xA0) or lead > 0xFC:
        return _ERROR
    if lead in (0x82, 0x83):
        return 1.0, 2
    if lead == 0x81 or 0x88 <= lead <= 0x97:
        return 0.8, 2
    return (0.1 if lead >= 0x98 and lead <= 0xEA else -0.4), 2


def _japanese_unix(lead: int, trail: int, _: int) -> tuple[float, int]:
    if lead == 0x8E:
        return -0.2, 2
    if lead == 0x8F:
        return 0.0, 3
    if lead < _ROWS_END or trail < _ROWS_END or trail > 0xFE:
        return _ERROR
    if lead in (0xA4, 0xA5):
        return 1.0, 2
    if lead == 0xA1 or 0xB0 <= lead <= 0xCF:
        return 0.8, 2
    return (0.1 if lead >= 0xD0 else -0.6), 2


_EAST: tuple[tuple[str, Weigh], ...] = (
    ("cp949", _korean),
    ("gb18030", _simplified),
    ("cp932", _japanese),
    ("euc_jp", _japanese_unix),
    ("cp950", _traditional),
)
_LETTERS = "äöüÄÖÜßéèêëàâçñóíúáìòùïîôûãõåæøÉÈÀÇÑÓÍÚÁÅØ"
_SIGNS = "’‘“”„–…€°§«»´"
_LATIN = tuple(
    (page, frozenset(_LETTERS.encode(page)), frozenset(_SIGNS.encode(page, "ignore"))) for page in ("cp1252", "cp850")
)
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")


@dataclass(frozen=True, slots=True)
class _Characters:
    """How many there are, what they are worth together, and their lead and trail bytes."""

    count: int
    worth: float
    pairs: tuple[tuple[int, int], ...]

    @property
    def mean(self) -> float:
        return self.worth / self.count if self.count else 0.0


def _walk(data: bytes, weigh: Weigh) -> Iterator[tuple[float, int, int]]:
    at, end = 0, len(data)
    while at < end:
        lead = data[at]
        if lead < _HIGH:
            at += 1
            continue
        trail = data[at + 1] if at + 1 < end else 0
        worth, size = weigh(lead, trail, data[at + 2] if at + 2 < end else 0)
        yield worth, lead, trail if size > 1 else 0
        at += size


def _read(data: bytes, weigh: Weigh) -> _Characters:
    found = list(_walk(data, weigh))
    return _Characters(len(found), sum(worth for worth, _, _ in found), tuple((a, b) for _, a, b in found))


def _east(data: bytes, page: str, weigh: Weigh) -> float:
    seen = _read(data, weigh)
    if seen.count < _FEWEST:
        return 0.0
    mean = seen.mean
    if page == "cp950" and sum(1 for _, trail in seen.pairs if trail < _HIGH) < seen.count * 0.15:
        # Two in five of its characters end in a byte of ASCII; those of the pages that look alike never do.
        mean *= 0.6
    if page == "gb18030" and sum(1 for lead, _ in seen.pairs if 0xC9 <= lead <= 0xD7) < seen.count * 0.08:
        # A third of the everyday characters lie in these rows, where Korean has none.
        mean *= 0.8
    return mean


def _latin(data: bytes, letters: frozenset[int], signs: frozenset[int]) -> float:
    worth = count = high = size = 0.0
    for word in _WORD.findall(data):
        marked = [byte for byte in word if byte >= _HIGH]
        if not marked:
            continue
        count += len(marked)
        worth += sum(1.0 if b in letters else 0.4 if b in signs else -0.5 for b in marked)
        if any(byte in letters for byte in marked):
            high, size = high + len(marked), size + len(word)
    if not count or (size and high > size * _LATIN_SHARE):
        return 0.0
    return worth / count


def code_page_of(data: bytes) -> str | None:
    """The name of the codec that reads `data`, whole lines that are no UTF-8, as everyday text; None if none does."""
    scores = [(_east(data, page, weigh), page) for page, weigh in _EAST]
    scores += [(_latin(data, letters, signs), page) for page, letters, signs in _LATIN]
    best = max(scores, key=lambda score: score[0])
    return best[1] if best[0] >= _ENOUGH else None


def wide_codec_of(sample: bytes) -> str | None:
    """`utf-16-le` or `utf-16-be` for text in it without a mark, mostly of characters beyond ASCII; else None."""
    sample = sample[: len(sample) // 2 * 2]
    even, odd = sample[0::2], sample[1::2]
    for codec, tops, lows in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        ascii_units = sum(
            1 for top, low in zip(tops, lows, strict=True) if not top and (32 <= low < 127 or low in b"\r\n\t")
        )
        if ascii_units < 8 or lows.count(0) > ascii_units:
            continue
        text = sample.decode(codec, "replace")
        if sum(1 for char in text if _is_everyday(char)) >= len(text) * 0.95:
            return codec
    return None


def _is_everyday(char: str) -> bool:
    code = ord(char)
    return (
        32 <= code < 0x250
        or char in "\r\n\t"
        or 0x2000 <= code < 0x2600
        or 0x3000 <= code < 0x3400
        or 0x4E00 <= code < 0xA000
        or 0xAC00 <= code < 0xD7A4
        or 0xFF00 <= code < 0xFFEF
    )
