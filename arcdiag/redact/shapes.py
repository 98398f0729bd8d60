"""Secrets of other makers that show by their own shape: repository and chat tokens, protected blobs, recovery keys."""

from __future__ import annotations

import re

from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span

_EDGE = re.compile(r"[A-Za-z0-9_]\Z")
_GITHUB = re.compile(r"(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{40,255}|glpat-[A-Za-z0-9_-]{20,64})")
_CHAT = re.compile(r"(?:xox[abeoprs]-[A-Za-z0-9-]{16,255}|npm_[A-Za-z0-9]{36}|sk-[A-Za-z0-9_-]{32,255})")
_DEVOPS = re.compile(r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])")
_DEVOPS_LEAD = 76
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
_RECOVERY = re.compile(r"[0-9]{6}(?:-[0-9]{6}){7}(?![0-9-])")


def find_maker_token(line: Line, hit: int) -> list[Span]:
    """Tokens that begin with their maker's sign: GitHub, GitLab, Slack, npm."""
    if _EDGE.search(line.text, max(0, hit - 1), hit) and not _escaped(line.text, hit):
        return []
    return _span(_GITHUB.match(line.text, hit) or _CHAT.match(line.text, hit), SecretKind.TOKEN)


def _escaped(text: str, hit: int) -> bool:
    return re.search(r"\\[nrt]\Z|%[0-9A-Fa-f]{2}\Z|u00[0-9A-Fa-f]{2}\Z", text[max(0, hit - 6) : hit]) is not None


def find_devops(line: Line, hit: int) -> list[Span]:
    """A personal access token of Azure DevOps; `hit` is the mark inside it."""
    return _span(_DEVOPS.match(line.text, hit - _DEVOPS_LEAD) if hit >= _DEVOPS_LEAD else None, SecretKind.TOKEN)


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
    """A recovery key of BitLocker: eight groups of six digits; `hit` is its first dash."""
    start = hit - 6
    if start < 0 or line.text[max(0, start - 1) : start].isdigit() or line.text[start - 1 : start] == "-":
        return []
    return _span(_RECOVERY.match(line.text, start), SecretKind.PASSWORD)


def _span(match: re.Match[str] | None, kind: SecretKind) -> list[Span]:
    return [Span(match.start(), match.end(), kind, match.start())] if match else []
