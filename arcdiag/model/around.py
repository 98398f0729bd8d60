"""What stands around a line of evidence; read only if it is shown."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Surroundings(Protocol):
    """The records before and behind one, nearest to it last and first, as short excerpts."""

    @property
    def before(self) -> tuple[str, ...]:
        """Records before it, in their order."""

    @property
    def after(self) -> tuple[str, ...]:
        """Records behind it, in their order."""


class Around(NamedTuple):
    """Surroundings that were read already."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


ALONE = Around()
"""Nothing around it, or nothing known."""
