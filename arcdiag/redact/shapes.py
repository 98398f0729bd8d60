"""Secrets that show by their own shape: protected blobs, envelopes, hashes of passwords, recovery keys."""

from __future__ import annotations

import base64
import binascii
import re

from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span

_BLOB = re.compile(r"01000000d08c9ddf0115d1118c7a00c04fc297eb[0-9a-f]{8,65536}", re.I)
_BASE64 = r"[A-Za-z0-9+/_-]{16,65536}={0,2}"
_ENVELOPE = re.compile(rf"MII[A-Za-z0-9+/]{{2}}[AQgw]YJKoZIhvcNAQcD{_BASE64}")
_ENVELOPE_LEAD = 6
_ENCRYPTED_KEY = re.compile(rf"M[A-Za-z0-9+/]{{7}}BgkqhkiG9w0BBQ{_BASE64}")
_ENCRYPTED_KEY_LEAD = 8
_NAMED_KEY = re.compile(
    rf"(?:b3BlbnNzaC1rZXktdjE|MHcCAQEE|MHQCAQEE|MIGkAgEB|MIHcAgEB|MIGHAgEA|MIG2AgEA|MIHuAgEA|MC4CAQAwBQYDK2Vw){_BASE64}"
)
_NTLM = re.compile(r"TlRMTVNTUAA[A-Za-z0-9+/]{8,65536}={0,2}")
_CRYPT = re.compile(r"\$(?:[156y]|2[abxy]|apr1|argon2id?)\$[A-Za-z0-9./$=,+-]{20,400}")
CRYPT_SIGNS = ("$1$", "$5$", "$6$", "$y$", "$2a$", "$2b$", "$2y$", "$apr1$", "$argon2")
"""What the hash of a password begins with."""
_PGPASS = re.compile(
    r"\ufeff?\s{0,8}[\w.*-]{1,253}:(?:[0-9]{2,5}|\*):[\w.*-]{1,128}:[\w.*@-]{1,128}:(?P<value>[^\s:\"']{3,512})\s*\Z"
)
PRIVATE_LINES = re.compile(r"\s{0,40}Private-Lines: (?P<count>[1-9][0-9]{0,2})\s*\Z")
"""The line of PuTTY's key file behind which the private half stands."""
_LONG_KEY = 86
_KEY_WITHIN = 400
_KEY_BEFORE = re.compile(r"\bkeys?[0-9]?\b|schlüssel|キー|密钥|密鑰|키", re.I)
_PACKED_LOGIN = re.compile(
    r"[\\\"_]{1,16}auth[\\\"]{0,16}[ \t]{0,8}[:=][ \t]{0,8}[\\\"]{0,16}(?P<value>[A-Za-z0-9+/]{8,4096}={0,2})"
)
_LOGIN = re.compile(rb"[\x21-\x39\x3b-\x7e]{1,256}:[\x20-\x7e]{1,2048}\Z")
SHOWN_KEY = re.compile(
    r"(?:\b(?:cat|type|more|less|head|gc|get-content)\b[^\n]{0,200}|\A\s{0,8})[\w:/\\.%$-]{0,200}[/\\]tokens[/\\][^\s/\\]{1,80}\.key[\"']?"
    r"[ \t]*\Z",
    re.I,
)
"""A command that shows the file with the challenge of the agent's own token service."""
_RECOVERY_WITHIN = 400
RECOVERY = re.compile(r"(?<![0-9-])[0-9]{6}(?:-[0-9]{6}){7}(?![0-9-])")
"""A recovery key of BitLocker: eight groups of six digits."""


def find_protected_blob(line: Line, hit: int) -> list[Span]:
    """What Windows protected for a user or the machine: on that machine it opens."""
    return _span(_BLOB.match(line.text, hit), SecretKind.PASSWORD)


def find_envelope(line: Line, hit: int) -> list[Span]:
    """Protected settings of an extension: data enveloped for the machine's certificate."""
    start = hit - _ENVELOPE_LEAD
    return _span(_ENVELOPE.match(line.text, start) if start >= 0 else None, SecretKind.CREDENTIALS)


def find_encrypted_key(line: Line, hit: int) -> list[Span]:
    """A private key behind a password, in base64 without its marks."""
    start = hit - _ENCRYPTED_KEY_LEAD
    return _span(_ENCRYPTED_KEY.match(line.text, start) if start >= 0 else None, SecretKind.PRIVATE_KEY)


def find_bare_key(line: Line, hit: int) -> list[Span]:
    """A private key for elliptic curves or of OpenSSH, in base64 without its marks."""
    return _span(_NAMED_KEY.match(line.text, hit), SecretKind.PRIVATE_KEY)


def find_ntlm(line: Line, hit: int) -> list[Span]:
    """A message of an NTLM sign-in, in base64."""
    return _span(_NTLM.match(line.text, hit), SecretKind.CREDENTIALS)


def find_recovery_key(line: Line, hit: int) -> list[Span]:
    """A recovery key of BitLocker behind a word that tells of one; `blocks` finds it below its name."""
    return _span(RECOVERY.search(line.text, hit, hit + _RECOVERY_WITHIN), SecretKind.PASSWORD)


def find_crypt(line: Line, hit: int) -> list[Span]:
    """The hash of a password, as `/etc/shadow` and `.htpasswd` have it."""
    return _span(_CRYPT.match(line.text, hit), SecretKind.PASSWORD)


def may_be_announced_key(low: bytes, at: int) -> bool:
    """Whether 86 characters of base64 stand before the `==` at `at`: a key of 64 bytes."""
    run = low[at - _LONG_KEY : at] if at >= _LONG_KEY else b""
    return bool(run) and run.isascii() and run.replace(b"+", b"").replace(b"/", b"").isalnum()


def find_announced_key(line: Line, hit: int) -> list[Span]:
    """A key of 64 bytes, as storage accounts have it, where the word key stands before it on the line."""
    start = hit - _LONG_KEY
    if start < 0 or not line.text[start:hit].replace("+", "").replace("/", "").isalnum():
        return []
    if line.text[start - 1 : start].isalnum() or line.text[hit + 2 : hit + 3] == "=":
        return []
    # Not beyond a token: it has drawn near what stood too far away before.
    if not _KEY_BEFORE.search(line.text[max(0, start - _KEY_WITHIN) : start].rpartition("«")[2]):
        return []
    return [Span(start, hit + 2, SecretKind.ACCESS_KEY, start)]


def find_registry_login(line: Line, hit: int) -> list[Span]:
    """User and password in base64, as the settings of docker and npm have them."""
    match = _PACKED_LOGIN.match(line.text, hit)
    try:
        packed = base64.b64decode(match["value"] + "==") if match else b""
    except binascii.Error:
        return []
    return [Span(*match.span("value"), SecretKind.CREDENTIALS, hit)] if match and _LOGIN.match(packed) else []


def find_pgpass(line: Line, hit: int) -> list[Span]:
    """The password of a line of `.pgpass`: host, port, database, user, password."""
    match = _PGPASS.match(line.text)
    return [Span(*match.span("value"), SecretKind.PASSWORD, 0)] if match and hit < match.start("value") else []


def _span(match: re.Match[str] | None, kind: SecretKind) -> list[Span]:
    return [Span(match.start(), match.end(), kind, match.start())] if match else []
