"""The last door for one text; apart from that for a whole diagnosis, whose types `explain` does without."""

from __future__ import annotations

import re

# Bytes that are no text arrive as lone surrogates; no encoder can write them.
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """The text without secrets and without anything that cannot be encoded."""
    # Loaded where there is something to clean: see `words`.
    from arcdiag.redact.secrets import scrub_text

    return scrub_text(encodable(text))


def encodable(text: str) -> str:
    """The text without anything that cannot be encoded."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
