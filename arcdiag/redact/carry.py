"""What a line leaves open for the next one: key blocks, values that a console wrapped, quotes, continued commands."""

from __future__ import annotations

import re
from dataclasses import replace

from arcdiag.redact.assignments import open_name
from arcdiag.redact.bare import ENTRA_CHARS, PEM_BEGIN
from arcdiag.redact.blocks import follow, opened_block
from arcdiag.redact.judge import looks_secret
from arcdiag.redact.kinds import ENTRA_LENGTH, SECRET_TOKEN, SecretKind, is_redacted
from arcdiag.redact.opened import Carry, Open, hidden

_BLOCK_LINES = 2000
"""A private key without its end mark hides at most so many lines."""
_RUN_LINES = 200
"""A token hides at most so many lines into which a console wrapped it."""
_WRAP_WIDTH = 72
_RUN_LENGTH = 16
_NARROW_LENGTH = 32
_SHAPE_LENGTH = 6
_KINDS = frozenset(kind.value for kind in SecretKind)
_BODY_WORD = re.compile(r"[A-Za-z0-9+/=]{1,512}\Z")
_PEM_HEADER = re.compile(r"[A-Za-z-]{2,40}: ")
_MORE = ("`", "\\", "^")
_LIST_OPENS = ("[", "(")
_SHORT = re.compile(r"(?:azcmagent|service-principal)\b[^\n]{0,2000}\s-p[ \t]{1,8}[`\\^]\Z")
_PLAIN_WORD = re.compile(r"[A-Z]?[a-z]+[.]?|[A-Z]+")
_RUN = re.compile(r"[A-Za-z0-9+/=_.-]+")


def go_on(text: str, carry: Carry) -> tuple[str, Carry]:
    """The line without what belongs to a secret of the line before it, and what is still open then."""
    match carry.what:
        case Open.NOTHING:
            return text, carry
        case Open.KEY_BLOCK:
            return _key_line(text, carry)
        case Open.RUN:
            return _run_line(text, carry)
        case Open.SECRET:
            return _secret_end(text, carry), Carry()
        case Open.QUOTE:
            return _quote_end(text, carry), Carry()
        case _:
            return follow(text, carry)


def _key_line(text: str, carry: Carry) -> tuple[str, Carry]:
    body = text.rstrip()
    if "-END " in text or "- END " in text or carry.left <= 0:
        return text, Carry()
    stay = replace(carry, left=carry.left - 1)
    word = body.rpartition(" ")[2].rpartition("\t")[2]
    if not body.strip() or _PEM_HEADER.match(body.lstrip()) or is_redacted(word):
        return text, stay
    whole = word == body.strip()
    if not _BODY_WORD.match(word) or not (whole or carry.prefixed or len(word) >= _RUN_LENGTH):
        return text, Carry()
    return hidden(text, len(body) - len(word), len(word), SecretKind.PRIVATE_KEY), stay


def _narrow_line(text: str, carry: Carry) -> tuple[str, Carry]:
    """A line of a token that somebody broke at less than a console's width: as wide as the first, or the last one."""
    line = text.rstrip()
    start = len(line) - len(line.lstrip(" \t>|#*"))
    body = line[start:]
    token = SECRET_TOKEN.fullmatch(body)
    size = int(token[0].strip("»").rpartition(":")[2]) if token else len(body)
    stay = replace(carry, left=carry.left - 1, prefixed=True) if start + size == carry.width else Carry()
    if token:
        return text, stay
    if carry.left <= 0 or start + size > carry.width or not _RUN.fullmatch(body) or _PLAIN_WORD.fullmatch(body):
        return text, Carry()
    if size < _RUN_LENGTH and not carry.prefixed:
        return text, Carry()
    return hidden(text, start, size, carry.kind), stay


def _run_line(text: str, carry: Carry) -> tuple[str, Carry]:
    if carry.width:
        return _narrow_line(text, carry)
    body = text.strip()
    stay = replace(carry, left=carry.left - 1)
    if is_redacted(body):
        size = body.rpartition(":")[2].rstrip("»")
        return text, stay if size.isdigit() and int(size) >= _RUN_LENGTH else Carry()
    match = _RUN.match(body)
    if match is None or carry.left <= 0:
        return text, Carry()
    whole, long = match[0] == body, len(match[0]) >= _RUN_LENGTH
    if (not whole and not (long and looks_secret(match[0]))) or (whole and not long and body.isalpha()):
        return text, Carry()
    done = hidden(text, text.find(match[0]), len(match[0]), carry.kind)
    return done, stay if whole and long else Carry()


