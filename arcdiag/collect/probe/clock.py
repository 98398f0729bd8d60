"""This machine's clock against the one of an answer."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from arcdiag.collect.probe.message import Answer
from arcdiag.collect.probe.world import utc_now
from arcdiag.collect.scheduler import ClockSample


def clock_sample(host: str, answer: Answer, *, by_proxy: bool = False) -> ClockSample | None:
    """What the Date header says; None without one that can be read. Call it as soon as the answer is there."""
    date = answer.first("date")
    if not date:
        return None
    try:
        server = parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return None
    if server.tzinfo is None:
        return None
    return ClockSample(host, (utc_now() - server).total_seconds(), by_proxy)
