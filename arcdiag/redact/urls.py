"""Credentials in addresses: user and password before the host, the signature of a SAS address."""

from __future__ import annotations

import re

from arcdiag.redact.judge import is_blank_value
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span

_TOKEN = r"«[a-z-]{1,24}:[^«»\s]{1,160}»"
_SLASHES = r"(?:\\{0,7}(?:/|u002f)){2}"
# The second form takes passwords that hold `/`, `#` or `?`, as people paste them: what follows the colon is no port.
# The colon inside the token of a name is none of an address.
_USERINFO = re.compile(
    rf":{_SLASHES}(?:(?P<plain>[^\s/\"'<>?#\\]{{1,512}})@"
    rf"|(?P<odd>(?:{_TOKEN}|(?!{_TOKEN})[^\s/:@\"'<>]){{1,128}}:(?![0-9]{{1,5}}(?:[/\s\"'?#\\,;)]|\Z))[^\s\"'<>]{{1,256}})@)",
    re.I,
)
_ENCODED_USERINFO = re.compile(r"%3a(?:%2f){2}(?P<plain>(?:[^\s%/\"'<>&]|%(?!2f|40)[0-9a-f]{2}){1,512})%40", re.I)
_NO_SCHEME = re.compile(
    r"(?P<plain>[A-Za-z0-9_.\\%+-]{1,64}:[^\s\"'@<>/]{1,128})@(?P<host>[A-Za-z0-9.-]{1,253})(?P<port>:[0-9]{2,5}\b)?"
)
# `http:/user:…`, `http//user:…`, `http:user:…`: what people make of the address of a proxy.
_BROKEN_SCHEME = re.compile(r"https?[:/\\]{1,8}\Z")
_BEFORE_USER = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_.%+-\\")
_GO_PORT = re.compile(r"invalid port \\{0,7}\":(?P<plain>[^\s\"\\]{1,256})")
# A letter before `sig` makes it the end of another name, unless it belongs to an escaped `&` or `?`.
_NAME_END = re.compile(r"[a-z0-9_-]\Z")
_ESCAPED_SIGN = re.compile(r"(?:\\u00(?:26|3f)|%(?:25){0,3}(?:26|3f))\Z")
_SIGNATURE = re.compile(
    r"sig(?P<sign>=|%(?:25){0,3}3d)(?P<value>(?:[A-Za-z0-9+/=_.~-]|%(?!(?:25){0,3}26)(?:25){0,3}[0-9a-f]{2}){8,512})",
    re.I,
)
_CODE = re.compile(
    r"code(?:=|%(?:25){0,3}3d)(?P<value>(?:[A-Za-z0-9+/=_.~-]|%(?!(?:25){0,3}26)(?:25){0,3}[0-9a-f]{2}){20,4096})", re.I
)


def find_userinfo(line: Line, hit: int) -> list[Span]:
    """`user:password@` of the address whose `://` stands at `hit`, plain or with escaped slashes."""
    if "@" not in line.text:
        return []
    match = _USERINFO.match(line.text, hit)
    if match is None:
        return []
    group = "plain" if match["plain"] else "odd"
    return [_credentials(match, group, hit), *_go_port(line, match.end())]


def _go_port(line: Line, after: int) -> list[Span]:
    """Go repeats a piece of the password as a bad port behind an address that it cannot parse."""
    match = _GO_PORT.search(line.text, after, after + 600)
    if match is None or match["plain"].isdigit():
        return []
    return [_credentials(match, "plain", match.start())]


def find_encoded_userinfo(line: Line, hit: int) -> list[Span]:
    """The same in an address that is itself URL-encoded."""
    match = _ENCODED_USERINFO.match(line.text, hit)
    return [_credentials(match, "plain", hit)] if match else []


def find_schemeless(line: Line, hit: int) -> list[Span]:
    """`user:password@host:port` without a scheme, the `@` at `hit`; without a port only beside the word proxy."""
    colon = line.text.rfind(":", max(0, hit - 129), hit)
    if colon < 0:
        return []
    start = colon
    while start > 0 and colon - start < 64 and line.low[start - 1] in _BEFORE_USER:
        start -= 1
    match = _NO_SCHEME.match(line.text, start)
    if match is None or match.end("plain") != hit:
        return []
    if line.text[start - 1 : start] == "«" and line.text[hit - 1] == "»":  # the token of an identifier
        return []
    malformed = _BROKEN_SCHEME.search(line.low, max(0, start - 12), start)
    if not malformed and line.text[start - 1 : start] in ("/", "@"):
        return []
    if not match["port"] and not malformed and "proxy" not in line.low[max(0, start - 80) : start]:
        return []
    if line.low[start:colon] in ("mailto", "sip", "acct", "sha256"):
        return []
    return [_credentials(match, "plain", start)]


def _credentials(match: re.Match[str], group: str, context: int) -> Span:
    return Span(match.start(group), match.end(group), SecretKind.PROXY_CREDENTIALS, context)


def find_signature(line: Line, hit: int) -> list[Span]:
    """`sig=…` of a SAS address, also URL-encoded."""
    start = max(0, hit - 10)
    if _NAME_END.search(line.low, start, hit) and not _ESCAPED_SIGN.search(line.low, start, hit):
        return []
    match = _SIGNATURE.match(line.text, hit)
    if match is None or is_blank_value(match["value"]):
        return []
    return [Span(match.start("value"), match.end("value"), SecretKind.SAS_SIGNATURE, hit)]


def find_code(line: Line, hit: int) -> list[Span]:
    """`code=…` of an address: the key of a function, or what a browser brings back from a sign-in."""
    before = line.low[max(0, hit - 5) : hit]
    if not before.endswith(("?", "&", ";", "%26", "%3f", "u0026", "u003f")):
        return []
    match = _CODE.match(line.text, hit)
    if match is None or is_blank_value(match["value"]) or not any(char.isdigit() for char in match["value"]):
        return []
    return [Span(match.start("value"), match.end("value"), SecretKind.ACCESS_KEY, hit)]
