"""Where an identifier stands in bytes of text, and which one it is."""

from __future__ import annotations

from arcdiag.redact.identifiers.tokens import IdKind

Span = tuple[int, int, IdKind, bytes | None]
"""Begin, end, kind, and what the token is made of; None if it is what stands there, empty if no token is put there.

A plain tuple: a log has millions of them.
"""
