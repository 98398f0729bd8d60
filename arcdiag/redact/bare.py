"""Secrets that show by their own shape, without a name: JWTs, Entra's client secrets, private keys in base64."""

from __future__ import annotations

import re

from arcdiag.redact.kinds import ENTRA_START, SecretKind
from arcdiag.redact.line import Line, Span

# Possessive repeats: a run without a dot fails at once, not once more for each of its characters.
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,65536}+(?:\.[A-Za-z0-9_-]{0,65536}+){1,4}|eyJ[A-Za-z0-9+/_-]{21,65536}+={0,2}")
_ENTRA = re.compile(r"[A-Za-z0-9_.~-]{3}[0-9]Q~[A-Za-z0-9_.~-]{8,80}")
# The first characters can belong to an escaped one, which must not be cut in two.
_ESCAPE = re.compile(r"\\{1,32}(?:u[0-9A-Fa-f]{0,3})?\Z")
_ENTRA_END = re.compile(r"(?:[A-Za-z0-9_.~-]{0,2}[0-9])?Q?~[A-Za-z0-9_.~-]{34}(?![A-Za-z0-9_.~-])")
# The first bytes of a PKCS#12 store (DER and BER), of PKCS#8 and of PKCS#1 in base64: a version behind a length.
_KEY_BYTES = re.compile(r"(?:MII[A-Za-z0-9+/]{3}(?:IBAzCC|IBADAN|IBAAKC)|MIACAQMwgA)[A-Za-z0-9+/]{16,65536}+={0,2}")
_PEM_WORDS = r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY|PKCS12|PFX|PKCS #12)[A-Z ]{0,20} ?-{4,5}"
PEM_BEGIN = re.compile(_PEM_WORDS)
_PEM_END = re.compile(r"-{4,5} ?END [A-Z0-9 #]{0,60} ?-{4,5}")
# No possessive repeat over a group that can backtrack: before 3.11.5 CPython matches it wrongly (gh-106052).
_PEM_BODY = re.compile(r"(?:\s|\\{1,8}[rn]){0,16}[A-Za-z0-9+/]{16}(?:[A-Za-z0-9+/= \t]|\\{1,8}[rn/]){0,65536}")
_PEM_ON_LINE = 32 * 1024
ENTRA_CHARS = re.compile(r"[A-Za-z0-9_.~-]*")


def find_jwt(line: Line, hit: int) -> list[Span]:
    """A JWT, whole or cut off, or another base64 text of JSON."""
    if not line.text.startswith("eyJ", hit) or _goes_on(line.text, hit):
        return []
    match = _JWT.match(line.text, hit)
    return [Span(hit, _without_stop(match), SecretKind.TOKEN, hit)] if match else []


def _goes_on(text: str, hit: int) -> bool:
    """Whether `hit` is inside a longer run of base64; an escaped line end or a `%3D` before it is no part of one."""
    before = text[max(0, hit - 3) : hit]
    if not before or not (before[-1].isalnum() or before[-1] in "+/_-"):
        return False
    return not re.search(r"\\[nrt]\Z|%[0-9A-Fa-f]{2}\Z|u00[0-9A-Fa-f]{2}\Z", text[max(0, hit - 6) : hit])


def _without_stop(match: re.Match[str]) -> int:
    """The match without a full stop that ends the sentence."""
    return match.end() - 1 if match[0].endswith(".") and match[0].count(".") != 2 else match.end()


def find_entra(line: Line, hit: int) -> list[Span]:
    """A client secret of Entra's present shape; `hit` is the `~` behind the Q. A console may have cut its beginning."""
    start = hit - 5
    if start >= 0 and ENTRA_START.match(line.text, start):
        match = _ENTRA.match(line.text, start)
        escape = _ESCAPE.search(line.text, max(0, start - 40), start)
        start = escape.start() if escape else start
    else:
        start = 0
        match = _ENTRA_END.match(line.text) if hit <= 5 else None
    return [Span(start, match.end(), SecretKind.CLIENT_SECRET, start)] if match else []


def find_key_bytes(line: Line, hit: int) -> list[Span]:
    """A PFX or a private key in base64 without its frame."""
    match = _KEY_BYTES.match(line.text, hit)
    return [Span(hit, match.end(), SecretKind.PRIVATE_KEY, hit)] if match else []


def find_pem(line: Line, hit: int) -> list[Span]:
    """What stands between the marks of a private key on this line; lines below are the line scrubber's work."""
    begin = PEM_BEGIN.search(line.text, max(0, hit - 6), hit + 100)
    if begin is None:
        return []
    mark = line.text.find("END ", begin.end(), begin.end() + _PEM_ON_LINE)
    end = _PEM_END.search(line.text, max(begin.end(), mark - 6), mark + 90) if mark >= 0 else None
    if end is None:
        end = _PEM_BODY.match(line.text, begin.end())
        if end is None:
            return []
        start, body = _stripped(line.text, begin.end(), end.end())
    else:
        start, body = _stripped(line.text, begin.end(), end.start())
    return [Span(start, body, SecretKind.PRIVATE_KEY, begin.start())] if start < body else []


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """Without blanks and escaped line ends at both sides, so that the marks stay readable."""
    lead = re.compile(r"(?:\s|\\{1,8}[rn])*").match(text, start, end)
    start = lead.end() if lead else start
    trail = re.search(r"(?:\s|\\{1,8}[rn]){0,8}\Z", text[max(start, end - 64) : end])
    return start, end - (len(trail[0]) if trail else 0)
