"""A cheap look at the bytes around the name of a secret: whether a value can belong to it at all."""

from __future__ import annotations

import re

from arcdiag.redact.labels import may_be_label
from arcdiag.redact.names import ANCHORS, TOLD_LOOSE, is_loose, is_path, is_secret_name

_QUOTES = rb"(?:[\\\"'`*)\]]|&quot;|&#3[49];|&apos;|\\u002[27]|%(?:25){0,3}2[27]|\xe2\x80[\x98-\x9d]){0,40}"
_SIGN = re.compile(
    rb"(?P<rest>[a-z0-9_-]{2,48}+)(?:(?<=ord)\.value(?=[ \t]{0,4}=))?"
    + _QUOTES
    + rb"(?:[ \t]{0,64}(?:[:=,>|;{]|/>|\xef\xbc\x9a|%(?:25){0,3}3[ad])"
    rb"|[ \t]{1,8}(?:property|[\"'\\]{0,8}value|-value|/[td] |<<|str(?:ing)?[ \t]{0,4}=|securestring[ \t]{0,4}=)"
    rb"|</|&gt;|(?:\t| {2})[ \t]{0,64}[^\s]|[ \t]{1,32}reg_[a-z]|[ \t][a-z:]{1,40}=[^<>\n]{0,300}>)"
)
# A sentence that goes on with a word that is none; the header of a table, with dashes below it; the last cell of
# another one; a line of two words; a word behind the name. Repeats are possessive: most lines hold none of them.
_AHEAD = re.compile(
    rb"[a-z0-9_-]{2,48}+(?:"
    rb"(?P<says>(?: (?:value|text|string))?(?: (?:we|you|i) [a-z]{2,8})?(?: to use)?"
    rb"(?:[ \t]{1,4}(?:is|was|are|has|have|been|will|be|gets?|now|set|changed|reset|updated|called|to|equals"
    rb"|identified|by|lautet|ist|wie|folgt|as|follows)){1,5}[ \t]{0,4}:?[ \t]{1,4}[^\s]{0,120}?[0-9])"
    rb"|(?P<header>[\"'*`]{0,2}(?:[ \t]++[a-z][a-z0-9_ \t.-]{0,200}+|[ \t]*+)(?:\r?\n(?:[ \t]*+--|\Z)|\r?\Z))"
    rb"|(?P<cell>[\"'*`]{0,2}[ \t]{0,40}+[\r\n])"
    rb"|(?P<line>[ \t]{1,40}[^\s]{4,}+[ \t]*+(?:[\r\n]|\Z))"
    rb"|(?P<shown>(?=[ \t]*+[-.=*(\"'\[`\xc2\xe2])"
    rb"(?:[ \t]{0,4}(?:\.{3,60}:?|->|=>|--?|\xe2(?:\x80\x93|\x86\x92|\x87\x92|\x9e[\x9c\xa1])|\xc2\xbb|\*\*"
    rb"|\([a-z0-9_ -]{2,24}\)[ \t]?[:=]|\(value\))"
    rb"[ \t]{1,4}|[ \t]{1,2}(?=[\"'(\[`]))"
    rb"[^\s]{0,120}?[0-9])"
    rb"|(?P<word>[ \t]{1,4}[^\s]{0,120}?[0-9]))"
)
# Of a password sentences tell more: whose it is, a word within quotes, a prompt and what was typed there.
_LETTERS = b"ps"
_TOLD = re.compile(
    rb"(?:p(?:ass(?:w[a-z]{2,4}|phrase|code)?|wd?)|secret)"
    rb"(?:(?: (?:of|for|from|on|f\xc3\xbcr|von|vom|zum)(?: [^\s:=]{1,60}){1,12}?)?"
    rb"(?: (?:is|was|are|has|have|been|will|be|gets?|now|set|changed|reset|updated|to|equals|lautet|ist)){1,5}"
    rb":?[ \t]{1,4}(?:[\"'`\xe2]|[^\s]{0,120}?[0-9])"
    rb"|[ \t]{1,4}(?:for|f\xc3\xbcr|of)[ \t]{1,4}(?:'[^'\n]{1,200}'|\"[^\"\n]{1,200}\""
    rb"|[^\s:]{1,80}(?:[ \t][^\s:]{1,60}){0,3})"
    rb"[ \t]{0,2}:[ \t]{0,8}[^\s:]{6}|\)"
    rb"|[ \t](?:changed [\"']|(?:changed )?from [\"']|(?:read|loaded|taken|fetched) from[^\n:]{1,80}:))"
)
_OF_USER = re.compile(
    rb"(?:use?r(?:[ _-]?name)?|login|account|benutzer(?:name)?|konto)[ \t:=]{1,4}[^\s,;]{1,80}[ \t,;/]{1,4}"
    rb"(?:(?:and|und|with|mit)[ \t]{1,4})?(?:(?:the|its|proxy)[ \t]{1,4}){0,2}[a-z0-9_.$/-]{0,64}\Z"
)
_GIVEN = re.compile(
    rb"[0-9][^\s]{0,120}[ \t]{1,4}(?:as|is|was|for(?= the | your | our | my ))[ \t]{1,4}"
    rb"[a-z -]{0,60}[a-z0-9_.$/-]{0,64}\Z"
)
_WITH = re.compile(rb"(?:with|using|use|used|and|under|by|mit)[ \t]{1,4}(?:[a-z-]{1,20} ){0,4}[a-z0-9_.$/-]{0,64}\Z")
_MORE = re.compile(rb"[^a-z0-9]{1,12}[^\s]{6}")
_CELL_BEFORE = re.compile(rb"[,;\t|][ \t]{0,40}[\"'*`]{0,2}[a-z0-9_.-]{0,60}\Z")
_FIRST_WORD = re.compile(rb"(?:\A|\n)(?:\xef\xbb\xbf)?[ \t]{0,40}[a-z0-9_]{0,40}\Z")
_BEFORE = 64
_LINE_ENDS = (b"\n", b"\r")
_LEAD_CHARS = b"abcdefghijklmnopqrstuvwxyz0123456789_.$/-"
_SET = re.compile(
    r"(?:setx|env|configure set|set --?[a-z]{{1,9}})[ \t]{{1,4}}[\"']?[a-z0-9_]{{0,48}}(?:{})".format(
        "|".join(ANCHORS)
    ).encode()
)
_LOGIN = re.compile(rb"login[ \t]{1,8}[^\s]{1,128}[ \t]{1,8}\Z")
_LISTED = re.compile(rb"(?:name|key)[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?[a-z0-9_.-]{0,60}\Z")
_REST = re.compile(rb"[a-z0-9_-]*")


