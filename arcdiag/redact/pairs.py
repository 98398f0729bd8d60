"""A name in one field and its secret in another one of the line: `name="ClientSecret" value="…"`, either way round."""

from __future__ import annotations

import re

from arcdiag.redact.judge import is_blank_value, looks_secret
from arcdiag.redact.values import Value, read_quoted, read_value

_QUOTE = r"(?:\\{0,31}[\"']|&quot;|&apos;|&#3[49];|\\{1,15}u002[27])"
# `reg add … /v NAME /t REG_SZ /d VALUE`, `Set-ItemProperty … -Name NAME -Value VALUE`.
_PARAMETER = re.compile(
    r"[\"']?(?:[ \t]{1,4}[/-][A-Za-z]{1,20}(?:[ \t]{1,4}[A-Za-z_]{1,30})?){0,3}[ \t]{1,4}(?:-value|/d)[ \t]{1,4}(?=\S)",
    re.I,
)
_DEFAULT = re.compile(
    rf"{_QUOTE}?\s{{0,8}}[:=]?\s{{0,8}}\{{[^{{}}\n]{{0,300}}?\b(?:default_?)?value{_QUOTE}?\s{{0,8}}[:=]\s{{0,8}}(?={_QUOTE})",
    re.I,
)
_ELEMENT = re.compile(
    rf"{_QUOTE}[^<>\n]{{0,300}}(?<!/)>\s{{0,8}}(?:<\w{{1,20}}>)?(?:<!\[CDATA\[)?"
    r"(?P<value>[^<>\n]{1,65536}?)(?:\]\]>)?</"
)
_KEY_ELEMENT = re.compile(r"</(?:\w{1,20}:)?\w{1,20}>\s{0,16}<(?:\w{1,20}:)?\w{1,20}>(?P<value>[^<>\n]{1,65536}?)</")
_NAMED_BY = re.compile(r"<[^<>\n]{0,300}\b(?:name|key|n|property)=[\"']?\Z", re.I)
_NAME_TAG = re.compile(r"<(?:\w{1,20}:)?(?:key|name|id)>\s{0,8}\Z", re.I)
_VALUE_FIRST = re.compile(
    rf"\bvalue{_QUOTE}?[ \t]{{0,8}}[:=][ \t]{{0,8}}(?P<open>{_QUOTE})(?P<value>[^\"'\n&]{{2,4096}}?)"
    rf"\\{{0,31}}(?P=open)[,;]?[ \t]{{0,8}}"
    rf"(?:{_QUOTE}?)(?:name|key){_QUOTE}?[ \t]{{0,8}}[:=][ \t]{{0,8}}{_QUOTE}?\Z",
    re.I,
)
# A field of a form whose content a page shows as dots.
_FIELD = re.compile(r"<input\b[^<>\n]{0,300}\btype=[\"']?\Z", re.I)
_FIELD_VALUE = re.compile(rf"{_QUOTE}?[^<>\n]{{0,300}}?\bvalue=[\"'](?P<value>[^\"'<>\n]{{2,512}})[\"']", re.I)
_FIELD_BEFORE = re.compile(r"\bvalue=[\"'](?P<value>[^\"'<>\n]{2,512})[\"'][^<>\n]{0,300}\Z", re.I)
_LOOK_BACK = 600


def paired_values(text: str, start: int, end: int) -> list[Value]:
    """The value that belongs to the name at `text[start:end]`, wherever in the line it stands."""
    parameter = _PARAMETER.match(text, end) or _DEFAULT.match(text, end)
    if parameter:
        value = read_quoted(text, parameter.end(), sure=True) or read_value(text, parameter.end())
        return _worth(text, value) if value.quote or looks_secret(text[value.start : value.end]) else []
    before = text[max(0, start - _LOOK_BACK) : start]
    if _FIELD.search(before):
        return _of_field(text, start - len(before), before, end)
    named = _NAMED_BY.search(before)
    element = _ELEMENT.match(text, end) if named else None
    if element is None and _NAME_TAG.search(before):
        element = _KEY_ELEMENT.match(text, end)
    if element:
        return _worth(text, Value(*element.span("value")))
    first = _VALUE_FIRST.search(before) if "alue" in before or "ALUE" in before else None
    if first:
        at = start - len(before)
        return _worth(text, Value(at + first.start("value"), at + first.end("value"), first["open"]))
    return []


def _of_field(text: str, at: int, before: str, end: int) -> list[Value]:
    """The value of the field of a form, behind its type or before it."""
    behind = _FIELD_VALUE.match(text, end)
    if behind:
        return _worth(text, Value(*behind.span("value")))
    lead = _FIELD_BEFORE.search(before, before.rfind("<"))
    return _worth(text, Value(at + lead.start("value"), at + lead.end("value"))) if lead else []


def _worth(text: str, value: Value) -> list[Value]:
    word = text[value.start : value.end]
    return [] if not word.strip() or is_blank_value(word.strip()) or "«" in word or word[:1] in "[$" else [value]
