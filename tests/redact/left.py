"""Whether anything of a secret is left, also of one that stands over two lines or in another encoding."""

from __future__ import annotations

import re

PIECE = 9
"""So many characters of a secret in a row are a leak."""


def left_of(secret: str, text: str) -> str:
    """The first piece of `secret` that stands in `text`, white space not counted; empty if none does."""
    squeezed = re.sub(r"\s+", "", text)
    size = min(PIECE, len(secret))
    pieces = (secret[at : at + size] for at in range(len(secret) - size + 1))
    return next((piece for piece in pieces if piece in squeezed), "")