def may_be_set(low: bytes, at: int) -> bool:
    """Whether the command at `at` of a text in lower case sets a variable of such a name."""
    return _SET.match(low, at) is not None


def may_be_named(low: bytes, at: int) -> bool:
    """Whether the anchor at `at` of a text in lower case can name a value, here or in the lines below it."""
    sign = _SIGN.match(low, at)
    before = low[at - _BEFORE if at > _BEFORE else 0 : at]
    lead = before[len(before.rstrip(_LEAD_CHARS)) :]
    if sign is None and not lead.startswith(b"-") and not _is_told(low, at, before) and not _is_led_to(before):
        return low.startswith(b"password ", at) and _LOGIN.search(low[max(0, at - 160) : at]) is not None
    rest = sign["rest"] if sign else _REST.match(low, at)[0]  # type: ignore[index]
    name = lead + rest[:40]
    if not is_secret_name(name):
        return (sign is None or low[sign.end() : sign.end() + 1] in _LINE_ENDS) and may_be_label(low, at)
    if is_path(name, low[at + len(rest) : at + len(rest) + 1]):
        return False
    return not is_loose(name) or _MORE.match(low, at + len(rest)) is not None or _tells_of_loose(low, at, name)


def _tells_of_loose(low: bytes, at: int, name: bytes) -> bool:
    """Whether a sentence or a label says that it is a password."""
    return name.decode("ascii", "replace") in TOLD_LOOSE and (_TOLD.match(low, at) is not None or may_be_label(low, at))


def _is_told(low: bytes, at: int, before: bytes) -> bool:
    """Whether a sentence may say what the secret is, or a table has a column of that name."""
    ahead = _AHEAD.match(low, at)
    if ahead is not None:
        match ahead.lastgroup:
            case "says" | "header" | "shown":
                return True
            case "cell" if _CELL_BEFORE.search(before):
                return True
            case "line" if _FIRST_WORD.search(before):
                return True
            case "cell" | "line" | "word" if may_be_label(low, at):
                return True
            case "line" | "word" if low.startswith(b" / ", at - 3):
                return True
            case "line" | "word" if _WITH.search(line := _line_before(low, at)) or _OF_USER.search(line):
                return True
    if low[at] in _LETTERS and _TOLD.match(low, at) is not None:
        return True
    given = b" as " in before or b" is " in before or b" was " in before or b" for " in before
    return given and _GIVEN.search(_line_before(low, at)) is not None


def _line_before(low: bytes, at: int) -> bytes:
    return low[max(low.rfind(b"\n", 0, at) + 1, at - 200) : at]


def _is_led_to(before: bytes) -> bool:
    """Whether `name:` stands before the name, as in a list of settings whose next line has the value."""
    return (b"name" in before or b"key" in before) and _LISTED.search(before) is not None
