"""Base64 in which a secret stands under its name: commands, scripts, settings that a tool has packed."""

from __future__ import annotations

import base64
import binascii
import re

from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span

_MOST = 64 * 1024
_LEAST = 24
_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BEHIND, _AHEAD = 16, 240
_NEAR = re.compile(rf"[A-Za-z0-9+/]{{0,{_AHEAD}}}")
_RUN = re.compile(rf"[A-Za-z0-9+/]{{0,{_MOST}}}={{0,2}}")
_TELLING = re.compile(
    rb"(?:secret|passw[a-z]{0,8}|pwd|token|account-?key)[a-z_-]{0,24}[\"'\\\]]{0,4}"
    rb"(?:[ \t]{0,8}[:=][ \t]{0,8}|[ \t]{1,8})[\"'\\]{0,4}[^\s\"'$<]{6}",
    re.I,
)
_WORDS = (b"secret", b"Secret", b"SECRET", b"passw", b"Passw", b"PASSW")


def _fragments(word: bytes) -> tuple[str, ...]:
    """What base64 makes of a word at each of its three places within three bytes, without the signs at both ends."""
    found = []
    for before in range(3):
        text = base64.b64encode(b"\0" * before + word).decode()
        found.append(text[-(-before * 8 // 6) : (before + len(word)) * 8 // 6].lower())
    return tuple(found)


FRAGMENTS = tuple(
    dict.fromkeys(
        fragment
        for word in _WORDS
        for wide in (word, word.decode().encode("utf-16-le"))
        for fragment in _fragments(wide)
    )
)
"""One of them, in lower case, stands in every base64 text that names a secret or a password."""


def find_nested(line: Line, hit: int) -> list[Span]:
    """The run of base64 around `hit`, if it says what a secret is."""
    near = line.text[max(0, hit - _BEHIND) : hit]
    begin = hit - (len(near) - len(near.rstrip(_SIGNS)))
    ahead = _NEAR.match(line.text, hit)
    end = ahead.end() if ahead else hit
    if end - begin < _LEAST or not any(_tells(line.text[begin + skip : end]) for skip in range(4)):
        return []
    before = line.text[max(0, hit - _MOST) : hit]
    start = hit - (len(before) - len(before.rstrip(_SIGNS)))
    run = _RUN.match(line.text, hit)
    return [Span(start, run.end() if run else end, SecretKind.CREDENTIALS, start)]


def _tells(text: str) -> bool:
    plain = text.rstrip("=")
    try:
        raw = base64.b64decode(plain[: len(plain) - (len(plain) % 4 == 1)] + "==")
    except binascii.Error:
        return False
    return _TELLING.search(raw.replace(b"\0", b"")) is not None
