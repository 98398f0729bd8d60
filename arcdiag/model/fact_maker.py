"""Makes facts that all carry the same time and user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from arcdiag.model.fact import Fact, FactPath, FactStatus
from arcdiag.model.subject import Subject, SubjectKind

MACHINE = Subject(SubjectKind.MACHINE, "")


def service(name: str) -> Subject:
    """The subject of a service by its logical name (`himds`)."""
    return Subject(SubjectKind.SERVICE, name)


def file(name: str) -> Subject:
    """The subject of a file by its logical name or path."""
    return Subject(SubjectKind.FILE, name)


@dataclass(frozen=True, slots=True)
class FactMaker:
    """`at` is ISO 8601 UTC, the time of the collection (None: read from a file without a time); `user` ran it."""

    at: str | None
    user: str | None

    def ok(
        self,
        fact: str,
        subject: Subject,
        value: Mapping[str, Any],
        by: str,
        raw: str | None = None,
        path: FactPath = FactPath.AGENT,
    ) -> Fact:
        """Something that was seen."""
        return Fact(fact, subject, FactStatus.OK, value, path=path, at=self.at, by=by, user=self.user, raw=raw)

    def not_seen(
        self,
        fact: str,
        subject: Subject,
        status: FactStatus,
        reason: str | None,
        by: str,
        path: FactPath = FactPath.AGENT,
        raw: str | None = None,
    ) -> Fact:
        """Something that is not there or could not be seen; `reason` says why."""
        return Fact(fact, subject, status, path=path, at=self.at, by=by, user=self.user, reason=reason, raw=raw)
