"""What a script types into the prompt for a password: `send "…\\r"` of expect, `sendline('…')` of pexpect."""

from __future__ import annotations

import re

from arcdiag.redact.judge import is_blank_value
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span
from arcdiag.redact.values import read_quoted

_SEND = re.compile(r"send(?:line|_user)?(?:[ \t]{1,4}(?:-(?:s|h|-)[ \t]{1,4}){0,3}|\([ \t]{0,4})[bru]?(?=[\"'{])")
_BRACED = re.compile(r"\{(?P<value>[^{}\n]{2,256})\}")
_PROMPT = re.compile(r"expect[^\n]{0,300}(?:assword|assphrase|asscode|ecret|oken|PIN)", re.I)
_LINE_END = re.compile(r"(?:\\{1,4}[rn])+\Z")
_BEFORE = 600


def find_sent(line: Line, hit: int) -> list[Span]:
    """The text that is sent, if the last prompt that was waited for asks for a secret."""
    match = _SEND.match(line.text, hit)
    if match is None:
        return []
    before = line.before[-_BEFORE:].decode("utf-8", "replace") + line.text[max(0, hit - _BEFORE) : hit]
    last = before.rfind("expect")
    if last < 0 or not _PROMPT.match(before, last):
        return []
    braced = _BRACED.match(line.text, match.end())
    quoted = None if braced else read_quoted(line.text, match.end(), sure=True)
    if braced:
        start, end = braced.span("value")
    elif quoted:
        start, end = quoted.start, quoted.end
    else:
        return []
    tail = _LINE_END.search(line.text[start:end])
    end = start + tail.start() if tail else end
    word = line.text[start:end]
    if is_blank_value(word) or "«" in word or word[:1] in "$[":
        return []
    return [Span(start, end, SecretKind.PASSWORD, hit)]
