"""The names of one run: what was learnt from any file is found again in every file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from arcdiag.redact.identifiers.canonical import of_directory_name
from arcdiag.redact.identifiers.context import WORD, Reach, compiled
from arcdiag.redact.identifiers.finder import Finder, Known
from arcdiag.redact.identifiers.judge import is_name, is_telling, real_domain
from arcdiag.redact.identifiers.kept import KEPT_GUIDS, Kept
from arcdiag.redact.identifiers.looks import labels_before
from arcdiag.redact.identifiers.shapes import ends_like_host
from arcdiag.redact.identifiers.spans import Span
from arcdiag.redact.identifiers.tokens import IdKind

_LEAST = 3
_PARTICLE = 3
"""So many letters have, at most, the words that stand between those of a person's name, `van der`."""
_NUMBERED = re.compile(r"([a-z][a-z0-9_-]*[a-z_-])[0-9]{1,4}")
_IDS = (IdKind.SUBSCRIPTION, IdKind.TENANT)
_PARTS = (IdKind.HOST, IdKind.DOMAIN)
_USER_BEHIND = compiled(rf"\\{{1,32}}{WORD}(?![A-Za-z0-9_\x80-\xbf]|\\{{1,32}}(?![nrt])(?:[A-Za-z0-9_.]|\xc2\xab))")
_RANKS = {
    kind: rank
    for rank, kind in enumerate((IdKind.WORD, IdKind.HOST, IdKind.DOMAIN, IdKind.MAIL, IdKind.RESOURCE_GROUP))
}


