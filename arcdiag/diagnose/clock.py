"""Which of two places in the evidence is later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from arcdiag.model.stamp import Stamp

_ZONES = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a source; `time` None = undated."""

    source: str
    line: int
    time: Stamp | None


@dataclass(frozen=True, slots=True)
class Clock:
    """`offset` is local minus UTC of the machine, if the case tells it; `newest_first` are sources in that order."""

    offset: timedelta | None
    newest_first: frozenset[str] = frozenset()

    def utc(self, stamp: Stamp) -> Stamp:
        """In UTC where that is possible."""
        return stamp.in_utc(self.offset)

    def gap(self, earlier: Stamp | None, later: Stamp | None) -> timedelta | None:
        """From `earlier` to `later`; None where it cannot be told (local against UTC only if far apart)."""
        if earlier is None or later is None:
            return None
        first, second = self.utc(earlier), self.utc(later)
        if first.is_utc == second.is_utc:
            return second.at - first.at
        gap = second.at.replace(tzinfo=None) - first.at.replace(tzinfo=None)
        return gap if abs(gap) > _ZONES else None

    def is_later(self, point: Point, other: Point) -> bool:
        """Whether `point` comes after `other`: by line in one source (stamps can run backwards), else by time.

        Records of one line, as JSON has them, go by time. An undated text counts as newer than every dated log; of two
        undated ones none is later.
        """
        if point.source == other.source and point.line != other.line:
            return self.stands_behind(point.source, point.line, other.line)
        if point.source == other.source and (point.time is None or other.time is None):
            return False
        if other.time is None or point.time is None:
            return other.time is not None
        gap = self.gap(other.time, point.time)
        return gap is not None and gap > timedelta(0)

    def stands_behind(self, source: str, line: int, other: int) -> bool:
        """Whether a line of a source was written after another one."""
        return line < other if source in self.newest_first else line > other

    def sort_key(self, stamp: Stamp | None) -> tuple[bool, str]:
        """For ordering by time: undated last."""
        return (stamp is None, self.utc(stamp).at.replace(tzinfo=None).isoformat() if stamp else "")
