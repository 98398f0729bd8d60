"""Odd lines are searched as their text reads; those that cannot be read so are always handed on."""

from __future__ import annotations

import pytest

from arcdiag.logs.second_look import telling


def search(text: bytes) -> list[int]:
    found, at = [], text.find(b"no such host")
    while at >= 0:
        found.append(at)
        at = text.find(b"no such host", at + 1)
    return found


def told(*lines: str) -> list[int]:
    """The numbers of the lines that are handed on, each of which was doubtful at its last byte."""
    coded = [line.encode("utf-8", "surrogateescape") + b"\n" for line in lines]
    ends = [sum(map(len, coded[: number + 1])) for number in range(len(coded))]
    places = [end - 2 for end in ends]
    data = b"".join(coded)
    return [places.index(place) for place in telling(data, places, len(data), search)]


@pytest.mark.parametrize(
    "line", ["No  such   host", "no\tsuch\thost", "Gerät: no such host", "no\\nsuch\\thost", "서버 no such  host"]
)
def test_what_reads_as_it_is_found(line: str) -> None:
    assert told("all  is well", line, "Gerät ist gut") == [1]


@pytest.mark.parametrize(
    "line", ["\\u006eo such host", "\x1b[31mred", "zero\u200bwidth", "\udcff", "C:\\\\new", "\ufffd", "a\x00b"]
)
def test_what_takes_a_whole_reading_is_handed_on(line: str) -> None:
    assert told("all  is well", line) == [1]


def test_several_lines() -> None:
    assert told("no  such host", "quiet  here", "no such\thost", "no  such host") == [0, 2, 3]
    assert told("quiet  here") == []


def test_nothing_beyond_the_end_is_looked_at() -> None:
    data = b"quiet  here, no  such host"
    assert telling(data, [5], 11, search) == []
    assert telling(data, [5], len(data), search) == [5]
