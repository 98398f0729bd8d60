"""What a person can ask of a collection."""

from __future__ import annotations

from dataclasses import dataclass

TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class CollectOptions:
    """`timeout` in seconds for everything together; `cloud` and `region` as the catalogue writes them, or None."""

    timeout: float = TIMEOUT_SECONDS
    probe: bool = True
    cloud: str | None = None
    region: str | None = None
