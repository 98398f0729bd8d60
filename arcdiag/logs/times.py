"""Time stamps of all log formats."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from arcdiag.model.stamp import Stamp

_ISO = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z|UTC|[+-]\d\d:?\d\d)?",
)
_US = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})\s+(\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,7}))?(?:\s?([AP]M))?(?:\s(UTC|GMT|Z))?"
)
_UTC_LENGTH = len("2024-01-02T03:04:05Z")
_INSIDE = re.compile(
    r"Timestamp: ?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ)|\"timestamp\": ?\"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ)"
    r"|\btime=\\?\"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))\\?\" level="
)


def parse_time(text: str) -> Stamp | None:
    """The stamp at the beginning of `text`, ISO-like; None if there is none or it is no date (31 February)."""
    if len(text) == _UTC_LENGTH and text[-1] == "Z" and (stamp := _utc(text)) is not None:
        return stamp
    match = _ISO.match(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(g) for g in match.groups()[:6])
    micro = (match[7] or "")[:6].ljust(6, "0")
    zone = match[8] or ""
    try:
        if zone in ("Z", "UTC"):
            return Stamp(datetime(year, month, day, hour, minute, second, int(micro), UTC))
        naive = datetime(year, month, day, hour, minute, second, int(micro))
        return Stamp.of(datetime.fromisoformat(naive.isoformat() + zone)) if zone else Stamp(naive)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=256)
def _utc(text: str) -> Stamp | None:
    """`2024-01-02T03:04:05Z`, by far the most stamps; each is read more than once. None for all else."""
    if text[4] != "-" or text[7] != "-" or text[10] != "T" or text[11:13] > "23":
        return None
    try:
        return Stamp(datetime.fromisoformat(text))
    except ValueError:
        return None


def parse_us_time(text: str) -> Stamp | None:
    """`7/14/2021 9:36:18 PM UTC`: month first, as Windows programs write it in their own logs; local without a zone."""
    match = _US.match(text)
    if not match:
        return None
    month, day, year, hour, minute, second = (int(g) for g in match.groups()[:6])
    if match[8]:
        hour = hour % 12 + (12 if match[8] == "PM" else 0)
    try:
        naive = datetime(year, month, day, hour, minute, second)
        return Stamp.of(datetime.fromisoformat(naive.isoformat() + "+00:00")) if match[9] else Stamp(naive)
    except ValueError:
        return None


def time_inside(text: str) -> Stamp | None:
    """The time that an Entra answer or a quoted line of a log carries, for records without a stamp of their own."""
    match = _INSIDE.search(text)
    return parse_time(match[1] or match[2] or match[3]) if match else None
