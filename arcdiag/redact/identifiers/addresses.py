"""Ids and addresses, which need no context: GUIDs, IP and MAC addresses in all their spellings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from arcdiag.redact.identifiers.kept import kind_of_ip
from arcdiag.redact.identifiers.search import matches
from arcdiag.redact.identifiers.shapes import (
    DUID,
    DUID_HEADS,
    EMPTY_MAC,
    ETHERNET_HEADER,
    GUID,
    GUID_DASHES,
    GUID_JOINED,
    GUID_JOINTS,
    IPV4,
    IPV4_DEFANGED,
    IPV4_DOTS,
    IPV6,
    IPV6_COLONS,
    IPV6_LITERAL,
    IPV6_REVERSE,
    MAC,
    MAC_DOTS,
    MAC_DOTTED,
    MAC_SIGNS,
    is_version,
)
from arcdiag.redact.identifiers.spans import Span
from arcdiag.redact.identifiers.tokens import IdKind

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

_RARE = (
    *(b"[.]", b"MAC=", b"ip6.arpa", b"IP6.ARPA", b"ipv6-literal", b"IPV6-LITERAL"),
    *(sign.join((b"00", kind, b"00", b"0")) for kind in (b"01", b"02", b"03", b"04") for sign in (b"-", b":")),
)
_DEFANGED, _MAC_KEY, _REVERSE, _LITERAL, _DUIDS = 0, 1, (2, 3), (4, 5), range(6, len(_RARE))
_GUID_LENGTH = 36
_BRACE = ord("{")
# What Windows calls a provider of events is the same on every machine.
_PROVIDER_BEFORE = re.compile(rb"Microsoft-[A-Za-z0-9-]{3,80}(?:\\{0,7}[\"'])?\s{1,40}(?:(?i:guid)=\\{0,7}[\"'])?\{\Z")
_IPV6_SIGNS = frozenset(b"0123456789abcdefABCDEF:")


def guids(text: bytes, kind_of: Callable[[bytes], IdKind | None]) -> list[Span]:
    """Ids that are not the same for everybody; `kind_of` is asked about each of them, in lower case."""
    match_at = GUID.match
    found = [
        (at, at + _GUID_LENGTH, kind, text[at : at + _GUID_LENGTH].replace(b"_", b"-"))
        for joints in GUID_JOINTS.finditer(text)
        if (at := joints.start() - 8) >= 0 and GUID_JOINED.match(text, at)
        if (kind := kind_of(text[at : at + _GUID_LENGTH].replace(b"_", b"-").lower())) is not None
    ]
    return found + [
        (at, at + _GUID_LENGTH, kind, None)
        for dashes in GUID_DASHES.finditer(text)
        if (at := dashes.start() - 8) >= 0 and match_at(text, at)
        if (kind := kind_of(text[at : at + _GUID_LENGTH].lower())) is not None
        if text[at - 1] != _BRACE or not _PROVIDER_BEFORE.search(text[max(0, at - 140) : at])
    ]


def addresses(text: bytes) -> Iterator[Span]:
    """Addresses of machines and of network cards; those that every machine knows are none."""
    colons = [found.start() for found in IPV6_COLONS.finditer(text)]
    for signs in MAC_SIGNS if colons else MAC_SIGNS[1:]:  # pairs with colons are found as such, too
        for found in signs.finditer(text):
            yield from _mac(MAC.match(text, max(0, found.start() - 2)))
    rare = {number for number, _, _ in matches(_rare_signs(), text)}
    if _MAC_KEY in rare:
        for header in ETHERNET_HEADER.finditer(text):
            yield header.start("to"), header.end("to"), IdKind.MAC, None
            yield header.start("from"), header.end("from"), IdKind.MAC, None
    for head in DUID_HEADS.finditer(text) if not rare.isdisjoint(_DUIDS) else ():
        yield from _mac(DUID.match(text, head.start()))
    for dots in MAC_DOTS.finditer(text):
        yield from _mac(MAC_DOTTED.match(text, max(0, dots.start() - 4)))
    for dots in IPV4_DOTS.finditer(text):
        yield from _ipv4(text, dots.start())
    for at in colons:
        yield from _ipv6(text, at)
    if _DEFANGED in rare:
        for found in IPV4_DEFANGED.finditer(text):
            address = found[0].replace(b"[.]", b".")
            if kind := kind_of_ip(address.decode()):
                yield found.start(), found.end(), kind, address
    if not rare.isdisjoint(_REVERSE):
        yield from _named(text, IPV6_REVERSE)
    if not rare.isdisjoint(_LITERAL):
        yield from _named(text, IPV6_LITERAL)


@cache
def _rare_signs() -> BytesAhoCorasick:
    """Of all that is looked for one by one only where it stands at all: one look tells."""
    from ahocorasick_rs import BytesAhoCorasick

    return BytesAhoCorasick(_RARE)


def _mac(match: re.Match[bytes] | None) -> Iterator[Span]:
    if match and not EMPTY_MAC.fullmatch(match[0].replace(b".", b"")):
        yield match.start(), match.end(), IdKind.MAC, None


def _ipv4(text: bytes, dot: int) -> Iterator[Span]:
    """The address whose first dot is at `dot`."""
    start = dot
    while start and dot - start < 3 and 48 <= text[start - 1] <= 57:
        start -= 1
    match = IPV4.match(text, start)
    while match is None and start < dot - 1:  # the first digits may belong to an escaped sign
        start += 1
        match = IPV4.match(text, start) if text[start - 3 : start - 2] == b"%" else None
    if match is None:
        return
    kind = kind_of_ip(match[0].decode())
    if kind and not is_version(text, start, kind is not IdKind.IP_PUBLIC):
        yield start, match.end(), kind, None


def _ipv6(text: bytes, at: int) -> Iterator[Span]:
    """The address around the colon at `at`, with its brackets."""
    start = at
    while start and at - start < 40 and text[start - 1] in _IPV6_SIGNS:
        start -= 1
    if text[start - 1 : start] == b"%":
        start += 2
    match = IPV6.match(text, start)
    if match is None or text[match.end() : match.end() + 1].isalnum():
        return
    kind = kind_of_ip(match["ip"].decode())
    if kind is None or not any(48 <= sign <= 57 for sign in match["ip"]):
        return
    end = match.end()
    whole = text[start - 1 : start] == b"[" and text[end : end + 1] == b"]"
    yield start - whole, end + whole, kind, match["ip"]


def _named(text: bytes, pattern: re.Pattern[bytes]) -> Iterator[Span]:
    for match in pattern.finditer(text):
        kind = kind_of_ip(match[0].decode())
        if kind:
            yield match.start(), match.end(), kind, None