class Names:
    """Learns names in a first pass and finds them in a second one. `common`: words that are replaced in no sentence.

    Texts are bytes; names are kept in lower case.
    """

    def __init__(self, kept: Kept, common: frozenset[str] = frozenset()) -> None:
        self._kept = kept
        self._common = common
        self._known: dict[bytes, Known] = {}
        self._ids: dict[bytes, IdKind | None] = {guid.encode(): None for guid in KEPT_GUIDS}
        self._kind_of_id = self._ids.get
        self._stems: set[bytes] = set()
        self._finder: Finder | None = None

    def __len__(self) -> int:
        """How many spellings are known by now."""
        return len(self._known) + len(self._ids)

    def add(self, kind: IdKind, value: str, reach: Reach = Reach.EVERYWHERE) -> bool:
        """Learn one name; whether it is found from now on wherever it stands.

        False for what is no name at all, and for a short or common one, which is a name only where a context tells it.
        Of a full host name its domain is learnt, too, and its first label if that is no common word.
        """
        value = value.strip(".")
        if "«" in value or "�" in value or not is_name(self._kept, kind, value):
            return False
        low = value.lower()
        if kind is IdKind.USER and low.endswith("$"):  # the account of a machine
            kind, low = IdKind.HOST, low.rstrip("$")
        if kind in _IDS:
            self._ids.setdefault(low.encode("utf-8", "surrogateescape"), kind)
            return True
        if kind is IdKind.MAIL:
            return self._mail(low)
        if kind in _PARTS and "." in low:
            return self._full_name(kind, low, reach)
        if kind is IdKind.DOMAIN and "dc=" in low.replace(" ", ""):
            domain = of_directory_name(low)
            self._know(low, kind, domain.encode("utf-8", "surrogateescape"))
            return self._full_name(kind, domain, reach)
        if kind in (IdKind.SID, IdKind.MAC, IdKind.GUID):
            return self._know(low, kind)
        if reach is Reach.UNCOMMON and any(
            word in self._common for word in low.split() if _PARTICLE < len(word) < len(low)
        ):
            return False
        return self._word(low, kind) if reach in (Reach.EVERYWHERE, Reach.UNCOMMON) or is_telling(low) else False

    def hide(self, word: str) -> None:
        """Find this word wherever it stands, also as a part of other words. Raises ValueError for fewer than 3 letters.

        For what no text tells, such as the name of a company; nothing is asked about it.
        """
        low = word.strip().lower()
        if len(low) < _LEAST:
            raise ValueError(f"fewer than {_LEAST} letters: {word!r}")
        self._know(low, IdKind.WORD)

    def _mail(self, low: str) -> bool:
        local, _, domain = low.partition("@")
        self._know(low, IdKind.MAIL)
        if not self._kept.host(domain):
            self._full_name(IdKind.DOMAIN, domain, Reach.EVERYWHERE)
            if is_name(self._kept, IdKind.USER, local):
                self._word(local, IdKind.USER)
        return True

    def _full_name(self, kind: IdKind, low: str, reach: Reach) -> bool:
        if low.startswith("_"):  # a record of services, such as _ldap._tcp.dc._msdcs.corp.example
            return self._full_name(IdKind.DOMAIN, domain, reach) if (domain := real_domain(low)) else False
        if reach is Reach.IF_TELLING and not (ends_like_host(low) or is_telling(low.partition(".")[0])):
            return False
        self._know(low, kind)
        label, _, domain = low.partition(".")
        if "." in domain and not self._kept.host(domain):
            self._know(domain, IdKind.DOMAIN)
        if kind is IdKind.HOST and (reach is Reach.EVERYWHERE or is_telling(label)):
            self._word(label, IdKind.HOST)
        return True

    def _word(self, low: str, kind: IdKind) -> bool:
        low = low.rstrip("$")
        if len(low) < _LEAST or low in self._common or self._kept.host(low) or low.isdigit():
            return False
        return self._know(low, kind)

    def _know(self, low: str, kind: IdKind, value: bytes | None = None) -> bool:
        known = self._known
        data = low.encode("utf-8", "surrogateescape")
        if data not in known or _tells_more(kind, known[data][0], low):
            known[data] = (kind, value)
            if not data.isascii():  # bytes have no upper and lower case beyond ASCII
                known.setdefault(low.upper().encode("utf-8", "surrogateescape").lower(), (kind, data))
            if kind is IdKind.HOST and (numbered := _NUMBERED.fullmatch(low)):
                self._learn_stem(numbered[1])
            self._finder = None
        return True

    def _learn_stem(self, stem: str) -> None:
        bare = stem.rstrip("-_")
        if len(bare) >= _LEAST and bare not in self._common and not self._kept.host(bare):
            self._stems.add(stem.encode("utf-8", "surrogateescape"))

    def is_name(self, kind: IdKind, value: str) -> bool:
        """Whether a word in a context of `kind` is a name at all."""
        return is_name(self._kept, kind, value)

    def kind_of(self, value: str) -> IdKind | None:
        """The kind of a learnt name or id."""
        low = value.lower()
        data = low.encode("utf-8", "surrogateescape")
        known = self._known.get(data)
        return known[0] if known else self._ids.get(data)

    def kind_of_id(self, value: bytes) -> IdKind | None:
        """The kind of a GUID in lower case; None for those that everybody has."""
        return self._kind_of_id(value, IdKind.GUID)

    def find(self, text: bytes, low: bytes) -> list[Span]:
        """Where learnt names stand as words; a name below a learnt domain is one with it. `low`: `text.lower()`."""
        if not self._known:
            return []
        if self._finder is None:
            self._finder = Finder(self._known, self._stems)
        found = self._finder.find(text, low)
        return [*self._with_company(text, found)] if self._finder.domains else found

    def _with_company(self, text: bytes, found: list[Span]) -> Iterator[Span]:
        """What stands before a domain is its host, what stands behind it and a backslash its user."""
        for span in found:
            start, end, kind, value = span
            if kind in _PARTS and value is None and (kind is IdKind.DOMAIN or 46 in text[start:end]):
                begin = labels_before(text, start) if start and text[start - 1] == 46 else start
                if begin < start:
                    yield begin, end, IdKind.HOST, None
                    continue
                user = kind is IdKind.DOMAIN and text[end : end + 1] == b"\\" and _USER_BEHIND.match(text, end)
                if user and is_name(self._kept, IdKind.USER, user["v"].decode("utf-8", "replace")):
                    yield user.start("v"), user.start("v") + len(user["v"].rstrip(b".")), IdKind.USER, None
            yield span


def _tells_more(kind: IdKind, known: IdKind, low: str) -> bool:
    if "." in low and {kind, known} == {IdKind.HOST, IdKind.DOMAIN}:
        return kind is IdKind.DOMAIN  # every domain looks like a host
    return rank(kind) < rank(known)


def rank(kind: IdKind) -> int:
    """Which kind a word is that two contexts tell differently: `DOMAIN\\user` tells more than `account=DOMAIN`."""
    return _RANKS.get(kind, len(_RANKS))
