"""A stream read without its secrets: the same bytes however it is read, and no more of it than is asked for."""

from __future__ import annotations

import io

import pytest

from arcdiag.redact.reader import ScrubbedReader
from arcdiag.redact.stream import scrub_plain

LINES = b'time="2026-03-01T00:00:00Z" level=info msg="Token read" client_secret="S3cr~Value8QxYzAbCd"\nplain line\n'


@pytest.mark.parametrize("size", [1, 100, 8192, 300_000])
def test_portions_of_any_size_give_the_same(size: int) -> None:
    data = LINES * (20 if size == 1 else 3000)
    reader = io.BufferedReader(ScrubbedReader(io.BytesIO(data)), 512)
    read = b"".join(iter(lambda: reader.read(size), b""))
    assert read == scrub_plain(data) and b"S3cr~" not in read


def test_the_beginning_alone_costs_little_more_than_itself() -> None:
    inner = io.BytesIO(LINES * 20_000)
    head = io.BufferedReader(ScrubbedReader(inner), 8192).read(100_000)
    assert len(head) == 100_000 and inner.tell() < 150_000 < len(inner.getvalue())
