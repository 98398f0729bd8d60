"""gzip in parts: all of them, as the standard library reads them, up to the damage or the cap."""

from __future__ import annotations

import gzip
import io
import random
import zlib

import pytest

from arcdiag.case.gunzip import Gunzip, TooManyPartsError
from tests.case.archives import LOG, packed

_NOISE = random.Random(3).randbytes(100_000)


def parts_read(data: bytes, most: int = 1 << 20) -> tuple[bytes, Exception | None]:
    """What comes out, and how it ends."""
    stream, found = Gunzip(io.BytesIO(data)), b""
    try:
        while piece := stream.some(most):
            assert len(piece) <= most
            found += piece
    except (EOFError, zlib.error) as error:
        return found, error
    return found, None


@pytest.mark.parametrize("most", [1, 7, 1000, 1 << 20])
@pytest.mark.parametrize(
    "data",
    [
        packed(LOG * 50),
        packed(LOG) * 30,
        packed(LOG) + b"\0" * 9000 + packed(b"") * 3 + packed(LOG),
        packed(_NOISE[:9000]) + packed(LOG),
        packed(b""),
        b"",
        packed(LOG) + b"\0" * 20_000,
    ],
)
def test_as_the_standard_library(data: bytes, most: int) -> None:
    assert parts_read(data, most) == (gzip.decompress(data), None)


@pytest.mark.parametrize("most", [100, 1 << 20])
def test_up_to_the_damage(most: int) -> None:
    whole = packed(LOG * 300) + packed(_NOISE)
    at = len(packed(LOG * 300))
    for cut in (1, 5, 12, at - 4, at, at + 6, at + 50_000, len(whole) - 3):
        found, error = parts_read(whole[:cut], most)
        assert (LOG * 300 + _NOISE).startswith(found)
        assert (error is None) == (cut == at)
    found, error = parts_read(whole[:-8] + b"\0" * 8, most)
    assert found == LOG * 300 + _NOISE and isinstance(error, zlib.error), "only the sum at the end is wrong"
    broken = bytearray(whole)
    broken[at + 60_000 : at + 60_100] = bytes(100)
    found, error = parts_read(bytes(broken), most)
    assert len(found) > len(LOG) * 300 + 50_000 and isinstance(error, zlib.error)
    found, error = parts_read(packed(LOG) + b"rubbish", most)
    assert found == LOG and isinstance(error, zlib.error)


def test_nothing_is_asked_for() -> None:
    assert Gunzip(io.BytesIO(packed(LOG))).some(0) == b""


def test_only_so_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arcdiag.case.gunzip.MAX_GZIP_PARTS", 20)
    assert parts_read(packed(LOG) * 20) == (LOG * 20, None)
    found, error = parts_read(packed(LOG) * 21)
    assert found == LOG * 20 and isinstance(error, TooManyPartsError)
    assert "20 packed parts" in str(error)
