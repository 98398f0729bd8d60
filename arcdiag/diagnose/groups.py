"""Equal signals are one group: count, first, last and at most three samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from arcdiag.model.record import Level
from arcdiag.model.signal import Signal
from arcdiag.model.stamp import Stamp
from arcdiag.model.subject import Subject

SAMPLES = 3
GROUPS = 60
_RANK = {Level.FATAL: 3, Level.ERROR: 2, Level.PLAIN: 1, Level.WARNING: 1, Level.INFO: 0, Level.DEBUG: 0}


def rank_of(level: Level) -> int:
    """3 fatal, 2 error, 1 plain text and warnings, 0 info and debug."""
    return _RANK[level]


@dataclass
class Group:
    """Occurrences of one signal about one subject with equal captures. `rank`: of the surest level it stood on."""

    signal: str
    subject: Subject | None
    role: str | None
    captures: tuple[tuple[str, str], ...]
    samples: list[Signal] = field(default_factory=list)
    count: int = 0
    first: Stamp | None = None
    last: Stamp | None = None
    rank: int = 0
    line: int = 0

    @property
    def named(self) -> dict[str, str]:
        """The captures as a dict."""
        return dict(self.captures)


GroupKey = tuple[str, Subject | None, tuple[tuple[str, str], ...]]


@dataclass
class Groups:
    """Groups in order of first sight; bounded: beyond GROUPS, captures no longer tell groups apart."""

    by_key: dict[GroupKey, Group] = field(default_factory=dict)

    def add(self, signal: Signal) -> None:
        """Count one occurrence."""
        key: GroupKey = (signal.id, signal.subject, signal.captures)
        if key not in self.by_key and len(self.by_key) >= GROUPS:
            key = (signal.id, signal.subject, ())
        group = self.by_key.get(key)
        if group is None:
            group = Group(signal.id, signal.subject, signal.role, signal.captures, first=signal.time)
            self.by_key[key] = group
        group.count += 1
        group.last = signal.time or group.last
        group.line = signal.line
        rank = rank_of(signal.level)
        if rank > group.rank or not group.samples:
            group.rank = max(rank, group.rank)
            group.samples.insert(0, signal)
        elif len(group.samples) < SAMPLES:
            group.samples.append(signal)
        del group.samples[SAMPLES:]

    def merge(self, other: Groups) -> None:
        """Take in the groups of a later attempt."""
        for key, theirs in other.by_key.items():
            mine = self.by_key.get(key)
            if mine is None:
                if len(self.by_key) < GROUPS * 2:
                    self.by_key[key] = replace(theirs, samples=list(theirs.samples))
                continue
            mine.count += theirs.count
            mine.last = theirs.last or mine.last
            mine.line = theirs.line
            mine.rank = max(mine.rank, theirs.rank)
            mine.samples = (mine.samples + theirs.samples)[:SAMPLES]

    def __iter__(self) -> Iterator[Group]:
        return iter(self.by_key.values())

    def __len__(self) -> int:
        return len(self.by_key)
