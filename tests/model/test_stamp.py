from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from arcdiag.model.stamp import Stamp


def test_an_aware_time_becomes_utc_and_says_so() -> None:
    stamp = Stamp.of(datetime(2020, 10, 20, 15, 23, 24, tzinfo=timezone(timedelta(hours=-6))))
    assert stamp.iso() == "2020-10-20T21:23:24Z"
    assert stamp.is_utc


def test_a_naive_time_stays_local_until_an_offset_is_known() -> None:
    stamp = Stamp.of(datetime(2024, 6, 11, 17, 26, 5))
    assert stamp.iso() == "2024-06-11T17:26:05"
    assert stamp.in_utc(None) is stamp
    assert stamp.in_utc(timedelta(hours=9)).iso() == "2024-06-11T08:26:05Z"


def test_gap_is_unknown_between_local_and_utc() -> None:
    local, utc = Stamp(datetime(2024, 1, 1)), Stamp(datetime(2024, 1, 2, tzinfo=UTC))
    assert local.gap(utc) is None
    assert local.gap(Stamp(datetime(2024, 1, 1, 1))) == timedelta(hours=1)
