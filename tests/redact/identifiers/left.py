"""What is left of identifiers: in any case, over wrapped lines, also in halves of a wide text."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"«([a-z-]{1,24}):[^»\n]{1,160}»")


def squeezed(text: str) -> str:
    """Without tokens and white space, in lower case."""
    return re.sub(r"\s+", "", _TOKEN.sub("", text)).lower()


def tokens_of(text: str) -> set[str]:
    """The kinds of the tokens in a text."""
    return set(_TOKEN.findall(text))


def readings(data: bytes) -> list[str]:
    """A file as anybody may read it: in single bytes, and as wide text from either of its first bytes on."""
    narrow = [data.decode("utf-8", "replace"), data.replace(b"\0", b"").decode("utf-8", "replace")]
    wide = [data[at:].decode(codec, "replace") for at in (0, 1) for codec in ("utf-16-le", "utf-16-be")]
    return [*narrow, *wide]
