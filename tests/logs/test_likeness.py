"""Lines are alike where only numbers and ids differ, and never where such a number could be searched for."""

from __future__ import annotations

import pytest

from arcdiag.logs.likeness import Likeness

GUID = b"2a0f0cb5-6f6c-4a91-8a35-5b7d4b5c1f11"
OTHER = b"00f00cb5-6f6c-4a91-8a35-5b7d4b5c1f1e"


def never(line: bytes) -> bool:
    return False


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b"took 12ms", b"took 99ms"),
        (b"id=" + GUID, b"id=" + OTHER),
        (b"trace 4bf92f3577b34da6a3ce929d0e0e4736 ends", b"trace 00f067aa0ba902b7aaaaaaaaaaaaaaaa ends"),
        (b"from 10.0.0.1:443", b"from 10.9.8.7:555"),
    ],
)
def test_alike(first: bytes, second: bytes) -> None:
    likeness: Likeness[str] = Likeness(never)
    likeness.learn((first,), "nothing")
    assert likeness.find((second,)) == "nothing"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b"took 12ms", b"took 123ms"),
        (b"took 12ms", b"took 12s"),
        (b"id=" + GUID, b"id=" + GUID[:-1]),
        (b"key=beefcafe", b"key=beefcafeteria"),
        (b"word defaced", b"word accedes"),
    ],
)
def test_not_alike(first: bytes, second: bytes) -> None:
    likeness: Likeness[str] = Likeness(never)
    likeness.learn((first,), "nothing")
    assert likeness.find((second,)) is None


def test_numbers_that_are_searched_are_no_likeness() -> None:
    likeness: Likeness[str] = Likeness(lambda line: b"status 403" in line)
    likeness.learn((b"Status 200",), "nothing")
    assert likeness.find((b"Status 204",)) == "nothing"
    assert likeness.find((b"Status 403",)) is None


@pytest.mark.parametrize("line", [b"two  blanks 1", b"escape \\n 1", "Gerät 1".encode(), b"tab\t1", b"\x1b[1m1"])
def test_lines_that_may_hide_a_number_are_not_learned(line: bytes) -> None:
    likeness: Likeness[str] = Likeness(never)
    likeness.learn((line,), "nothing")
    assert likeness.find((line,)) is None


def test_all_parts_of_a_key_count() -> None:
    likeness: Likeness[str] = Likeness(never)
    likeness.learn((b"[Pull Client] [INFO", b"took 1"), "nothing")
    assert likeness.find((b"[Pull Client] [INFO", b"took 2")) == "nothing"
    assert likeness.find((b"[EXTMGR] [INFO", b"took 2")) is None
