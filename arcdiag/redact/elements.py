"""Secrets in the elements of XML and HTML: `<Password>…</Password>`, `Password: <b>…</b>`."""

from __future__ import annotations

import re

from arcdiag.redact.judge import is_blank_value, is_pass_phrase, looks_secret
from arcdiag.redact.values import Value, read_word

_OPENS = re.compile(r"<(?:\w{1,20}:)?\Z")
_ELEMENT = re.compile(
    r"(?:[ \t][^<>]{0,300})?>(?:\s{0,16}<Value>)?(?:<!\[CDATA\[)?(?P<value>[^<]{1,65536}?)(?:\]\]>)?</"
)
_ENTITIES = re.compile(r"&gt;(?P<value>[^&<>\s]{2,4096})&lt;/")
_LONGEST_PHRASE = 120
# What a page has between a name and its value.
_INLINE = re.compile(
    r"(?:</?(?:b|strong|code|i|em|span|tt|td|th|dd|dt|p|kbd)\b[^<>]{0,120}>|&nbsp;)"
    r"(?:</?(?:b|strong|code|i|em|span|tt|td|th|dd|dt|p|kbd)\b[^<>]{0,120}>|&nbsp;|[ \t]{1,8}){0,6}"
)


def element_values(text: str, start: int, end: int) -> list[Value]:
    """What stands in the element whose name is `text[start:end]`, also where a page shows its marks as entities."""
    before = text[max(0, start - 24) : start]
    if before.endswith("&lt;"):
        match = _ENTITIES.match(text, end)
    else:
        match = _ELEMENT.match(text, end) if _OPENS.search(before) else None
    if match is None or is_blank_value(match["value"].strip()):
        return []
    return [Value(*match.span("value"))]


def shown_value(text: str, at: int) -> Value | None:
    """The word behind the marks of a page at `at`, if it looks like a secret."""
    marks = _INLINE.match(text, at)
    if marks is None:
        return None
    end = text.find("<", marks.end(), marks.end() + _LONGEST_PHRASE)
    if end >= 0 and is_pass_phrase(text[marks.end() : end]):
        return Value(marks.end(), end)
    value = read_word(text, marks.end(), "<&")
    return value if looks_secret(text[value.start : value.end]) else None
