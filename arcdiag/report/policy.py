"""The content security policy of every page that arcdiag writes: nothing is loaded, only what is named may run."""

from __future__ import annotations

import base64
import hashlib


def content_policy(style: str, script: str | None) -> str:
    """A policy that allows exactly this style sheet and this script, by their hashes; None: no script at all."""
    scripts = f"'{_hash(script)}'" if script is not None else "'none'"
    return f"default-src 'none'; style-src '{_hash(style)}'; script-src {scripts}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
