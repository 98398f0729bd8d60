"""Secrets in the columns of a table: the header names the column, and each row below it has a value there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from arcdiag.redact.judge import is_blank_value, looks_secret
from arcdiag.redact.kinds import SecretKind, is_redacted, token_of
from arcdiag.redact.names import is_loose_name, kind_of_name

_SEPARATORS = "\t;|,"
_MOST_CELLS = 64
_MOST_CHARS = 2000
_NAME = re.compile(r"[A-Za-z_#@][\w./@#-]{0,60}(?: [\w./@#-]{1,40}){0,2}\Z")
_DASHES = re.compile(r"\s*-{2,}(?:\s+-{2,})*\s*\Z")
_COLUMN = re.compile(r"-{2,}")
_RULE = re.compile(r"[\s|:+=-]*\Z")
_CELL = {
    sign: re.compile(
        rf"\s*(?:\"(?P<quoted>(?:[^\"]|\"\")*)\"|(?P<plain>[^{re.escape(sign)}]*))(?:{re.escape(sign)}|\Z)"
    )
    for sign in _SEPARATORS
}
_OF_PROGRAMS = re.compile(r"[\s()\[\]{}]")
_TAKEN_AS_IT_IS = (SecretKind.PASSWORD, SecretKind.CLIENT_SECRET)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the secrets of a row stand: cells between `sign`, or, without one, below the dashes of a header.

    `header` waits for its line of dashes as long as `cells` is empty.
    """

    sign: str
    count: int = 0
    cells: tuple[tuple[int, int, SecretKind], ...] = ()
    header: str = ""
    sure: bool = True


def columns_of(text: str) -> Columns | None:
    """The columns that `text` is the header of, if one of them holds secrets."""
    body = text.strip("\r\n").removeprefix("\ufeff")
    if len(body) > _MOST_CHARS:
        return None
    for sign in _SEPARATORS:
        if sign in body:
            found = _separated(body, sign)
            if found is not None:
                return found
    words = body.split()
    if 2 <= len(words) <= _MOST_CELLS and any(map(kind_of_name, words)) and all(map(_NAME.match, words)):
        return Columns("", header=body)
    return None


def _separated(body: str, sign: str) -> Columns | None:
    names = [name.strip(" \t\"'*`") for name in body.split(sign)]
    inner = names[1:-1] if sign == "|" and not names[0] and not names[-1] else names
    if not 2 <= len(names) <= _MOST_CELLS or not all(map(_NAME.match, inner)):
        return None
    cells = tuple((at, 0, kind) for at, name in enumerate(names) if (kind := _kind_of_column(name)))
    # Commas stand in sentences, too.
    return Columns(sign, len(names), cells, sure=sign != "," or ", " not in body) if cells else None


def row_of(text: str, columns: Columns) -> tuple[str, Columns | None]:
    """The row without its secrets, and the columns of the next one; None if `text` is no row of this table."""
    body = text.rstrip("\r\n")
    if not columns.cells:
        below = _below_dashes(body, columns.header)
        return text, below
    if columns.sign and _RULE.match(body):
        return text, columns if body.strip() else None
    places = _cells(body, columns) if columns.sign else _fixed(body, columns)
    if places is None:
        return text, None
    parts, done = [], 0
    for start, end, kind in places:
        value = text[start:end]
        if _is_secret(value, kind, columns.sure):
            parts += [text[done:start], token_of(kind, value)]
            done = end
    return "".join([*parts, text[done:]]), columns


def _kind_of_column(name: str) -> SecretKind | None:
    """A column `Pass` may count what passed: what does not look like a secret there is none."""
    return SecretKind.TOKEN if is_loose_name(name) else kind_of_name(name)


def _below_dashes(body: str, header: str) -> Columns | None:
    if not _DASHES.match(body):
        return None
    starts = [match.start() for match in _COLUMN.finditer(body)]
    ends = [*starts[1:], _MOST_CHARS]
    cells = tuple(
        (start, end, kind)
        for start, end in zip(starts, ends, strict=True)
        if (kind := _kind_of_column(header[start:end].strip()))
    )
    return Columns("", len(starts), cells) if cells and len(starts) > 1 else None


def _cells(body: str, columns: Columns) -> list[tuple[int, int, SecretKind]] | None:
    places: list[tuple[int, int]] = []
    at = 0
    while at <= len(body) and len(places) <= columns.count:
        cell = _CELL[columns.sign].match(body, at)
        if cell is None:
            return None
        group = "plain" if cell["quoted"] is None else "quoted"
        start, end = cell.span(group)
        places.append((start, start + len(body[start:end].rstrip())))
        at = cell.end() + (1 if cell.end() == len(body) and not body.endswith(columns.sign) else 0)
        if cell.end() == len(body) and body.endswith(columns.sign) and len(places) < columns.count:
            places.append((at, at))
            break
        if cell.end() == len(body):
            break
    if len(places) != columns.count:
        return None
    return [(*places[index], kind) for index, _, kind in columns.cells]


def _fixed(body: str, columns: Columns) -> list[tuple[int, int, SecretKind]] | None:
    if not body.strip():
        return None
    if "«secret:" in body:  # the token has moved what stands behind it
        return []
    places = []
    for start, end, kind in columns.cells:
        cell = body[start:end]
        places.append((start + len(cell) - len(cell.lstrip()), start + len(cell.rstrip()), kind))
    return [place for place in places if place[0] < place[1]]


def _is_secret(value: str, kind: SecretKind, sure: bool) -> bool:
    if is_blank_value(value) or is_redacted(value) or "«" in value:
        return False
    as_it_is = sure and kind in _TAKEN_AS_IT_IS
    return as_it_is or (looks_secret(value) and not _OF_PROGRAMS.search(value))
