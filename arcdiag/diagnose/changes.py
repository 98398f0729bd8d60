"""What was changed on the machine, as logs tell: upgrades, restarts, settings, policies. Shown, never evidence."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from arcdiag.diagnose.clock import Clock
from arcdiag.model.diagnosis import TimelineItem
from arcdiag.model.message import Msg
from arcdiag.model.stamp import Stamp

KEEP = 300
BEFORE = timedelta(hours=1)
_SAME = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Change:
    """One change, as one source tells it."""

    time: Stamp
    source: str
    line: int
    what: Msg


@dataclass
class Changes:
    """The newest changes of one source."""

    found: deque[Change] = field(default_factory=lambda: deque(maxlen=KEEP))
    version: str | None = None

    def note(self, time: Stamp | None, source: str, line: int, what: Msg) -> None:
        """Keep one; without a time it cannot stand before or after anything."""
        if time is not None:
            self.found.append(Change(time, source, line, what))

    def note_version(self, time: Stamp | None, source: str, line: int, version: str) -> None:
        """The agent's version as a run prints it: another one than before is a change."""
        if self.version is not None and version != self.version:
            self.note(time, source, line, Msg.of("change.version", before=self.version, after=version))
        self.version = version


def timeline_items(changes: Iterable[Change], clock: Clock) -> list[TimelineItem]:
    """Changes in the machine's time, oldest first; what two sources tell of one moment stands once."""
    items: list[TimelineItem] = []
    for change in sorted(changes, key=lambda c: (clock.sort_key(c.time), c.source, c.line)):
        time = clock.utc(change.time)
        if not any(i.what == change.what and _at_once(clock.gap(i.time, time)) for i in items[-5:]):
            items.append(TimelineItem(time, change.source, change.line, change.what))
    return items


def _at_once(gap: timedelta | None) -> bool:
    return gap is not None and gap <= _SAME


def just_before(items: Sequence[TimelineItem], since: Stamp | None, clock: Clock) -> tuple[TimelineItem, ...]:
    """Those of the hour before `since`, the nearest first; none where times cannot be compared."""
    if since is None:
        return ()
    near = []
    for item in items:
        gap = clock.gap(item.time, since)
        if gap is not None and timedelta(0) <= gap <= BEFORE:
            near.append((gap, item))
    return tuple(item for _, item in sorted(near, key=lambda pair: pair[0]))
