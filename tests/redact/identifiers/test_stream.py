"""Names in texts whose letters take two or four bytes, with zero bytes where nobody expects them."""

from __future__ import annotations

import pytest

from arcdiag.redact.identifiers.replace import Identifiers
from arcdiag.redact.identifiers.stream import TextStream
from arcdiag.redact.identifiers.tokens import IdKind

TEXT = "connect from srv-paris-081 (10.20.30.40) as CONTOSO\\svc-arc through proxy-paris.corp.example:3128\n" * 40
NAMES = ("srv-paris-081", "10.20.30.40", "svc-arc", "proxy-paris")


def replaced(data: bytes, size: int) -> bytes:
    ids = Identifiers()
    ids.names.add(IdKind.HOST, "srv-paris-081")
    for change in (ids.learn_bytes, ids.replace_bytes):
        stream = TextStream(change)
        out = b"".join(stream.feed(data[at : at + size]) for at in range(0, len(data), size)) + stream.finish()
    return out


def spread(text: str, codec: str) -> bytes:
    """Wide text of which each letter has one more zero character behind it."""
    return "".join(f"{letter}\0" for letter in text).encode(codec)


@pytest.mark.parametrize("size", [61, 4096, 1 << 20])
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode("utf-32"), id="utf-32 with its mark"),
        pytest.param(b"\xff\xfe" + spread(TEXT, "utf-16-le"), id="zeros in utf-16-le"),
        pytest.param(b"\xfe\xff" + spread(TEXT, "utf-16-be"), id="zeros in utf-16-be"),
        pytest.param(b"\xff\xfe" + (TEXT + "\0\0\0" + TEXT).encode("utf-16-le"), id="a gap in utf-16"),
    ],
)
def test_letters_with_zeros_behind_them(data: bytes, size: int) -> None:
    out = replaced(data, size)
    narrow = out.replace(b"\0", b"").lower()
    assert [name for name in NAMES if name.encode() in narrow] == []
    assert narrow.count(b"connect from") == data.replace(b"\0", b"").count(b"connect from")
    assert replaced(out, size).replace(b"\0", b"").count(b"connect from") == narrow.count(b"connect from")
