"""Secrets in what people write: `the password is …`, `use … as the client secret`, and the same in other languages."""

from __future__ import annotations

import re

from arcdiag.redact.judge import is_prose, looks_secret
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span
from arcdiag.redact.values import Value, read_between, read_quoted, read_word

_QUALIFIED = r"(?:[A-Za-z-]{2,20}[ \t]){0,3}"
_SAYS = re.compile(
    r"[ \t]{1,4}(?:(?:value|text|string)[ \t]{1,4})?(?:(?:we use |you need |to use |i (?:got|used) )[ \t]{0,4})?"
    r"(?:(?:is|was|are|has been|have been|will be|gets?)(?:[ \t]{1,4}(?:now|set|changed|reset|updated|called))?"
    r"(?:[ \t]{1,4}to)?|(?:(?:set|changed|reset|updated)[ \t]{1,4})?to|equals|identified by|by|lautet|ist)"
    r"[ \t]{0,4}:?[ \t]{1,4}(?=\S)",
    re.I,
)
_WITH = re.compile(
    r"\b(?:with|using|use|used|and|under|by)[ \t]{1,4}(?:the |a |an |this |my |our )?" + _QUALIFIED + r"\Z", re.I
)
_SHOWN = re.compile(r"[ \t]{0,4}(?:->|=>|--?|–|»|\*\*|\(value\):?)[ \t]{1,4}(?=\S)|[ \t]{1,2}(?=[\"'(\[`])", re.I)
_BLANK = re.compile(r"[ \t]{1,4}(?=[^\s:=|-])")
_AS = re.compile(
    r"[ \t]{1,4}(?:as|is|was|for(?= the | your | our | my ))[ \t]{1,4}(?:the |a |an |your |my |our |its |new ){0,2}"
    + _QUALIFIED
    + r"\Z",
    re.I,
)
_BEFORE = 100
_LONGEST = 256
_MOST = 1024
"""A longer word is none of a sentence."""
_NUMBER = re.compile(r"[0-9][0-9.,:/-]*[-]?[A-Za-z%]{0,10}\Z")
_WORD_AND_NUMBER = re.compile(r"[A-Za-z]{2,}[-_.]?[0-9]{1,3}\Z")
_NUMBERED = re.compile(r"[A-Za-z]{2,}[-_.]?[0-9]{1,8}\Z")
_STRICT = 8
_BRACKETS = {"(": ")", "<": ">", "[": "]", "`": "`"}
_QUOTED_ONLY = "identified by"
FOREIGN = (
    "kennwort",
    "contraseña",
    "contrasena",
    "mot de passe",
    "senha",
    "wachtwoord",
    "hasło",
    "пароль",
    "비밀번호",
    "암호",
    "密码",
    "密碼",
    "口令",
    "パスワード",
    "key content",
    _QUOTED_ONLY,
)
"""Names of a password in other languages, and those of two words; in lower case."""
_FOREIGN = re.compile(
    r"[\"'*`)\]”]{0,4}[ \t]{0,40}(?:(?:[A-Za-z]{2,20}[ \t]){0,2}(?:[:=：]|lautet|ist|es|est|é|is|jest)"
    r"|는|은|가|是|为|為|は|(?<=ed by))"
    r"[ \t]{0,8}[:：]?[ \t]{0,8}(?=\S)",
    re.I,
)


def told_values(line: Line, start: int, end: int) -> list[Value]:
    """What a sentence around the name at `text[start:end]` says that the secret is."""
    says = _SAYS.match(line.text, end)
    if says:
        return _worth(line.text, says.end(), 6)
    shown = _SHOWN.match(line.text, end)
    if shown:
        return [
            value for value in _worth(line.text, shown.end(), _STRICT) if _is_mixed(line.text[value.start : value.end])
        ]
    before = line.text[max(0, start - _BEFORE) : start]
    given = _AS.search(before)
    if given:
        end_of = start - len(before) + given.start()
        words = line.text[max(0, end_of - _LONGEST) : end_of].split()
        values = _worth(line.text, end_of - len(words[-1]), _STRICT, end_of) if words else []
        if values:
            return values
    blank = _BLANK.match(line.text, end)
    return _worth(line.text, blank.end(), _STRICT) if blank and _WITH.search(before) else []


def _is_mixed(word: str) -> bool:
    """Whether it has capital and small letters and digits among them, which names of codes and events have not."""
    return not _NUMBERED.match(word) and all(
        any(test(char) for char in word) for test in (str.isdigit, str.isupper, str.islower)
    )


def find_foreign(line: Line, hit: int) -> list[Span]:
    """The value behind a password's name in another language."""
    name = next(name for name in FOREIGN if line.low.startswith(name, hit))
    sign = _FOREIGN.match(line.text, hit + len(name))
    # Much is identified by a name; a password is quoted there.
    wanted = sign is not None and (name != _QUOTED_ONLY or line.text[sign.end()] in "\"'")
    values = _worth(line.text, sign.end(), 6) if sign and wanted else []
    return [
        Span(value.start, value.end, SecretKind.PASSWORD, hit)
        for value in values
        if line.text[value.start : value.end].isascii()
    ]


def _worth(text: str, at: int, least: int, limit: int = 0) -> list[Value]:
    """The word or the quoted text at `at`, if it is no word of the sentence."""
    closing = _BRACKETS.get(text[at : at + 1])
    value = read_between(text, at + 1, text[at], closing) if closing else read_quoted(text, at)
    if value is None:
        value = read_word(text, at, limit=_MOST)
    end = min(value.end, limit) if limit else value.end
    word = text[value.start : end].rstrip("\"'`.,:;!?)>]”’")
    if (
        not least <= len(word) < _MOST
        or any(char.isspace() for char in word)
        or is_prose(word)
        or not looks_secret(word)
    ):
        return []
    if _NUMBER.match(word) or _WORD_AND_NUMBER.match(word) or not any(char.isdigit() for char in word):
        return []
    return [Value(value.start, value.start + len(word))]
