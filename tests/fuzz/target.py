"""What a target is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True)
class Target:
    """`check` raises nothing for whatever `feed` draws; `examples` of the short run."""

    feed: st.SearchStrategy[Any]
    check: Callable[[Any], None]
    examples: int = 120
