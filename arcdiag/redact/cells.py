"""Secrets in tables: a value beside its name in a row of Markdown, of CSV, or of the registry's own listing."""

from __future__ import annotations

import re

from arcdiag.redact.judge import is_blank_value, is_prose, looks_secret
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.values import Value

_MARKS = "[ \t*`_]{0,8}"
_MARKDOWN = re.compile(rf"{_MARKS}\|{{1,2}}{_MARKS}(?P<value>[^|\s`]{{4,4096}}?){_MARKS}(?:\||\s*\Z)")
_ROW = re.compile(r"\|[^|\n]{0,200}\Z")
_REGISTRY = re.compile(r"[ \t]{1,32}REG_[A-Z_]{2,24}[ \t]{1,32}(?P<value>\S[^\r\n]{0,4096}?)[ \t]*(?=[\r\n]|\Z)")
_CSV_QUOTES = r"(?:\\{0,7}\"){0,2}"
_CSV = re.compile(
    rf"(?P<quote>{_CSV_QUOTES})[,;\t](?P<open>{_CSV_QUOTES})(?P<value>[^\"\\,;\s]{{4,4096}}?)(?={_CSV_QUOTES}(?:[,;\t\r\n<\\]|\Z))"
)
# A list of two columns: the name alone at the beginning of its line, behind it blanks and one word.
_LISTED = re.compile(
    r"(?P<gap>[ \t]{1,64})(?P<value>(?![0-9]+/)[^\s:=|*&(<-][^\s()\[\]{};]{3,4096})[ \t]{0,64}(?=[\r\n]|\Z)"
)
_NAME_ALONE = re.compile(r"(?:\A|\n)\ufeff?[ \t]{0,64}(?:[A-Za-z]{2,20} ?){0,2}\Z")
# With one blank between them they can as well be the end of a sentence.
_NAME_FIRST = re.compile(r"(?:\A|\n)\ufeff?[ \t]{0,64}\Z")
_HEADER_CELL = re.compile(r"\ufeff?[\s\"']*[A-Za-z][A-Za-z _.-]{0,40}[\s\"']*\Z")
_LEAST_HEADER = 3
_LONGEST_HEADER = 2000
_CELL_START = re.compile(r"(?:\A|[\n,;\t\"])\Z")


def celled_values(text: str, start: int, end: int, kind: SecretKind) -> list[Value]:
    """The value in the cell beside the name at `text[start:end]`; empty if the name stands in no table."""
    match = _REGISTRY.match(text, end)
    if match:
        return _worth(match, text)
    match = _MARKDOWN.match(text, end)
    if match and _ROW.search(text, max(0, start - 200), start):
        return _worth(match, text)
    listed = _LISTED.match(text, end)
    alone = _NAME_FIRST if listed and listed["gap"] == " " else _NAME_ALONE
    if listed and alone.search(text, max(0, start - 120), start):
        return _listed(listed, text, kind)
    match = _CSV.match(text, end)
    if match is None or _is_header(text, start, match) or not _CELL_START.search(text, max(0, start - 2), start):
        return []
    quoted = bool(match["quote"] and match["open"])
    return _worth(match, text) if quoted or looks_secret(match["value"]) else []


def _worth(match: re.Match[str], text: str) -> list[Value]:
    value = text[match.start("value") : match.end("value")]
    if is_blank_value(value) or not re.search(r"[A-Za-z0-9]", value):
        return []
    return [Value(match.start("value"), match.end("value"))]


def _listed(match: re.Match[str], text: str, kind: SecretKind) -> list[Value]:
    apart = "\t" in match["gap"] and kind in (SecretKind.PASSWORD, SecretKind.CLIENT_SECRET)
    sure = looks_secret(match["value"]) or (apart and not is_prose(match["value"]))
    return _worth(match, text) if sure else []


def _is_header(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the row is all names: the secrets stand below them."""
    if start > _LONGEST_HEADER:
        return False
    row = text[:_LONGEST_HEADER].strip("\r\n")
    cells = row.split(text[match.end("quote")])
    first = not text[:start].strip(" \t\"'")
    return len(cells) >= _LEAST_HEADER and not first and all(map(_HEADER_CELL.match, cells))
