"""The last door for one text; apart from that for a whole diagnosis, whose types `explain` does without."""

from __future__ import annotations

import re

from arcdiag.redact.secrets import scrub_text

# Bytes that are no text arrive as lone surrogates; no encoder can write them.
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """The text without secrets and without anything that cannot be encoded."""
    return scrub_text(_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text))
