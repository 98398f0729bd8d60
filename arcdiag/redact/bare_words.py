"""A bare word behind a name and its sign: where it ends, and whether it is the value."""

from __future__ import annotations

import re

from arcdiag.redact.judge import is_blank_value, is_pass_phrase, is_prose, looks_secret
from arcdiag.redact.logins import second_value
from arcdiag.redact.values import Value, read_quoted, read_word

_LINE_START = re.compile(
    r"[\s﻿]{0,64}(?:[-#>*+|][ \t]{1,8}|(?:export|set|setx|env)[ \t]{1,4}){0,2}"
    r"(?:(?:client|service|principal|access|refresh|shared|account|user|proxy|admin|sas|api|application|app|storage|private|"
    r"primary|secondary|bearer|azure|arc|domain|onboarding|secret)[ _]){0,4}[\"'$]?\Z",
    re.I,
)
URL_VALUE = re.compile(r"https?(?::|%3a)", re.I)
"""What begins an address."""
_SURELY = 300
_WHOLE_FORMS = ("sas-token", "sastoken", "sas_token")
_SET_QUOTED = re.compile(
    r"(?:\b(?:set|export|env|ENV)[ \t]{1,4}|\bEnvironment=|[ \t](?:-e|--env|--build-arg|--from-literal)[ \t=]{1,4}"
    r"|Environment=[^\n]{0,20}[\"'][ \t]{1,4})\Z"
)
_LONGEST_PHRASE = 120
_CMDLET = re.compile(r"[A-Z][a-z]+-[A-Z]\w+\Z")


def bare_values(text: str, start: int, name: str, match: re.Match[str]) -> list[Value]:
    """The word behind `name`, which begins at `start`, and its sign: `match` tells of the quotes and blanks there."""
    at = match.end()
    if not match["quote"] and (URL_VALUE.match(text, at) or text.startswith("//", at)):
        return []
    apart = second_value(text, start + name.rfind("/") + 1, at)
    if apart:
        return apart
    stops = "<;" if text[start - 1 : start] not in ("?", "&") else "<;&"
    whole = _whole_quoted(text, start, at) if match["sign"] == "=" and not match["quote"] else None
    if whole:
        return [whole]
    value = read_word(text, at, stops)
    if not name.lower().endswith(_WHOLE_FORMS):
        value = Value(value.start, _form_end(text, value))
    word = text[value.start : value.end]
    if not word or is_blank_value(word):
        return []
    if match["quote"] or value.end - value.start >= _SURELY:
        return [value]
    if _is_working_folder(name, word, text[start - 1 : start]):
        return []
    line_end = len(text) if (end := text.find("\n", at)) < 0 else end
    if is_at_start(text, start) and _is_phrase(name, text[at:line_end]):
        return [Value(at, at + len(text[at:line_end].rstrip()))]
    rest_is_word = not text[value.end : value.end + 200].strip(" \t\r\n\"'`;,)\\")
    at_start = is_at_start(text, start)
    spaced = bool(match["blank"] or match["after"])
    if "=" in match["sign"] or match["sign"].startswith("%"):
        if name.startswith("$"):
            sure = looks_secret(word) and not _CMDLET.match(word)
        else:
            sure = not spaced or rest_is_word or looks_secret(word)
    elif not spaced:
        sure = not is_prose(word)
    else:
        sure = looks_secret(word) or (at_start and rest_is_word and not is_prose(word))
    return [value] if sure else []


def is_at_start(text: str, start: int) -> bool:
    """Whether the name at `start` is the first on its line, but for words that belong to it."""
    return _LINE_START.match(text[max(0, start - 120) : start]) is not None


def _is_phrase(name: str, rest: str) -> bool:
    """Whether the rest of the line is a pass phrase; under the name of a password it has four words at least."""
    least = 3 if name.lower().endswith("phrase") else 4
    return len(rest) <= _LONGEST_PHRASE and rest.count(" ") + 1 >= least and is_pass_phrase(rest)


def _whole_quoted(text: str, start: int, at: int) -> Value | None:
    """The value at `at` where name and value stand in quotes together, `set "NAME=value of many words"`."""
    if text[start - 1 : start] not in ("'", '"') or not _SET_QUOTED.search(text, max(0, start - 40), start - 1):
        return None
    whole = read_quoted(text, start - 1, sure=True)
    return Value(at, whole.end, whole.quote) if whole and whole.closed and at < whole.end else None


def _form_end(text: str, value: Value) -> int:
    """Where the next field of a form begins (`&grant_type=`), else the value's end."""
    match = re.search(
        r"&(?:amp;)?[A-Za-z_.][A-Za-z0-9_.-]{0,40}=|\\u0026|%26[A-Za-z_]{1,40}%3[Dd]", text[value.start : value.end]
    )
    return value.start + match.start() if match else value.end


def _is_working_folder(name: str, word: str, before: str) -> bool:
    """`PWD=/root` of an environment is a folder; `Pwd=…` of a connection string is not."""
    return name.lower().lstrip("$") == "pwd" and before != ";" and bool(re.match(r"/|[A-Za-z]:|~|\\\\", word))
