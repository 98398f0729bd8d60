"""The machine's clock against the clocks of those who answered."""

from __future__ import annotations

from collections.abc import Sequence

from arcdiag.collect.scheduler import ClockSample
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker

_BY = "probe/skew"


def skew_fact(make: FactMaker, samples: Sequence[ClockSample]) -> Fact:
    """`clock.skew`: the median, as one wrong server must not accuse the machine; positive = this clock is ahead.

    A proxy's own clock counts only where nobody else answered.
    """
    hosts = [s for s in samples if not s.by_proxy]
    ordered = sorted(hosts or samples, key=lambda s: (s.seconds, s.host))
    if not ordered:
        reason = "no endpoint answered with a Date header, so the clock was not compared"
        return make.not_seen("clock.skew", MACHINE, FactStatus.ERROR, reason, _BY)
    middle = ordered[(len(ordered) - 1) // 2]
    value = {
        "seconds": round(middle.seconds),
        "source_host": middle.host,
        "samples": len(ordered),
        "by_proxy": middle.by_proxy,
    }
    return make.ok("clock.skew", MACHINE, value, _BY)
