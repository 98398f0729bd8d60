"""Secrets in what people write: `the password is …`, `use … as the client secret`."""

from __future__ import annotations

import re

from arcdiag.redact.judge import is_blank_value, is_message, is_pass_phrase, is_prose, like_a_password, looks_secret
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line
from arcdiag.redact.values import Value, read_between, read_quoted, read_word

_QUALIFIED = r"(?:[A-Za-z-]{2,20}[ \t]){0,3}"
_SAYS_TEXT = (
    r"[ \t]{1,4}(?:(?:value|text|string)[ \t]{1,4})?(?:(?:we use |you need |to use |i (?:got|used) )[ \t]{0,4})?"
    r"(?:(?:is|was|are|has been|have been|will be|gets?)(?:[ \t]{1,4}(?:now|set|changed|reset|updated|called))?"
    r"(?:[ \t]{1,4}to)?|(?:(?:set|changed|reset|updated)[ \t]{1,4})?to|equals|identified by|by|lautet|ist)"
    r"(?:[ \t]{1,4}(?:wie folgt|as follows))?[ \t]{0,4}:?[ \t]{1,4}(?=\S)"
)
_SAYS = re.compile(_SAYS_TEXT, re.I)
# `the password of the proxy user is …`, `Password for user svc: …`
_SAYS_OF = re.compile(
    rf"[ \t]{{1,4}}(?:of|for|from|on|für|von|vom|zum)(?:[ \t]{{1,4}}[^\s:=]{{1,60}}){{1,12}}?{_SAYS_TEXT}", re.I
)
_ASKED = re.compile(
    r"[ \t]{1,4}(?:for|für|of)[ \t]{1,4}(?:'[^'\n]{1,200}'|\"[^\"\n]{1,200}\"|[^\s:]{1,80}(?:[ \t][^\s:]{1,60}){0,3})"
    r"[ \t]{0,2}:[ \t]{0,8}(?P<value>[^\s:]{6,256})[ \t]*(?=[\r\n]|\Z)",
    re.I,
)
_ASKS = re.compile(
    r"(?:\A|[\n>\]:|\ufeff])[ \t]{0,8}"
    r"(?:(?:please[ \t])?(?:enter|type|provide|supply|input)[ \t](?:(?:the|your|a)[ \t])?)?"
    r"(?:[a-z]{2,12}[ \t]){0,2}\Z",
    re.I,
)
_OF_USER = re.compile(
    r"\b(?:use?r(?:[ _-]?name)?|login|account|benutzer(?:name)?|konto)[ \t:=]{1,4}[^\s,;]{1,80}[ \t,;/]{1,4}"
    r"(?:(?:and|und|with|mit)[ \t]{1,4})?(?:(?:the|its|proxy)[ \t]{1,4}){0,2}\Z|[\w.\\@-]{2,64} / \Z",
    re.I,
)
# Behind these a word within quotes is the password itself; what else is said of one stands there, too.
_TELLS = re.compile(r"\b(?:is|to|lautet|ist|equals)[ \t]{0,4}:?[ \t]{1,4}\Z", re.I)
_WITH = re.compile(
    r"\b(?:with|using|use|used|and|under|by|mit)[ \t]{1,4}(?:the |a |an |this |my |our )?" + _QUALIFIED + r"\Z", re.I
)
# `secret changed 'x' to 'y'`
_CHANGED = re.compile(r"[ \t]{1,4}(?:changed[ \t]{1,4}(?:from[ \t]{1,4})?|from[ \t]{1,4})(?=[\"'])", re.I)
_INTO = re.compile(r"[\"'][ \t]{1,4}(?:to|into)[ \t]{1,4}(?=[\"'])", re.I)
# `svc / … (password)`
_IN_BRACKETS = re.compile(r"[/:|,][ \t]{1,4}(?P<value>[^\s/:|,]{6,128})[ \t]{1,2}\(\Z")
_SHOWN = re.compile(
    r"[ \t]{0,4}(?:\.{3,60}:?|[ \t](?:read|loaded|taken|fetched) from[^\n:]{1,80}:"
    r"|->|=>|--?|[–»→⇒➜➡]|\*\*|\([\w -]{2,24}\)[ \t]?[:=]|\(value\))[ \t]{1,4}(?=\S)"
    r"|[ \t]{1,2}(?=[\"'(\[`])",
    re.I,
)
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
_STRICT, _LONG = 8, 16
_LEAST_LETTERS, _MOST_LETTERS = 6, 40
_BRACKETS = {"(": ")", "<": ">", "[": "]", "`": "`", "「": "」", "『": "』"}


