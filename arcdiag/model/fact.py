"""What a collector saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from arcdiag.model.subject import Subject


class FactStatus(StrEnum):
    """`ABSENT` = looked, had the right to look, and it is not there; all but OK and ABSENT mean unknown."""

    OK = "ok"
    ABSENT = "absent"
    DENIED = "denied"
    TIMEOUT = "timeout"
    UNSUPPORTED = "unsupported"
    ERROR = "error"

    @property
    def known(self) -> bool:
        """Whether the fact says something about the machine."""
        return self in (FactStatus.OK, FactStatus.ABSENT)


class FactPath(StrEnum):
    """The route that a probe took: the agent's own, or another one that was asked for."""

    AGENT = "agent"
    WHAT_IF = "what-if"


@dataclass(frozen=True, slots=True)
class Fact:
    """One observation, one line of `facts.jsonl`.

    `value` is JSON-able and only there with status OK; `at` is ISO 8601 UTC or None (read from a file without a time);
    `by` names the collector; `reason` says why a status is not OK; `raw` names the case file it was decoded from.
    """

    fact: str
    subject: Subject | None
    status: FactStatus
    value: Mapping[str, Any] = field(default_factory=dict)
    path: FactPath = FactPath.AGENT
    at: str | None = None
    by: str = ""
    user: str | None = None
    reason: str | None = None
    raw: str | None = None

    @property
    def sort_key(self) -> tuple[str, str, str, str, str]:
        """Order of `facts.jsonl`: fact, subject, at."""
        subject = self.subject
        kind, id_ = (subject.kind.value, subject.id) if subject else ("", "")
        return (self.fact, kind, id_, self.at or "", self.by)