def left_open(text: str, raw: str = "") -> Carry:
    """What the scrubbed line `text` leaves for the next one; `raw` is the same before it was scrubbed.

    A token that stood at its end before leaves nothing: the rest of that secret was taken out with it, and tokens of
    names, which came in between, change the width by which a wrapped line is told.
    """
    body = text.rstrip()
    begin = PEM_BEGIN.search(body) if "BEGIN " in body else None
    if begin:
        rest = SECRET_TOKEN.sub("", body[begin.end() :])
        if "END " not in rest and not rest.strip("\\nrt \t"):
            prefixed = bool(body[: begin.start()].strip("\ufeff \t\"'"))
            return Carry(Open.KEY_BLOCK, left=_BLOCK_LINES, prefixed=prefixed)
        return Carry()
    kind = SecretKind.CLIENT_SECRET if body[-1:] in _MORE and _SHORT.search(body) else open_name(body)
    if kind is not None:
        return Carry(Open.FLAG, kind, prefixed=body[-1:] in _LIST_OPENS)
    token = _last_token(body)
    if token and raw.rstrip().endswith(token[0]):
        token = None
    after = _after_token(text, body, token) if token else Carry()
    return after if after.what is not Open.NOTHING else opened_block(body)


def _last_token(body: str) -> re.Match[str] | None:
    at = body.rfind("«secret:", max(0, len(body) - 120))
    match = SECRET_TOKEN.match(body, at) if at >= 0 else None
    return match if match and match.end() == len(body) else None


def _after_token(text: str, body: str, token: re.Match[str]) -> Carry:
    """The line ends with a secret: wrapped by a console, or within quotes that were not closed."""
    _, name, form, size = token[0].strip("«»").split(":")
    if name not in _KINDS:
        return Carry()
    kind = SecretKind(name)
    width = len(SECRET_TOKEN.sub(lambda m: "x" * min(int(m[0].strip("»").rpartition(":")[2]), 1000), body))
    if form in ("jwt", "not-a-jwt", "base64") and int(size) >= _RUN_LENGTH and width >= _WRAP_WIDTH:
        return Carry(Open.RUN, kind, left=_RUN_LINES)
    if form in ("jwt", "not-a-jwt") and int(size) >= _NARROW_LENGTH:
        return Carry(Open.RUN, kind, left=_RUN_LINES, width=width)
    cut = form == "entra-shaped" or (form == "text" and int(size) <= _SHAPE_LENGTH)
    if kind is SecretKind.CLIENT_SECRET and cut and int(size) < ENTRA_LENGTH and width >= _WRAP_WIDTH:
        return Carry(Open.SECRET, SecretKind.CLIENT_SECRET, left=ENTRA_LENGTH - int(size))
    opened = body[: token.start()][-1:]
    if opened and opened in "\"'" and text.endswith("\n"):
        return Carry(Open.QUOTE, kind, quote=opened)
    return Carry()


def _secret_end(text: str, carry: Carry) -> str:
    """Hides the rest of a client secret of Entra's shape: exactly so many characters as it lacks."""
    start = len(text) - len(text.lstrip())
    rest = ENTRA_CHARS.match(text, start)
    if rest is None or len(rest[0]) != carry.left:
        return text
    if carry.left >= ENTRA_LENGTH - _SHAPE_LENGTH and "~" not in rest[0][:_SHAPE_LENGTH]:
        return text
    return hidden(text, start, carry.left, carry.kind)


def _quote_end(text: str, carry: Carry) -> str:
    """Hides what stands before the closing quote, if it is the rest of one word."""
    end = text.find(carry.quote, 0, 512)
    start = len(text) - len(text.lstrip(" \t"))
    rest = text[start:end] if end > start else ""
    if not rest or is_redacted(rest) or any(char.isspace() for char in rest) or "=" in rest.rstrip("="):
        return text
    return hidden(text, start, len(rest), carry.kind)
