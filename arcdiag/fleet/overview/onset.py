"""When causes began: bins for the chart, and onsets that lie close together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from arcdiag.fleet.overview.model import Cluster, Lane, Onsets

MOST_LANES, MOST_BINS = 8, 60
_TOGETHER = timedelta(hours=1)
_FEWEST, _MOST_OF = 3, 0.5
_LIFT = 2.0
_EARLY = 0.02
"""This part of the onsets may lie before the chart: one machine that is ill since years would flatten the others."""
_UNITS = (("hour", timedelta(hours=1)), ("day", timedelta(days=1)), ("week", timedelta(days=7)))


def clusters(by_cause: Mapping[str, Sequence[datetime]]) -> dict[str, Cluster]:
    """By cause the hour in which most of its onsets lie, where these are at least half and it is not so for the others.

    `by_cause`: onsets in UTC, in any order.
    """
    everything = sorted(at for onsets in by_cause.values() for at in onsets)
    found = {}
    for cause, onsets in by_cause.items():
        dated = sorted(onsets)
        first, last, within = _densest(dated)
        if within < _FEWEST or within < _MOST_OF * len(dated):
            continue
        there = bisect_right(everything, last) - bisect_left(everything, first)
        elsewhere, others = there - within, len(everything) - len(dated)
        if not others or within / len(dated) >= _LIFT * elsewhere / others:
            found[cause] = Cluster(first, last, within, len(dated), elsewhere, others)
    return found


def _densest(dated: Sequence[datetime]) -> tuple[datetime, datetime, int]:
    best = (datetime.min, datetime.min, 0)
    start = 0
    for end, at in enumerate(dated):
        while at - dated[start] > _TOGETHER:
            start += 1
        if end - start + 1 > best[2]:
            best = (dated[start], at, end - start + 1)
    return best


def chart(by_cause: Mapping[str, Sequence[datetime]], undated: int) -> Onsets | None:
    """The bins of the chart, causes with the most onsets first; None with fewer than two onsets."""
    everything = sorted(at for onsets in by_cause.values() for at in onsets)
    if len(everything) < 2:
        return None
    first = everything[int(len(everything) * _EARLY)]
    unit = _unit(everything[-1] - first)
    bins = _bins(_floor(first, unit), everything[-1], unit)
    order = sorted(by_cause, key=lambda cause: (-len(by_cause[cause]), cause))
    named = order if len(order) <= MOST_LANES else order[: MOST_LANES - 1]
    lanes = [Lane(cause, _counts(by_cause[cause], bins)) for cause in named]
    rest = [at for cause in order[len(named) :] for at in by_cause[cause]]
    if rest:
        lanes.append(Lane(None, _counts(rest, bins)))
    before = bisect_left(everything, bins[0])
    return Onsets(unit, tuple(bins), tuple(lanes), before, undated)


def _counts(onsets: Sequence[datetime], bins: Sequence[datetime]) -> tuple[int, ...]:
    found = Counter(bisect_right(bins, at) - 1 for at in onsets)
    return tuple(found[index] for index in range(len(bins)))


def _unit(span: timedelta) -> str:
    return next((name for name, length in _UNITS if span <= length * (MOST_BINS - 2)), "month")


def _floor(at: datetime, unit: str) -> datetime:
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "hour":
        return at.replace(minute=0, second=0, microsecond=0)
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def _bins(first: datetime, last: datetime, unit: str) -> list[datetime]:
    """At most twice MOST_BINS of them: months of ten years are enough."""
    bins = [first]
    while len(bins) < MOST_BINS * 2 and (after := _next(bins[-1], unit)) <= last:
        bins.append(after)
    return bins


def _next(at: datetime, unit: str) -> datetime:
    if unit == "month":
        return _floor(at + timedelta(days=32), "month")
    return at + dict(_UNITS)[unit]
