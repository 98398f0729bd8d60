"""Points in time as evidence shows them: with a known offset (UTC) or without (local)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Stamp:
    """A point in time read from evidence.

    `at` is aware and in UTC if the text named its offset, else naive: local time of an unknown offset.
    """

    at: datetime

    @classmethod
    def of(cls, at: datetime) -> Stamp:
        """Normalise: an aware time becomes UTC, a naive one stays as it is."""
        return cls(at.astimezone(UTC) if at.tzinfo is not None else at)

    @property
    def is_utc(self) -> bool:
        """Whether the offset is known."""
        return self.at.tzinfo is not None

    def in_utc(self, offset: timedelta | None) -> Stamp:
        """The same point in UTC, with `offset` (local minus UTC) for a local stamp; unchanged without one."""
        if self.is_utc or offset is None:
            return self
        return Stamp((self.at - offset).replace(tzinfo=UTC))

    def iso(self) -> str:
        """ISO 8601 to the second, `Z` for UTC, no suffix for local time."""
        text = self.at.replace(tzinfo=None).isoformat(timespec="seconds")
        return text + "Z" if self.is_utc else text

    def gap(self, later: Stamp) -> timedelta | None:
        """Time from this stamp to `later`; None if one is local and the other UTC."""
        if self.is_utc != later.is_utc:
            return None
        return later.at - self.at
