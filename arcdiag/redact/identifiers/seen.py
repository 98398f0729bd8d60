"""Names where they stand: one pass over a text finds what shows by its shape or its context."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from arcdiag.redact.identifiers.contexts import CONTEXTS, LINE_STARTS, PORT_BEHIND, PORTS, PROMPT, Context
from arcdiag.redact.identifiers.shapes import (
    ACCOUNT,
    ENDINGS,
    HOST,
    MAIL,
    NOT_ACCOUNTS,
    SID,
    is_host_name,
)
from arcdiag.redact.identifiers.tokens import IdKind

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick


@dataclass(frozen=True, slots=True)
class Seen:
    """A name at `text[start:end]`; whether it is one is still to be judged. `spread`: it is one wherever it stands."""

    start: int
    end: int
    kind: IdKind
    value: str
    spread: bool = True


_Look = Callable[[str, int], Iterator[Seen]]


def _context(context: Context) -> _Look:
    def look(text: str, at: int) -> Iterator[Seen]:
        match = context.pattern.match(text, at)
        if match:
            value = match["v"].rstrip(".")
            start = match.start("v")
            yield Seen(start, start + len(value), context.kind, value, context.spread)

    return look


def _host(text: str, at: int) -> Iterator[Seen]:
    """A full host name; `at` is the dot before its ending."""
    start = at
    while start and at - start < 253 and (text[start - 1].isalnum() or text[start - 1] in "._-"):
        start -= 1
    match = HOST.search(text, start, at + 26)
    if match and match.end() > at and is_host_name(match["host"]):
        yield Seen(match.start("host"), match.end("host"), IdKind.HOST, match["host"], spread=False)


def _at_sign(text: str, at: int) -> Iterator[Seen]:
    """A mail address or a prompt."""
    mail = MAIL.search(text, max(0, at - 65), min(len(text), at + 256))
    if mail and mail.start() < at < mail.end():
        yield Seen(mail.start(), mail.end(), IdKind.MAIL, mail[0])
    prompt = PROMPT.search(text, max(0, at - 33), min(len(text), at + 300))
    if prompt and prompt.end("user") == at:
        yield Seen(prompt.start("user"), at, IdKind.USER, prompt["user"])
        yield Seen(at + 1, prompt.end("host"), IdKind.HOST, prompt["host"])


def _account(text: str, at: int) -> Iterator[Seen]:
    """`DOMAIN\\user`; `at` is the first backslash."""
    if not at or not (text[at - 1].isupper() or text[at - 1].isdigit()):
        return
    match = ACCOUNT.search(text, max(0, at - 16), min(len(text), at + 80))
    if match and match.end("domain") == at and match["domain"] not in NOT_ACCOUNTS:
        yield Seen(match.start("domain"), at, IdKind.DOMAIN, match["domain"])
        yield Seen(match.start("user"), match.end("user"), IdKind.USER, match["user"])


def _sid(text: str, at: int) -> Iterator[Seen]:
    match = SID.match(text, at)
    if match:
        yield Seen(at, match.end(), IdKind.SID, match[0])


def _before_port(text: str, at: int) -> Iterator[Seen]:
    """A name before the port of a proxy or of TLS."""
    begin = max(0, at - 253)
    if not at or not text[at - 1].isalnum():
        return
    match = PORT_BEHIND.search(text[begin:at])
    if match:
        yield Seen(begin + match.start("v"), at, IdKind.HOST, match["v"], spread=False)


_LOOKS: tuple[tuple[str, _Look], ...] = (
    *((anchor, _context(context)) for context in CONTEXTS for anchor in context.anchors),
    ("@", _at_sign),
    ("\\", _account),
    ("s-1-5-21-", _sid),
    *((port, _before_port) for port in PORTS),
    *((ending, _host) for ending in ENDINGS),
)


@cache
def _machine() -> AhoCorasick:
    from ahocorasick_rs import AhoCorasick, Implementation

    return AhoCorasick([anchor for anchor, _ in _LOOKS], implementation=Implementation.DFA)


def lowered(text: str) -> str:
    """`text` in lower case, character by character: places stay what they are."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def look_at(text: str) -> Iterator[Seen]:
    """Everything in `text` (whole lines, without halves of characters) that may be a name."""
    text = f"\n{text}"
    for number, at, _ in _machine().find_matches_as_indexes(lowered(text), overlapping=True):
        for seen in _LOOKS[number][1](text, at):
            yield Seen(seen.start - 1, seen.end - 1, seen.kind, seen.value, seen.spread)
    for pattern in LINE_STARTS:
        for match in pattern.finditer(text):
            yield Seen(match.start("v") - 1, match.end("v") - 1, IdKind.HOST, match["v"])