def told_values(line: Line, start: int, end: int, kind: SecretKind) -> list[Value]:
    """What a sentence around the name at `text[start:end]` says that the secret is."""
    password = kind is SecretKind.PASSWORD
    changed = _CHANGED.match(line.text, end)
    if changed and (values := _both_quoted(line.text, changed.end())):
        return values
    says = _SAYS.match(line.text, end)
    of_whom = None if says else _SAYS_OF.match(line.text, end)
    if of_whom and not password:
        return [
            value
            for value in worth(line.text, of_whom.end(), _STRICT, sure=True)
            if _is_shown(line.text[value.start : value.end], True)
        ]
    says = says or of_whom
    if says:
        values = worth(line.text, says.end(), 6, sure=password)
        return values or (_quoted_word(line.text, says) if password else [])
    asked = _ASKED.match(line.text, end) if password else None
    if asked and looks_secret(asked["value"]) and _ASKS.search(line.text, max(0, start - 60), start):
        return [Value(*asked.span("value"))]
    bracketed = _IN_BRACKETS.search(line.text, max(0, start - 140), start) if line.text[end : end + 1] == ")" else None
    if bracketed and _is_shown(bracketed["value"], True):
        return [Value(*bracketed.span("value"))]
    shown = _SHOWN.match(line.text, end)
    if shown:
        sure = password or shown[0].lstrip().startswith("..")
        values = worth(line.text, shown.end(), _STRICT, sure=sure)
        return [value for value in values if _is_shown(line.text[value.start : value.end], sure)]
    before = line.text[max(0, start - _BEFORE) : start]
    given = _AS.search(before)
    if given:
        end_of = start - len(before) + given.start()
        words = line.text[max(0, end_of - _LONGEST) : end_of].split()
        values = worth(line.text, end_of - len(words[-1]), _STRICT, end_of, sure=password) if words else []
        if values:
            return values
    blank = _BLANK.match(line.text, end)
    if blank and password and _OF_USER.search(before):
        return worth(line.text, blank.end(), _STRICT, sure=True)
    return worth(line.text, blank.end(), _STRICT) if blank and _WITH.search(before) else []


def phrase_values(text: str, at: int) -> list[Value]:
    """The pass phrase at `at`, in quotes or to the end of the line."""
    value = read_quoted(text, at)
    if value is None:
        end = len(text.rstrip()) if (end := text.find("\n", at)) < 0 else at + len(text[at:end].rstrip())
        value = Value(at, end)
    return [value] if is_pass_phrase(text[value.start : value.end]) else []


def _both_quoted(text: str, at: int) -> list[Value]:
    """The old and the new value, each within quotes."""
    old = read_quoted(text, at)
    into = _INTO.match(text, old.end) if old and old.closed else None
    new = read_quoted(text, into.end()) if into else None
    values = [value for value in (old, new) if value and value.closed] if new else []
    return [value for value in values if not is_blank_value(text[value.start : value.end])]


def _quoted_word(text: str, says: re.Match[str]) -> list[Value]:
    """A password of letters only within quotes, or words, right behind a word that says what it is."""
    at = says.end()
    closing = "`" if text[at : at + 1] == "`" else ""
    value = read_between(text, at + 1, "`", "`") if closing else read_quoted(text, at)
    if value is None or not value.closed or not _TELLS.search(says[0]):
        return []
    word = text[value.start : value.end]
    if is_pass_phrase(word):
        return [value]
    if not word.isalpha() or not word.isascii() or not _LEAST_LETTERS <= len(word) <= _MOST_LETTERS:
        return []
    return [] if is_blank_value(word) or is_prose(word) or is_message(word) else [value]


def _is_shown(word: str, password: bool) -> bool:
    return _is_mixed(word) or (password and word[:1].isupper() and like_a_password(word))


def _is_mixed(word: str) -> bool:
    """Whether it has capital and small letters and digits among them, which names of codes and events have not."""
    return not _NUMBERED.match(word) and all(
        any(test(char) for char in word) for test in (str.isdigit, str.isupper, str.islower)
    )


def worth(text: str, at: int, least: int, limit: int = 0, sure: bool = False) -> list[Value]:
    """The word or the quoted text at `at`, if it is no word of the sentence; `sure`: a password stands there."""
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
    if sure and like_a_password(word):
        return [Value(value.start, value.start + len(word))]
    if _NUMBER.match(word) or _WORD_AND_NUMBER.match(word) or not any(char.isdigit() for char in word):
        return []
    return [Value(value.start, value.start + len(word))]
