"""Puts tokens in place of identifiers, in texts and in the bytes of files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from arcdiag.redact.identifiers.kept import Kept, kind_of_ip
from arcdiag.redact.identifiers.names import Names
from arcdiag.redact.identifiers.seen import Seen, look_at
from arcdiag.redact.identifiers.shapes import (
    GUID,
    GUID_DASHES,
    IPV4,
    IPV4_DOTS,
    IPV6,
    IPV6_COLONS,
    MAC,
    MAC_SIGNS,
    is_host_name,
    is_version,
)
from arcdiag.redact.identifiers.tokens import ANY_TOKEN, IdKind, Tokens

_IPV6_SIGNS = frozenset("0123456789abcdefABCDEF:")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNITS = (".service", ".socket", ".timer", ".target", ".mount", ".slice", ".scope", ".path", ".device")
_EMPTY_MAC = re.compile(r"(?:00|ff)(?:[:-](?:00|ff)){5}", re.I)
_Found = tuple[int, int, IdKind]


class Identifiers:
    """One run of redaction: first `learn` from everything, then `replace` everywhere.

    `globs` are the host names of the endpoint catalogue, `common` the words that no name may take out of a sentence.
    """

    def __init__(
        self, globs: Iterable[str] = (), common: frozenset[str] = frozenset(), key: bytes | None = None
    ) -> None:
        self.tokens = Tokens(key)
        self.replaced: Counter[str] = Counter()
        self._kept = Kept(globs)
        self.names = Names(self._kept, common)

    def learn(self, text: str) -> None:
        """Learn the names of a text of whole lines."""
        self.names.learn(look_at(_SURROGATE.sub("\ue000", text)))

    def replace(self, text: str) -> str:
        """`text` with a token in place of each identifier; what is a token already stays."""
        plain = _SURROGATE.sub("\ue000", text) if not text.isascii() else text
        parts, at = [], 0
        for start, end, kind in self._spans(plain):
            token = self.tokens.token(kind, text[start:end].strip("[]"))
            self.replaced[kind.value] += 1
            parts += [text[at:start], token]
            at = end
        if not parts:
            return text
        return "".join([*parts, text[at:]])

    def replace_bytes(self, data: bytes) -> bytes:
        """The same for UTF-8."""
        return self.replace(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def left_in(self, text: str) -> str | None:
        """The kind of the first learnt name that still stands in `text`; None without one."""
        plain = _SURROGATE.sub("\ue000", text) if not text.isascii() else text
        tokens = [match.span() for match in ANY_TOKEN.finditer(plain)] if "«" in plain else []
        for start, end, kind in self.names.find(plain):
            if not any(begin < end and start < stop for begin, stop in tokens):
                return kind.value
        return None

    def _spans(self, text: str) -> list[_Found]:
        """Identifiers in order, none inside another or inside a token; of two that overlap the first and longer one."""
        tokens = [match.span() for match in ANY_TOKEN.finditer(text)] if "«" in text else []
        chosen: list[_Found] = []
        behind, token = 0, 0
        for start, end, kind in sorted(self._found(text), key=lambda found: (found[0], -found[1])):
            if start < behind:
                continue
            while token < len(tokens) and tokens[token][1] <= start:
                token += 1
            if token < len(tokens) and tokens[token][0] < end:
                continue
            chosen.append((start, end, kind))
            behind = end
        return chosen

    def _found(self, text: str) -> Iterator[_Found]:
        # In this order: of two that cover the same text the first one named wins.
        yield from self._guids(text)
        yield from self._addresses(text)
        for seen in look_at(text):
            if self._is_meant(seen):
                yield seen.start, seen.end, self.names.kind_of(seen.value) or seen.kind
        yield from self.names.find(text)

    def _is_meant(self, seen: Seen) -> bool:
        if seen.kind is IdKind.MAIL:
            domain = seen.value.rpartition("@")[2]
            known = is_host_name(domain.lower()) and not self._kept.host(domain)
            return known and not seen.value.endswith(_UNITS)
        return seen.kind is IdKind.SID or self.names.is_name(seen.kind, seen.value)

    def _guids(self, text: str) -> Iterator[_Found]:
        for dashes in GUID_DASHES.finditer(text):
            match = GUID.match(text, dashes.start() - 8) if dashes.start() >= 8 else None
            if match and not self._kept.guid(match[0]):
                yield match.start(), match.end(), self.names.kind_of(match[0]) or IdKind.GUID

    def _addresses(self, text: str) -> Iterator[_Found]:
        for signs in MAC_SIGNS:
            for found in signs.finditer(text):
                mac = MAC.match(text, found.start() - 2) if found.start() >= 2 else None
                if mac and not _EMPTY_MAC.fullmatch(mac[0]):
                    yield mac.start(), mac.end(), IdKind.MAC
        for dots in IPV4_DOTS.finditer(text):
            ip = IPV4.search(text, max(0, dots.start() - 3), min(len(text), dots.start() + 16))
            kind = kind_of_ip(ip[0]) if ip else None
            if ip and kind and not is_version(text, ip.start()):
                yield ip.start(), ip.end(), kind
        for colons in IPV6_COLONS.finditer(text):
            yield from _ipv6(text, colons.start())


def _ipv6(text: str, at: int) -> Iterator[_Found]:
    """The address around the colon at `at`, with its brackets."""
    start = at
    while start and at - start < 40 and text[start - 1] in _IPV6_SIGNS:
        start -= 1
    if text[start - 1 : start] == "[":
        start -= 1
    match = IPV6.match(text, start)
    if match is None or (text[match.end() : match.end() + 1].isalnum() and not match["close"]):
        return
    kind = kind_of_ip(match["ip"])
    if kind is None or not re.search(r"[0-9]", match["ip"]):
        return
    whole = bool(match["open"] and match["close"])
    yield (
        match.start() if whole else match.start("ip"),
        match.end() if whole or not match["close"] else match.end() - 1,
        kind,
    )
