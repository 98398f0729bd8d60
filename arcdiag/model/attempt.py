"""One try at a step of the machine's life."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from arcdiag.model.stamp import Stamp


class Outcome(StrEnum):
    """`UNKNOWN`: begun, and no end was seen."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Impact(StrEnum):
    """What a step's failure means to the owner, worst first."""

    OFFLINE = "offline"
    FEATURE = "feature"
    NONE = "none"

    @property
    def rank(self) -> int:
        """0 is worst."""
        return list(Impact).index(self)


@dataclass(frozen=True, slots=True)
class Attempt:
    """`count` equal attempts in a row are one; `begin`/`end` are the first's and the last's time."""

    step: str
    outcome: Outcome
    source: str
    line: int
    end_line: int
    begin: Stamp | None
    end: Stamp | None
    count: int = 1
    agent_version: str | None = None
