"""What a pattern is made of, before it becomes a regular expression and anchors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that stands for itself; a blank for any white space."""

    text: str


@dataclass(frozen=True, slots=True)
class Capture:
    """`{name:type}`."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Anything, or nothing."""


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One of several sequences; an empty one makes the others optional."""

    options: tuple[tuple[Node, ...], ...]


Node = Literal | Capture | Gap | Alternatives
