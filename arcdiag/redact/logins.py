"""A user and the password in one breath: `creds: svc:…`, `credentials svc / …`, `user / password: svc / …`."""

from __future__ import annotations

import re

from arcdiag.redact.judge import is_prose, like_a_password, looks_secret
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span
from arcdiag.redact.values import Value

_USER = r"[\"'`]{0,2}(?P<user>[A-Za-z][\w.\\@%-]{0,80})"
_VALUE = r"(?P<value>[^\s\"'`,;<>|:]{6,128})(?=[\"'`]|[,;.)]?(?:\s|\Z)|[<|;,])"
_SIGNED = re.compile(
    rf"(?:cred(?:ential)?s?|auth)(?:[\"'`*]{{1,3}}|\\{{1,15}}[\"'])?[ \t]{{0,8}}[:=][ \t]{{0,8}}"
    rf"(?:\\{{1,15}}\"|u(?=['\"]))?{_USER}(?::|[ \t]{{1,4}}/[ \t]{{1,4}}|/){_VALUE}",
    re.I,
)
_TOLD = re.compile(
    rf"cred(?:ential)?s?(?:[ \t]{{1,4}}(?:are|is|were|of|for|from))?[ \t]{{1,4}}{_USER}[ \t]{{1,4}}/[ \t]{{1,4}}"
    rf"{_VALUE}",
    re.I,
)
_USED = re.compile(rf"(?:cred(?:ential)?s|stats auth)[ \t]{{1,4}}{_USER}:{_VALUE}", re.I)
_LED = re.compile(rf"(?:login:?|user:|account:) {_USER}[ \t]{{1,4}}/[ \t]{{1,4}}{_VALUE}", re.I)
_BOTH = re.compile(
    r"(?:user(?:[ _-]?(?:name|id))?|login|account|benutzer(?:name)?|konto|\bid)[ \t]{0,4}(?:/|&|\+|and|und)[ \t]{0,4}"
    r"[a-z]{0,20}\Z",
    re.I,
)
_APART = re.compile(
    r"[^\s/]{1,128}[ \t]{1,4}(?:/|\||and|und)[ \t]{1,4}(?P<value>[^\s/][^\s]{3,255})[ \t]{0,8}(?=[\r\n|]|\Z)"
)
# Programs tell so what they use: `credentials: file:/etc/…`, `auth: basic:…`.
_NO_USER_TEXT = """
basic digest negotiate ntlm kerberos bearer error file https http provider source type method scheme path key keyring
env oauth oauth2 ldap ldaps mailto urn sha256 sha1 md5 version code status plugin module class
"""
_NO_USER = frozenset(_NO_USER_TEXT.split())
LOGINS = (
    "cred",
    "stats auth ",
    "login: ",
    "user: ",
    "account: ",
    "auth: ",
    "auth=",
    "auth = ",
    "login ",
    'auth": ',
    'auth":"',
)
"""What leads to a user and a password, in lower case."""
_SIGN = (
    rb"[\"'`*\\]{0,17}[ \t]{0,8}[:=][ \t]{0,8}[u\\\"'`]{0,18}[a-z][a-z0-9_.\\@%-]{0,80}[ \t]{0,4}[:/][ \t]{0,4}[^\s]{6}"
)
_APART_SIGN = rb"[ \t]{1,4}[\"'`]{0,2}[a-z][a-z0-9_.\\@%-]{0,80}[ \t]{1,4}/[ \t]{1,4}[^\s]{6}"
may_be_login = re.compile(
    rb"(?:cred(?:ential)?s?|auth)"
    + _SIGN
    + rb"|(?:cred(?:ential)?s?(?: [a-z]{2,4})?|login:?|user:|account:)"
    + _APART_SIGN
    + rb"|(?:cred(?:ential)?s|stats auth)[ \t]{1,4}[\"'`]{0,2}[a-z][a-z0-9_.\\@%-]{0,80}:[^\s]{6}"
).match
"""Whether the bytes (in lower case) at a place can be such a pair."""


def find_login(line: Line, hit: int) -> list[Span]:
    """The password behind a user, where a word for both of them leads to it."""
    match = (
        _SIGNED.match(line.text, hit)
        or _TOLD.match(line.text, hit)
        or _LED.match(line.text, hit)
        or _USED.match(line.text, hit)
    )
    if match is None or match["user"].lower() in _NO_USER:
        return []
    word = match["value"]
    if is_prose(word) or not (like_a_password(word) or (looks_secret(word) and _is_odd(word))):
        return []
    return [Span(*match.span("value"), SecretKind.PASSWORD, hit)]


def second_value(text: str, start: int, at: int) -> list[Value]:
    """The second word behind `user / password:`; the name is at `start`, what follows it at `at`."""
    if not _BOTH.search(text, max(0, start - 60), start):
        return []
    return apart_values(text, at)


def apart_values(text: str, at: int) -> list[Value]:
    """The second of two words at `at` with a stroke between them, if nothing follows it."""
    match = _APART.match(text, at)
    return [Value(*match.span("value"))] if match else []


def _is_odd(word: str) -> bool:
    """Whether it has a digit, and no shape of a version, an address or a code."""
    signs = sum(any(test(char) for char in word) for test in (str.isdigit, str.isupper, str.islower))
    other = any(not char.isalnum() and char not in "._-/" for char in word)
    return any(char.isdigit() for char in word) and (signs == 3 or (signs == 2 and other))
