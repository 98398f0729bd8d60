"""Tokens of one run: the same value gets the same token, and without the run's key no token can be guessed back."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from enum import StrEnum

ANY_TOKEN = re.compile(r"«[a-z-]{1,24}:[^»\n]{1,160}»")
"""A token of an identifier or of a secret."""
_LEAST = 4
_SCHEMA = "1.0"


class IdKind(StrEnum):
    """What an identifier is; the first word of its token."""

    HOST = "host"
    DOMAIN = "domain"
    USER = "user"
    MAIL = "mail"
    SID = "sid"
    SUBSCRIPTION = "subscription"
    TENANT = "tenant"
    GUID = "guid"
    RESOURCE_GROUP = "resource-group"
    RESOURCE = "resource"
    IP_PRIVATE = "ip-private"
    IP_PUBLIC = "ip-public"
    IP_LINK_LOCAL = "ip-link-local"
    MAC = "mac"


class Tokens:
    """Gives out tokens, `«host:3f2a»`; digits of a keyed hash, as many as it takes to be unique within the run."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key if key is not None else secrets.token_bytes(32)
        self._given: dict[str, str] = {}
        self._taken: dict[str, str] = {}

    def token(self, kind: IdKind, value: str) -> str:
        """The token of a value. Upper and lower case are one value; two kinds of one value share their digits."""
        return f"«{kind.value}:{self._digits(value.lower())}»"

    def _digits(self, value: str) -> str:
        if value not in self._given:
            whole = hmac.new(self._key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
            size = _LEAST
            while self._taken.get(whole[:size], value) != value:
                size += 2
            self._taken[whole[:size]] = value
            self._given[value] = whole[:size]
        return self._given[value]

    def values(self) -> dict[str, str]:
        """Every value that has a token, with its digits."""
        return dict(self._given)

    def to_json(self) -> str:
        """The private map, digits to values. It undoes the redaction: never send it."""
        data = {
            "schema_version": _SCHEMA,
            "note": "PRIVATE. This file undoes the redaction. Keep it, do not send it.",
            "tokens": {digits: value for value, digits in sorted(self._given.items(), key=lambda item: item[1])},
        }
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
