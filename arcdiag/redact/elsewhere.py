"""Values that do not stand right behind the sign: behind a format, or echoed into a command whose output is taken."""

from __future__ import annotations

import re

from arcdiag.redact.judge import is_blank_value, looks_secret
from arcdiag.redact.values import Value, read_quoted, read_value

_ECHOED = re.compile(
    r"[\"']?[$<]\([ \t]{0,4}(?:echo|printf)[ \t]{1,4}(?:-[neE]{1,3}[ \t]{1,4})?"
    r"(?:[\"']?%s(?:\\n)?[\"']?[ \t]{1,4})?(?=[^\s$])"
)
_FORMAT = re.compile(r"%[sqv][^\"'\n]{0,200}(?P<close>[\"'])(?P<comma>[ \t]{0,4},)?[ \t]{0,4}(?=[^\s%$])")
_CONVERSION = re.compile(r"%[sqvd]")
_BLANKS = re.compile(r"[ \t]{0,4},?[ \t]{0,4}")
_MOST = 8
_HOLDS = re.compile(r"[\"']?(?:[ \t]{0,8}[:=])?[ \t]{0,8}[\"']?@?\{")
_HELD = re.compile(r"[:=][ \t]{0,8}(?=\\{0,15}[\"'])|(?P<end>\})")
_MOST_HELD = 64


def echoed_value(text: str, at: int) -> Value | None:
    """What a command at `at` echoes, as in `SECRET=$(echo … | base64 -d)`."""
    match = _ECHOED.match(text, at)
    value = read_value(text, match.end(), "|)") if match else None
    return value if value and not is_blank_value(text[value.start : value.end]) else None


def formatted_value(text: str, start: int, at: int) -> Value | None:
    """The argument of the format at `at`, as in `printf 'secret=%s' '…'`; the name begins at `start`."""
    match = _FORMAT.match(text, at)
    if match is None:
        return None
    opened = text.rfind(match["close"], max(0, start - 200), start)
    number = len(_CONVERSION.findall(text[opened + 1 : at])) if opened >= 0 else _MOST
    behind, value = match.end(), None
    for _ in range(number + 1 if number < _MOST else 0):
        value = read_quoted(text, behind) if match["comma"] else read_value(text, behind)
        if value is None or value.start == value.end:
            return None
        blanks = _BLANKS.match(text, value.end + len(value.quote))
        behind = blanks.end() if blanks else value.end
    word = text[value.start : value.end] if value else ""
    return (
        value
        if value and not is_blank_value(word) and (value.quote or looks_secret(word)) and word[:1] != "$"
        else None
    )


def held_values(text: str, at: int) -> list[Value]:
    """All values in quotes of the table or the object at `at`, whatever their names."""
    holds = _HOLDS.match(text, at)
    values: list[Value] = []
    behind = holds.end() if holds else len(text)
    while len(values) < _MOST_HELD:
        sign = _HELD.search(text, behind)
        value = read_quoted(text, sign.end(), sure=True) if sign and not sign["end"] else None
        if value is None or not value.closed:
            break
        values.append(value)
        behind = value.end + len(value.quote)
    return [value for value in values if not is_blank_value(text[value.start : value.end])]
