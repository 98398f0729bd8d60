"""Tokens of one run: the same value gets the same token, and without the run's key no token can be guessed back."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from enum import StrEnum
from heapq import merge
from json.encoder import encode_basestring

from arcdiag.redact.identifiers.canonical import host_parts, of_address, of_mac
from arcdiag.redact.identifiers.sorted_runs import SortedRuns

_BEGIN, _LEAST = "«".encode(), 4
_ANY_TOKEN = re.compile("«[a-z-]{1,24}:(?:(?!»)[^\n]){1,160}»".encode())
# A word that only a joint or nothing keeps apart from a token.
_GLUED = re.compile(
    rb"\xc2(?:\xbb(?:::|[._%-]?[0-9A-Za-z\xc2-\xf4])|(?<=[0-9A-Za-z\x80-\xbf]\xc2)\xab|(?<=[0-9A-Za-z][._%-]\xc2)\xab)"
)
_CACHED = 50_000
_HELD = 50_000
_LONG = 16
_SCHEMA = "1.0"


def tokens_in(text: bytes) -> list[tuple[int, int]]:
    """Where tokens stand, of identifiers and of secrets."""
    return [match.span() for match in _ANY_TOKEN.finditer(text)] if _BEGIN in text else []


def glued_lines(text: bytes) -> list[tuple[int, int]]:
    """Begin and end of the lines, without their line ends, in which a token stands right beside a word."""
    found: list[tuple[int, int]] = []
    at = 0
    while match := _GLUED.search(text, at):
        end = text.find(b"\n", match.end())
        at = end + 1 if end >= 0 else len(text)
        found.append((text.rfind(b"\n", 0, match.start()) + 1, at - 1 if end >= 0 else at))
    return found


def without_tokens(text: bytes) -> bytes:
    """`text` with nothing but its marks left of each token: the words inside of it tell no names.

    Of a mail address its sign is left, which makes what stands before it in an address of the web no host.
    """
    return _ANY_TOKEN.sub(_emptied, text) if _BEGIN in text else text


def _emptied(token: re.Match[bytes]) -> bytes:
    return ("«@»" if token[0].startswith("«mail:".encode()) else "«»").encode()


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
    NAME = "name"
    IP_PRIVATE = "ip-private"
    IP_PUBLIC = "ip-public"
    IP_LINK_LOCAL = "ip-link-local"
    MAC = "mac"
    WORD = "word"


class Tokens:
    """Gives out tokens, `«host:3f2a»`: digits of a keyed hash, as many as it takes to be unique within the run.

    All spellings of a value have one token: upper and lower case, a dot at the end, the ways of writing an address. Two
    kinds of one value share their digits. A full host name has those of its first label and of its domain,
    `«host:3f2a.77b0»`, so that one sees which host and which domain it is.

    Two values never share their digits: the first `held` values take as few as are free, every further one takes 16,
    which do not meet by chance. So memory stays as it is however many request ids a log has; what the private map
    lists of them waits in temporary files.
    """

    def __init__(self, key: bytes | None = None, held: int = _HELD) -> None:
        self._keyed = hashlib.blake2b(key=key if key is not None else secrets.token_bytes(32), digest_size=16)
        self._values: dict[str, str] = {}
        self._most = held
        self._more = SortedRuns()
        self._cached: dict[bytes, tuple[IdKind, bytes]] = {}

    def token(self, kind: IdKind, value: str) -> str:
        """The token of a value, in whatever spelling."""
        return f"«{kind.value}:{'.'.join(map(self._digits, _parts(kind, value)))}»"

    def of_bytes(self, kind: IdKind, value: bytes) -> bytes:
        """The token of a value in a text of bytes."""
        made = self._cached.get(value)
        if made is not None and made[0] is kind:
            return made[1]
        if kind is IdKind.GUID:  # most of them are new in each line
            return b"\xc2\xabguid:%b\xc2\xbb" % self._digits(value.decode("utf-8", "replace").lower()).encode()
        if len(self._cached) >= _CACHED:
            self._cached.clear()
        token = self.token(kind, value.decode("utf-8", "replace")).encode()
        self._cached[value] = kind, token
        return token

    def _digits(self, value: str) -> str:
        keyed = self._keyed.copy()
        keyed.update(value.encode("utf-8", "surrogatepass"))
        whole, size, known = keyed.hexdigest(), _LEAST, self._values
        while (other := known.get(digits := whole[:size])) != value:
            if other is None and len(known) < self._most:
                known[digits] = value
                break
            if other is None:
                digits = whole[:_LONG]
                self._more.add(_line(digits, value))
                break
            size += 2
        return digits

    def values(self) -> Iterator[tuple[str, str]]:
        """Digits and value of everything that has a token, in order."""
        for line in merge(sorted(map(_line, self._values.keys(), self._values.values())), self._more):
            digits, _, value = line.decode().partition(" ")
            yield digits, value

    def map_blocks(self) -> Iterator[bytes]:
        """The private map in JSON, digits to values. It undoes the redaction: never send it."""
        head = {"schema_version": _SCHEMA, "note": "PRIVATE. This file undoes the redaction. Keep it, do not send it."}
        yield json.dumps(head, indent=1)[:-2].encode() + b',\n "tokens": {'
        for number, (digits, value) in enumerate(self.values()):
            yield f'{"," if number else ""}\n  "{digits}": {encode_basestring(value)}'.encode()
        yield b"\n }\n}\n"


def _line(digits: str, value: str) -> bytes:
    return f"{digits} {value}".replace("\n", " ").encode("utf-8", "replace")


_ADDRESSES = (IdKind.IP_PRIVATE, IdKind.IP_PUBLIC, IdKind.IP_LINK_LOCAL)


def _parts(kind: IdKind, value: str) -> tuple[str, ...]:
    low = value.lower()
    if kind is IdKind.GUID:
        return (low,)
    if kind in _ADDRESSES:
        return (of_address(low),)
    if kind is IdKind.MAC:
        return (of_mac(low),)
    return host_parts(low) if kind is IdKind.HOST else (low.strip("."),)
