"""The names of one run: what was learnt from any file is found again in every file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from arcdiag.redact.identifiers.kept import Kept
from arcdiag.redact.identifiers.seen import Seen, lowered
from arcdiag.redact.identifiers.shapes import GUID, IPV4, is_host_name
from arcdiag.redact.identifiers.tokens import IdKind

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

_LEAST = 3
_CODE_FILE = re.compile(r"\.(?:go|py|c|cc|cpp|cs|rs|js|ts|ps1|sh|java|rb|log|json|exe|dll|service|txt)\Z", re.I)
_IDS = (IdKind.SUBSCRIPTION, IdKind.TENANT)
_PARTS = (IdKind.HOST, IdKind.DOMAIN)
_ESCAPE_END = re.compile(r"(?:\\[nrt]|%[0-9A-Fa-f]{2})\Z")
_LABELS = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.){1,6}\Z")


class Names:
    """Learns names in a first pass and finds them in a second one. `common`: words that are replaced in no sentence."""

    def __init__(self, kept: Kept, common: frozenset[str] = frozenset()) -> None:
        self._kept = kept
        self._common = common
        self._known: dict[str, IdKind] = {}
        self._automaton: AhoCorasick | None = None
        self._order: list[str] = []

    def is_name(self, kind: IdKind, value: str) -> bool:
        """Whether a word in a context of `kind` is a name at all."""
        if kind in _IDS:
            return not self._kept.guid(value)
        if GUID.fullmatch(value) or IPV4.fullmatch(value) or _CODE_FILE.search(value) or value.isdigit():
            return False
        if kind in _PARTS:
            return not self._kept.host(value)
        if kind is IdKind.USER:
            return not self._kept.user(value) and not self._kept.host(value)
        return len(value) > 1

    def learn(self, found: Iterable[Seen]) -> None:
        """Take in what the finder saw in a text."""
        for seen in found:
            self.add(seen.kind, seen.value, seen.spread)

    def add(self, kind: IdKind, value: str, spread: bool = True) -> None:
        """Learn one name; of a full host name also its domain, and its first label if that is no common word."""
        value = value.strip(".")
        if kind is IdKind.MAIL:
            local, _, domain = value.partition("@")
            if is_host_name(domain.lower()) and not self._kept.host(domain):
                self.add(IdKind.DOMAIN, domain)
                self.add(IdKind.USER, local)
            return
        if "«" in value or not self.is_name(kind, value):
            return
        low = value.lower()
        if "." in low and kind in _PARTS:
            self._known.setdefault(low, kind)
            label, _, domain = low.partition(".")
            if "." in domain and not self._kept.host(domain):
                self._known.setdefault(domain, IdKind.DOMAIN)
            if kind is IdKind.HOST and (spread or _is_telling(label)):
                self._word(label, IdKind.HOST)
        elif spread or _is_telling(low):
            self._word(low, kind)
        self._automaton = None

    def _word(self, low: str, kind: IdKind) -> None:
        if len(low) >= _LEAST and low not in self._common and not self._kept.host(low) and not low.isdigit():
            self._known.setdefault(low, kind)

    def kind_of(self, value: str) -> IdKind | None:
        """The kind of a learnt name."""
        return self._known.get(value.lower())

    def find(self, text: str) -> Iterator[tuple[int, int, IdKind]]:
        """Where learnt names stand as words; a name below a learnt domain is one with it."""
        if not self._known:
            return
        low = lowered(text)
        for number, start, end in self._machine().find_matches_as_indexes(low):
            kind = self._known[self._order[number]]
            if end < len(low) and low[end].isalnum():
                continue
            if start and low[start - 1].isalnum() and not _ESCAPE_END.search(text, max(0, start - 3), start):
                continue
            if kind is IdKind.DOMAIN and text[start - 1 : start] == ".":
                labels = _LABELS.search(text, max(0, start - 200), start)
                if labels:
                    start, kind = labels.start(), IdKind.HOST
            yield start, end, kind

    def _machine(self) -> AhoCorasick:
        from ahocorasick_rs import MATCHKIND_LEFTMOST_LONGEST, AhoCorasick

        if self._automaton is None:
            self._order = sorted(self._known)
            self._automaton = AhoCorasick(self._order, matchkind=MATCHKIND_LEFTMOST_LONGEST)
        return self._automaton


def _is_telling(label: str) -> bool:
    """Whether a short name is one that nobody uses as a word: it has a digit or a dash."""
    return len(label) >= _LEAST and bool(re.search(r"[a-z]", label)) and bool(re.search(r"[0-9-]", label))
