"""The token that stands where a secret stood: its kind, its form and its length, never a part of it."""

from __future__ import annotations

import re
from enum import StrEnum


class SecretKind(StrEnum):
    """What a secret opens; the second word of its token."""

    CLIENT_SECRET = "client-secret"
    PASSWORD = "password"
    TOKEN = "token"
    ACCESS_KEY = "access-key"
    SAS_SIGNATURE = "sas-signature"
    PROXY_CREDENTIALS = "proxy-credentials"
    CREDENTIALS = "credentials"
    COOKIE = "cookie"
    PRIVATE_KEY = "private-key"


SECRET_TOKEN = re.compile(r"«secret:[a-z-]{1,24}:[a-z0-9-]{1,24}:[0-9]{1,9}»")
ENTRA_START = re.compile(r"[A-Za-z0-9_.~-]{3}[0-9]Q~")
ENTRA_LENGTH = 40
"""Client secrets that Entra makes today have this length and start as ENTRA_START says."""

_GUID = re.compile(r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?\Z")
_VARIABLE = re.compile(r"(?:\$\{?[A-Za-z_][\w:.]{0,63}\}?|\$\([^()]{1,200}\)|%[A-Za-z_]\w{0,63}%)\Z")
_EXPANSION = re.compile(r"\$[A-Za-z_{(]|`")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*\Z")
_HEX = re.compile(r"[0-9A-Fa-f]{16,}\Z")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}\Z")


def token_of(kind: SecretKind, value: str) -> str:
    """The token for `value`; the length is in characters as they stand in the text."""
    return f"«secret:{kind.value}:{_form(kind, value)}:{len(value)}»"


def is_redacted(value: str) -> bool:
    """Whether nothing but tokens and punctuation is left of `value`."""
    if "«" not in value:
        return False
    return not re.search(r"[^\W_]", SECRET_TOKEN.sub("", value))


def _form(kind: SecretKind, value: str) -> str:
    match kind:
        case SecretKind.TOKEN:
            if _VARIABLE.match(value):
                return "variable-shaped"
            return "jwt" if _JWT.match(value) else "not-a-jwt"
        case SecretKind.PROXY_CREDENTIALS:
            return "user-and-password" if ":" in value or "%3a" in value.lower() else "user-only"
        case SecretKind.PRIVATE_KEY:
            return "base64" if _BASE64.match(value) else "block"
        case _:
            return _plain_form(value)


def _plain_form(value: str) -> str:
    if _GUID.match(value):
        return "guid-shaped"
    if _VARIABLE.match(value):
        return "variable-shaped"
    # What a shell takes for itself is the one sign of a secret that was cut on the way; the first even within quotes.
    if _EXPANSION.search(value):
        return "shell-expansion"
    if "&" in value:
        return "shell-characters"
    if ENTRA_START.match(value):
        return "entra-shaped"
    if _JWT.match(value):
        return "jwt"
    if _HEX.match(value):
        return "hex"
    if len(value) % 4 == 0 and _BASE64.match(value):
        return "base64"
    return "text"
