"""Secrets whose name stands in a line above them: values, lists, settings of two fields, users, columns of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from arcdiag.redact.judge import is_blank_value, is_prose, looks_secret
from arcdiag.redact.kinds import SECRET_TOKEN, SecretKind, is_redacted
from arcdiag.redact.labels import BLANK_LINES, is_labelled, label_kind
from arcdiag.redact.mails import HEADERS, is_field, opens_body
from arcdiag.redact.names import kind_of_name
from arcdiag.redact.opened import Carry, Open, hidden
from arcdiag.redact.packed import LINES, is_last, opens_packed, packed_parts
from arcdiag.redact.shapes import PRIVATE_LINES, RECOVERY, SHOWN_KEY
from arcdiag.redact.tables import columns_of, row_of
from arcdiag.redact.values import Value, read_value

_LIST_LINES = 200
_PAIR_LINES = 6
_TABLE_LINES = 100_000
_SHAPE_LENGTH = 6
_MOST_ROW = 64 * 1024
_NAME = r"(?P<name>[A-Za-z][\w.-]{1,60})"
_ITEM = re.compile(r"\s{0,64}-[ \t]{1,8}(?=\S)")
_QUOTED_ITEM = re.compile(r"\s{0,64}(?P<quote>[\"'])(?P<value>[^\"'\n]{1,4096})(?P=quote)[ \t]{0,4},?\s{0,4}\Z")
_MAPPING = re.compile(r"[\"']?[\w.-]{1,60}[\"']?:(?:\s|\Z)")
_BETWEEN = re.compile(r"\s{0,64}(?:#.{0,400})?\s*\Z")
_VALUE_NAME = re.compile(r"[\"']?(?:default_?)?value[\"']?[ \t]{0,40}[:=][ \t]{0,4}(?=\S)", re.I)
_DEFAULT_NAME = re.compile(r"default[ \t]{0,40}=[ \t]{0,4}(?=\S)", re.I)
_ELEMENT = re.compile(
    r"<(?P<tag>\w{1,20})(?:[ \t][^<>]{0,200})?>(?:<(?:b|code|strong|span|tt|i|kbd)>)?(?P<value>[^<>\n]{2,65536}?)"
    r"(?:</(?:b|code|strong|span|tt|i|kbd)>)?</(?P=tag)>"
)
# What stands beside the value in an answer file: whether it is plain.
_SETTING = re.compile(r"\s{0,64}<(?P<tag>plaintext|_type)>[^<>\n]{0,200}</(?P=tag)>\s*\Z", re.I)
_MOST_WORD = 4096
_CELLS = ("td", "th", "dd")
_CLOSES = ("}", "]", ")", "</")
# A list of settings, each with its name in one line and its value in one of the next.
# With the sign at the line's end without which there is no need to search.
_PAIR_OPENS = (
    ("{", re.compile(rf"[\"']{_NAME}[\"'][ \t]{{0,4}}[:=]?[ \t]{{0,4}}\{{\Z")),
    (">", re.compile(rf"<(?:key|name)>[ \t]{{0,8}}{_NAME}[ \t]{{0,8}}</(?:key|name)>\Z", re.I)),
    (">", re.compile(rf"<\w[^<>]{{0,100}}\b(?:name|key|n)=[\"']{_NAME}[\"'][^<>]{{0,100}}(?<!/)>\Z", re.I)),
    (
        ">",
        re.compile(
            r"<(?P<cell>t[dh]|dt)(?:[ \t][^<>]{0,200})?>\s{0,8}(?:<(?:b|strong)>)?"
            r"(?P<name>(?:[A-Za-z]{2,20} ){0,3}[A-Za-z][\w-]{1,40})"
            r"[ \t:]{0,4}(?:</(?:b|strong)>)?\s{0,8}</(?P=cell)>\Z",
            re.I,
        ),
    ),
)
_SETTING_OPENS = re.compile(
    rf"[\"']?\b(?:name|key|property|parameter|setting)[\"']?[ \t]{{0,40}}[:=][ \t]{{0,4}}[\"']?{_NAME}[\"']?,?\Z", re.I
)
_MOST_BEFORE_SIGN, _MOST_BEHIND_SIGN = 64, 80
"""So much of `_SETTING_OPENS` stands at most on either side of its sign, which is the last one of the line."""
_USERS_OPEN = re.compile(r"\bchpasswd\b[^|\n]{0,100}<<-?[ \t]{0,4}[\\\"']?\w{1,40}[\"']?\Z")
_USERS_LIST = re.compile(r"\s{0,64}(?:list|users):[ \t]{0,4}[|>]?[+-]?\s{0,4}\Z")
_USER = re.compile(r"\s{0,64}(?:-[ \t]{1,8})?(?!expire:)[\w.\\-]{1,64}:(?P<value>[^\s:]{4,512})\s{0,4}\Z")
_LOOK = 240


def opened_block(body: str) -> Carry:
    """What the line `body` (without blanks at its end) opens for the lines below it."""
    tail = body[-_LOOK:]
    kind = next(filter(None, (kind_of_name(match["name"]) for match in _opened_names(tail))), None)
    if kind is not None:
        return Carry(Open.PAIR, kind, left=_PAIR_LINES)
    if "<<" in tail and _USERS_OPEN.search(tail):
        return Carry(Open.USERS, SecretKind.PASSWORD, left=_LIST_LINES)
    if tail.lower().endswith("base64") and opens_body(body):
        return Carry(Open.MAIL, SecretKind.CREDENTIALS, left=HEADERS)
    if opens_packed(body):
        return Carry(Open.PACKED, SecretKind.CREDENTIALS, left=LINES)
    lines = PRIVATE_LINES.match(body) if "Private-" in body else None
    if lines:
        return Carry(Open.KEY_BLOCK, left=int(lines["count"]))
    if ".key" in tail[-6:] and SHOWN_KEY.search(tail):
        return Carry(Open.LABEL, SecretKind.TOKEN)
    if tail[-40:].lower().endswith("getnetworkcredential().password"):
        return Carry(Open.LABEL, SecretKind.PASSWORD)
    kind = label_kind(body)
    if kind is not None:
        return Carry(Open.LABEL, kind, left=BLANK_LINES)
    columns = columns_of(body)
    return Carry(Open.TABLE, left=_TABLE_LINES, columns=columns) if columns else Carry()


def _opened_names(tail: str) -> Iterator[re.Match[str]]:
    """The names of settings that end the line and may have their value in one of the next ones."""
    sign = max(tail.rfind(":"), tail.rfind("="))
    if sign >= 0 and len(tail) - sign <= _MOST_BEHIND_SIGN:
        match = _SETTING_OPENS.search(tail, max(0, sign - _MOST_BEFORE_SIGN))
        if match:
            yield match
    for ending, pattern in _PAIR_OPENS:
        match = pattern.search(tail) if tail.endswith(ending) else None
        if match:
            yield match


def follow(text: str, carry: Carry) -> tuple[str, Carry]:
    """The line below without what belongs to the block, and what is still open then."""
    match carry.what:
        case Open.FLAG:
            return _flag_line(text, carry)
        case Open.LIST:
            return _list_line(text, carry) or (text, Carry())
        case Open.PAIR:
            return _pair_line(text, carry)
        case Open.USERS:
            return _user_line(text, carry)
        case Open.LABEL:
            return _labelled_line(text, carry)
        case Open.PACKED:
            return _packed_line(text, carry)
        case Open.MAIL:
            return text, _behind_field(text, carry)
        case _:
            return _row_line(text, carry)


def _flag_line(text: str, carry: Carry) -> tuple[str, Carry]:
    if carry.kind is SecretKind.PASSWORD and _USERS_LIST.match(text):
        return text, Carry(Open.USERS, carry.kind, left=_LIST_LINES)
    if not text.strip():
        return text, replace(carry, what=Open.LABEL, left=BLANK_LINES - 1)
    if _SETTING.match(text) and carry.left < _PAIR_LINES:
        return text, replace(carry, left=carry.left + 1)
    as_list = _list_line(text, replace(carry, what=Open.LIST, left=_LIST_LINES))
    if as_list is not None and (_ITEM.match(text) or carry.prefixed):
        return as_list
    start = len(text) - len(text.lstrip())
    named = _VALUE_NAME.match(text, start)
    element = _ELEMENT.match(text, start)
    value = _inside(element) if element else read_value(text, named.end() if named else start)
    return _with_value(text, value, carry.kind), Carry()


def _labelled_line(text: str, carry: Carry) -> tuple[str, Carry]:
    bare = text.strip("`\"'*|> \t\r\n")
    if not bare:
        return text, replace(carry, left=carry.left - 1) if carry.left > 0 else Carry()
    if len(bare) > _MOST_WORD or any(map(str.isspace, bare)) or "«" in bare or not is_labelled(bare, carry.kind):
        return text, Carry()
    return hidden(text, text.find(bare), len(bare), carry.kind), Carry()


def _packed_line(text: str, carry: Carry) -> tuple[str, Carry]:
    parts = packed_parts(text, not carry.prefixed) if carry.left > 0 else []
    if not parts:
        return text, Carry()
    start, end = parts[-1]
    token = SECRET_TOKEN.fullmatch(text, start, end)
    size = int(token[0].strip("»").rpartition(":")[2]) if token else end - start
    for start, end in reversed(parts):
        if not is_redacted(text[start:end]):
            text = hidden(text, start, end - start, carry.kind)
    return text, Carry() if is_last(size) else replace(carry, left=carry.left - 1, prefixed=True)


def _behind_field(text: str, carry: Carry) -> Carry:
    """The body of a mail begins behind the first empty line."""
    if not text.strip():
        return replace(carry, what=Open.PACKED, left=LINES)
    return replace(carry, left=carry.left - 1) if carry.left > 0 and is_field(text) else Carry()


def _with_value(text: str, value: Value, kind: SecretKind) -> str:
    word = text[value.start : value.end]
    number = len(word) >= _SHAPE_LENGTH and word.isdigit() and not text[value.end :].strip()
    if is_redacted(word) or "«" in word or word.startswith("-") or is_blank_value(word):
        return text
    if not (value.quote or number or looks_secret(word) or RECOVERY.match(word)):
        return text
    return hidden(text, value.start, value.end - value.start, kind)


def _inside(match: re.Match[str]) -> Value:
    """What stands in quotes or in an element."""
    return Value(match.start("value"), match.end("value"), match[0][:1])


def _list_line(text: str, carry: Carry) -> tuple[str, Carry] | None:
    """None if the line is no item of the list."""
    stay = replace(carry, left=carry.left - 1)
    quoted = _QUOTED_ITEM.match(text)
    item = _ITEM.match(text)
    if carry.left <= 0 or not (quoted or item):
        return (text, stay) if carry.left > 0 and carry.prefixed and _BETWEEN.match(text) else None
    if item and _MAPPING.match(text, item.end()):
        return None
    value = _inside(quoted) if quoted else read_value(text, item.end() if item else 0)
    word = text[value.start : value.end]
    stay = replace(stay, prefixed=True)
    if is_redacted(word) or "«" in word or is_blank_value(word):
        return text, stay
    whole = not text[value.end :].strip(" \t\r\n\"',")
    plain = carry.kind is SecretKind.PASSWORD and whole and not is_prose(word)
    if not (looks_secret(word) or plain or (value.quote and whole and carry.kind is not SecretKind.TOKEN)):
        return text, stay
    return hidden(text, value.start, value.end - value.start, carry.kind), stay


def _pair_line(text: str, carry: Carry) -> tuple[str, Carry]:
    start = len(text) - len(text.lstrip())
    if carry.left <= 0 or start == len(text) or text.startswith(_CLOSES, start):
        return text, Carry()
    named = _VALUE_NAME.match(text, start) or _DEFAULT_NAME.match(text, start)
    element = None if named else _ELEMENT.match(text, start)
    if named is None and element is None:
        return text, replace(carry, left=carry.left - 1)
    value = _inside(element) if element else read_value(text, named.end() if named else start)
    word = text[value.start : value.end]
    if element and element["tag"].lower() in _CELLS and (not looks_secret(word) or any(map(str.isspace, word))):
        return text, Carry()
    if word[:1] in "[$({" or (carry.kind is SecretKind.TOKEN and not looks_secret(word)):
        return text, Carry()
    return _with_value(text, value, carry.kind), Carry()


def _user_line(text: str, carry: Carry) -> tuple[str, Carry]:
    if _USERS_LIST.match(text):
        return text, carry
    user = _USER.match(text)
    if user is None:
        left = carry.left > 0 and "«secret:" in text
        return text, replace(carry, left=carry.left - 1) if left else Carry()
    stay = replace(carry, left=carry.left - 1)
    word = user["value"]
    if is_blank_value(word) or "«" in word:
        return text, stay
    return hidden(text, user.start("value"), len(word), carry.kind), stay


def _row_line(text: str, carry: Carry) -> tuple[str, Carry]:
    if carry.columns is None or carry.left <= 0 or len(text) > _MOST_ROW:
        return text, Carry()
    row, columns = row_of(text, carry.columns)
    return row, replace(carry, left=carry.left - 1, columns=columns) if columns else Carry()
