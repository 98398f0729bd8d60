"""Secrets in HTTP headers: Authorization and its schemes, cookies. A challenge (`Basic realm=…`) is none."""

from __future__ import annotations

import re

from arcdiag.redact.judge import has_placeholder, is_blank_value, is_prose, looks_secret
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span
from arcdiag.redact.values import read_word

_QUOTE = r"(?:\\{0,31}[\"']|`[\"']|&quot;|&apos;|&#3[49];|\\{1,15}u002[27])"
_HEADER = re.compile(rf"authorization{_QUOTE}?\]?[ \t]{{0,8}}(?:=>|[:=,])[ \t]{{0,8}}\[?{_QUOTE}?", re.I)
_SCHEME = re.compile(
    r"(?P<scheme>basic|bearer|negotiate|ntlm|kerberos|digest|pop|sharedkey(?:lite)?|sharedaccesssignature|token|apikey|aws4-hmac-sha256)"
    r"(?:[ \t]|%20|\+){1,8}",
    re.I,
)
_CHALLENGE = re.compile(
    r"(?:realm|authorization_uri|error|error_description|resource_id|claims|client_id|scope|trusted_issuers|nonce|qop|charset)\s?=",
    re.I,
)
_COOKIE = re.compile(
    rf"(?:set-)?cookie2?{_QUOTE}?\]?[ \t]{{0,4}}[:=][ \t]{{0,4}}\[?{_QUOTE}?(?P<value>[^\"'\r\n<>]{{4,16384}})", re.I
)
_RESPONSE = re.compile(r"\bresponse=\\{0,15}[\"']?(?P<value>[0-9A-Fa-f]{32,128})")
_WITHIN = 2000
_LONG = ("negotiate", "ntlm", "kerberos")
_LONG_FROM = 24
_BEARERS = ("bearer", "pop", "token", "negotiate", "ntlm", "kerberos")


def find_authorization(line: Line, hit: int) -> list[Span]:
    """What an Authorization or Proxy-Authorization header carries, whatever its scheme."""
    header = _HEADER.match(line.text, hit)
    if header is None:
        return []
    scheme = _SCHEME.match(line.text, header.end())
    if scheme is None:
        value = read_word(line.text, header.end())
        word = line.text[value.start : value.end]
        return [Span(value.start, value.end, SecretKind.CREDENTIALS, hit)] if looks_secret(word) else []
    return _after_scheme(line, scheme, hit, sure=True)


def find_scheme(line: Line, hit: int) -> list[Span]:
    """`Basic …` and `Bearer …` without a header's name before them; only what looks like credentials."""
    if hit and (line.low[hit - 1].isalnum() or line.low[hit - 1] in "_-"):
        return []
    scheme = _SCHEME.match(line.text, hit)
    return _after_scheme(line, scheme, hit, sure=False) if scheme else []


def _after_scheme(line: Line, scheme: re.Match[str], context: int, sure: bool) -> list[Span]:
    text, at = line.text, scheme.end()
    if _CHALLENGE.match(text, at) or has_placeholder(text, at):
        return []
    value = read_word(text, at)
    word = text[value.start : value.end]
    if is_blank_value(word) or is_prose(word):
        return []
    name = scheme["scheme"].lower()
    if name == "digest" or name.startswith(("aws4", "sharedaccess")):
        value = read_word(text, at, "\"'<>") if sure else value
    if not sure and not (_looks_encoded(word) and (name not in _LONG or len(word) >= _LONG_FROM)):
        return []
    kind = SecretKind.TOKEN if name in _BEARERS else SecretKind.CREDENTIALS
    spans = [Span(value.start, value.end, kind, context)]
    response = _RESPONSE.search(text, value.end, value.end + _WITHIN) if name == "digest" else None
    return [*spans, Span(*response.span("value"), kind, context)] if response else spans


def _looks_encoded(word: str) -> bool:
    """Base64 or a token: a mixture that no word of a sentence has."""
    if len(word) < 8 or not looks_secret(word.rstrip("=") + ("0" if word.endswith("=") else "")):
        return False
    kinds = (
        any(c.isdigit() for c in word),
        any(c.isupper() for c in word),
        any(c.islower() for c in word),
        word.endswith("="),
    )
    return sum(kinds) >= 2


def find_cookie(line: Line, hit: int) -> list[Span]:
    """The content of a Cookie or Set-Cookie header, to its end."""
    match = _COOKIE.match(line.text, hit)
    if match is None or "=" not in match["value"]:
        return []
    value = match["value"].rstrip("\\ ")
    return [Span(match.start("value"), match.start("value") + len(value), SecretKind.COOKIE, hit)]
