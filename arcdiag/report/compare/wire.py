"""The JSON document of a comparison, field by field. A change here is a breaking change."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from arcdiag.report.wire import Time

SCHEMA_VERSION: Literal["1.0"] = "1.0"


class Change(StrEnum):
    """What became of something; the first three are for the worse."""

    NEW = "new"
    WORSE = "worse"
    LOST = "no-longer-evaluated"
    STILL = "still-there"
    UNKNOWN = "not-seen-again"
    CHANGED = "changed"
    BETTER = "better"
    RESOLVED = "resolved"

    @property
    def is_worse(self) -> bool:
        """Whether it makes the exit code 1."""
        return self in (Change.NEW, Change.WORSE, Change.LOST)


class _Wire(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base: every field is always written."""


class SideDoc(_Wire, frozen=True, kw_only=True):
    """One of the two reports."""

    name: str
    host: str | None
    now: Time | None
    verdict: str
    agent_version: str | None
    tool_version: str
    rules_version: str


class CauseChange(_Wire, frozen=True, kw_only=True):
    """A cause that is or was current; `because` says what the judgement rests on."""

    id: str
    title: str
    change: Change
    before: str | None
    after: str | None
    subjects: tuple[str, ...]
    because: str


class ItemChange(_Wire, frozen=True, kw_only=True):
    """A check, an endpoint or a fact: its status (or value) before and after; None where it was not there."""

    kind: Literal["check", "endpoint", "fact"]
    id: str
    subject: str | None
    change: Change
    before: str | None
    after: str | None


class ComparisonDoc(_Wire, frozen=True, kw_only=True):
    """The whole comparison. `notes`: what makes the two hard to compare, such as other rules or another machine."""

    schema_version: Literal["1.0"]
    worse: bool
    before: SideDoc
    after: SideDoc
    notes: tuple[str, ...]
    causes: tuple[CauseChange, ...]
    items: tuple[ItemChange, ...]
