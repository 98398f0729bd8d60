"""Attempts over time as bars in lanes, one lane a step, for the HTML report's small chart."""

from __future__ import annotations

from dataclasses import dataclass

from arcdiag.model.attempt import Outcome
from arcdiag.model.diagnosis import AttemptSeen, TimelineItem
from arcdiag.model.stamp import Stamp

WIDTH = 1000
MOST_BARS = 300
_CHANGES = ("signal.change.", "change.")


@dataclass(frozen=True, slots=True)
class Bar:
    """`x` and `width` of WIDTH; `outcome` is ok, failed or unknown."""

    x: int
    width: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Lanes in the order of the steps' first attempts; `counts` of all attempts by outcome.

    `changes`: where on the line something of the machine was changed (upgrade, restart, setting), 0 to WIDTH.
    """

    first: Stamp
    last: Stamp
    lanes: tuple[tuple[str, tuple[Bar, ...]], ...]
    counts: dict[str, int]
    changes: tuple[int, ...] = ()


def chart(attempts: tuple[AttemptSeen, ...], timeline: tuple[TimelineItem, ...] = ()) -> Chart | None:
    """The chart; None with fewer than two timed attempts, or where UTC and local times mix."""
    timed = [(seen.attempt, seen.attempt.begin) for seen in attempts if seen.attempt.begin is not None]
    changed = [item.time for item in timeline if item.what.key.startswith(_CHANGES)]
    stamps = [begin for _, begin in timed] + [attempt.end for attempt, _ in timed if attempt.end is not None] + changed
    if len(timed) < 2 or len({stamp.is_utc for stamp in stamps}) != 1:
        return None
    first, last = min(stamps, key=lambda s: s.at), max(stamps, key=lambda s: s.at)
    span = (last.at - first.at).total_seconds()
    if span <= 0:
        return None
    lanes: dict[str, dict[Bar, None]] = {}
    counts = {outcome.value: 0 for outcome in Outcome}
    for attempt, begin in timed:
        end = attempt.end or begin
        x = round((begin.at - first.at).total_seconds() / span * WIDTH)
        width = max(0, round((end.at - begin.at).total_seconds() / span * WIDTH))
        counts[attempt.outcome.value] += attempt.count
        bars = lanes.setdefault(attempt.step, {})
        if len(bars) < MOST_BARS:
            bars[Bar(x, width, attempt.outcome.value)] = None
    marks = tuple(dict.fromkeys(round((at.at - first.at).total_seconds() / span * WIDTH) for at in changed))
    return Chart(first, last, tuple((step, tuple(bars)) for step, bars in lanes.items()), counts, marks[:MOST_BARS])
