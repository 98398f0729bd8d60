"""Passwords that are named in another language, and names of two words."""

from __future__ import annotations

import re

from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span
from arcdiag.redact.logins import apart_values
from arcdiag.redact.names import FOREIGN_PASSWORDS
from arcdiag.redact.sentences import phrase_values, worth
from arcdiag.redact.values import Value

_LEAST = 6
_QUOTED_ONLY = "identified by"
_OF_FILES = ("file content", "token content")
_ALSO_OF_OTHERS = (*_OF_FILES, "shared key", _QUOTED_ONLY)
_CONTENT = 16
FOREIGN = (
    *FOREIGN_PASSWORDS,
    "key content",
    "pass phrase",
    "unseal key",
    "secret value",
    "file content",
    "token content",
    "shared key",
    _QUOTED_ONLY,
)
"""Names of a password in other languages, and those of two words; in lower case."""
# Beginnings of those beyond ASCII: each byte that no other gate has makes the search for all of them slower.
_SHORT = {
    "contraseña": "contrase",
    "пароль": "паро",
    "비밀번호": "비밀",
    "패스워드": "패스",
    "パスワード": "パス",
    "密码": "密",
    "密碼": "密",
}
FOREIGN_GATES = tuple(dict.fromkeys(_SHORT.get(name, name) for name in FOREIGN))
"""What a line with such a name holds, in lower case."""
_FOREIGN = re.compile(
    r"(?: [0-9])?[\"'*`)\]”]{0,4}[ \t]{0,40}"
    r"(?:(?:(?:for|für|pour|para|per|voor|von|of)[ \t](?:[^\s:=]{1,80}[ \t]?){1,4})?"
    r"(?:[A-Za-z]{2,20}[ \t]){0,2}(?:[:=：]|lautet|ist|es|est|é|is|jest)"
    r"|는|은|가|를|을|是|为|為|改为|改成|は|を|(?<=ed by))"
    r"[ \t]{0,8}[:：]?[ \t]{0,8}(?=\S)",
    re.I,
)


def find_foreign(line: Line, hit: int) -> list[Span]:
    """The value behind a password's name in another language."""
    name = next(name for name in FOREIGN if line.low.startswith(name, hit))
    sign = _FOREIGN.match(line.text, hit + len(name))
    # Much is identified by a name; a password is quoted there.
    wanted = sign is not None and (name != _QUOTED_ONLY or line.text[sign.end()] in "\"'")
    values = worth(line.text, sign.end(), 6, sure=name not in _ALSO_OF_OTHERS) if sign and wanted else []
    if name in _OF_FILES:
        values = [value for value in values if value.end - value.start >= _CONTENT]
    if sign and wanted and not values and name not in _ALSO_OF_OTHERS and sign[0].strip()[-1:] in ":：=":
        values = apart_values(line.text, sign.end())
    if sign and name == "pass phrase" and not values:
        values = phrase_values(line.text, sign.end())
    spans = [Span(value.start, _ascii_end(line.text, value), SecretKind.PASSWORD, hit) for value in values]
    return [span for span in spans if span.end - span.start >= _LEAST]


def _ascii_end(text: str, value: Value) -> int:
    """Where the letters of another script begin that belong to the sentence, else the value's end."""
    return next((at for at in range(value.start, value.end) if not text[at].isascii()), value.end)
