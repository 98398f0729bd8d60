"""Secrets in tables: a value beside its name in a row of Markdown, of CSV, or of the registry's own listing."""

from __future__ import annotations

import re

from arcdiag.redact.judge import is_blank_value, looks_secret
from arcdiag.redact.values import Value

_MARKS = "[ \t*`_]{0,8}"
_MARKDOWN = re.compile(rf"{_MARKS}\|{_MARKS}(?P<value>[^|\s`]{{4,4096}}?){_MARKS}(?:\||\s*\Z)")
_ROW = re.compile(r"\|[^|\n]{0,200}\Z")
_REGISTRY = re.compile(r"[ \t]{1,32}REG_[A-Z_]{2,24}[ \t]{1,32}(?P<value>\S[^\r\n]{0,4096}?)[ \t]*(?=[\r\n]|\Z)")
_CSV_QUOTES = r"(?:\\{0,7}\"){0,2}"
_CSV = re.compile(
    rf"(?P<quote>{_CSV_QUOTES})[,;\t](?P<open>{_CSV_QUOTES})(?P<value>[^\"\\,;\s]{{4,4096}}?)(?={_CSV_QUOTES}(?:[,;\t\r\n<\\]|\Z))"
)
_CELL_START = re.compile(r"(?:\A|[\n,;\t\"])\Z")


def celled_values(text: str, start: int, end: int) -> list[Value]:
    """The value in the cell beside the name at `text[start:end]`; empty if the name stands in no table."""
    match = _REGISTRY.match(text, end)
    if match:
        return _worth(match, text)
    match = _MARKDOWN.match(text, end)
    if match and _ROW.search(text, max(0, start - 200), start):
        return _worth(match, text)
    match = _CSV.match(text, end)
    if match is None or not _CELL_START.search(text, max(0, start - 2), start):
        return []
    quoted = bool(match["quote"] and match["open"])
    return _worth(match, text) if quoted or looks_secret(match["value"]) else []


def _worth(match: re.Match[str], text: str) -> list[Value]:
    value = text[match.start("value") : match.end("value")]
    if is_blank_value(value) or not re.search(r"[A-Za-z0-9]", value):
        return []
    return [Value(match.start("value"), match.end("value"))]
