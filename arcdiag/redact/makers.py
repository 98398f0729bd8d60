"""Keys and tokens that carry their maker's sign: repositories, chats, clouds, vaults, Azure's own keys."""

from __future__ import annotations

import re

from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span

# What the token begins with, and the rest of it.
_BEGINNINGS: tuple[tuple[str, str], ...] = (
    (r"gh[pousr]_", r"[A-Za-z0-9]{30,255}"),
    (r"github_pat_", r"[A-Za-z0-9_]{40,255}"),
    (r"glpat-", r"[A-Za-z0-9_-]{20,64}"),
    (r"xox[abeoprs]-", r"[A-Za-z0-9-]{16,255}"),
    (r"npm_", r"[A-Za-z0-9]{36}"),
    (r"pypi-AgE", r"[A-Za-z0-9_-]{16,512}"),
    (r"sk-", r"[A-Za-z0-9_-]{32,255}"),
    (r"sk_(?:live|test)_", r"[A-Za-z0-9]{16,255}"),
    (r"SG\.", r"[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}"),
    (r"hvs\.", r"[A-Za-z0-9_-]{20,255}"),
    (r"AIza", r"[A-Za-z0-9_-]{35}"),
    (r"ya29\.", r"[A-Za-z0-9_-]{20,512}"),
    (r"AKCp", r"[A-Za-z0-9]{40,100}"),
)
_BEGINNING = re.compile("|".join(f"(?:{sign}){rest}" for sign, rest in _BEGINNINGS))
_BEGINNING_LOW = re.compile("|".join(f"(?:{sign}){rest}" for sign, rest in _BEGINNINGS).encode(), re.I)
BEGINNINGS = (
    *("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "npm_", "pypi-age", "sk-", "sk_live_"),
    *("sk_test_", "sg.", "hvs.", "aiza", "ya29.", "akcp"),
)
"""What such tokens begin with, in lower case."""
_EDGE = re.compile(r"[A-Za-z0-9_]\Z")
# Azure's keys have a sign in their middle: how many characters stand before it, and what follows.
_SIGNED = {
    "azdo": (76, r"AZDO[A-Za-z0-9]{4}"),
    "jqqj99": (52, r"JQQJ99[A-Za-z0-9]{26}"),
    "azfu": (44, r"AzFu[A-Za-z0-9_+/-]{5}[AQgw](?:==)?"),
}
SIGNS = tuple(_SIGNED)
"""What stands in the middle of a key of Azure, in lower case."""
# A long run of letters and digits is a token wherever it begins; base64 has such signs in its middle by chance.
_EDGE_OF_KEY = r"(?<![A-Za-z0-9+/])"
_START = {"azdo": "", "jqqj99": ""}
_LEAST_LEAD = min(lead for lead, _ in _SIGNED.values())
_SIGNED_KEY = {
    sign: (lead, re.compile(rf"{_START.get(sign, _EDGE_OF_KEY)}[A-Za-z0-9+/_-]{{{lead}}}{rest}(?![A-Za-z0-9])"))
    for sign, (lead, rest) in _SIGNED.items()
}
_CHARS = b"abcdefghijklmnopqrstuvwxyz0123456789+/_-"
_AMAZON = re.compile(
    r"A(?:KIA|SIA)[A-Z2-7]{16}(?P<between>[^A-Za-z0-9][^\n]{0,80}?(?<![A-Za-z0-9+/]))"
    r"(?P<value>(?=[^\s]{0,39}[0-9])[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])"
)
_WEB_HOOK = re.compile(
    r"(?:hooks\.slack\.com/services/T\w{4,20}/B\w{4,20}|/incomingwebhook)/"
    r"(?P<value>[A-Za-z0-9]{16,64}(?:/[\w-]{8,64}){0,2})",
    re.I,
)


def may_be_maker_token(low: bytes, at: int) -> bool:
    """Whether a token can begin at `at` of a text in lower case."""
    return _BEGINNING_LOW.match(low, at) is not None


def find_maker_token(line: Line, hit: int) -> list[Span]:
    """A token that begins with its maker's sign."""
    if _EDGE.search(line.text, max(0, hit - 1), hit) and not _escaped(line.text, hit):
        return []
    match = _BEGINNING.match(line.text, hit)
    return [Span(hit, match.end(), SecretKind.TOKEN, hit)] if match else []


def _escaped(text: str, hit: int) -> bool:
    return re.search(r"\\[nrt]\Z|%[0-9A-Fa-f]{2}\Z|u00[0-9A-Fa-f]{2}\Z", text[max(0, hit - 6) : hit]) is not None


def may_be_signed_key(low: bytes, at: int) -> bool:
    """Whether enough characters of a key stand before the sign at `at`."""
    return at >= _LEAST_LEAD and not low[at - _LEAST_LEAD : at].strip(_CHARS)


def find_signed_key(line: Line, hit: int) -> list[Span]:
    """A key of one of Azure's services, or a token of Azure DevOps; `hit` is the sign inside it."""
    sign = next(sign for sign in SIGNS if line.low.startswith(sign, hit))
    lead, pattern = _SIGNED_KEY[sign]
    match = pattern.match(line.text, hit - lead) if hit >= lead else None
    return [Span(match.start(), match.end(), SecretKind.TOKEN, match.start())] if match else []


def find_amazon_key(line: Line, hit: int) -> list[Span]:
    """The secret half of an access key of AWS, behind its id."""
    match = _AMAZON.match(line.text, hit)
    return [Span(*match.span("value"), SecretKind.ACCESS_KEY, hit)] if match else []


def find_web_hook(line: Line, hit: int) -> list[Span]:
    """The secret part of the address to which a chat takes messages."""
    match = _WEB_HOOK.match(line.text, hit)
    return [Span(*match.span("value"), SecretKind.TOKEN, hit)] if match else []
