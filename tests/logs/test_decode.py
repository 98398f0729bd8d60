"""Bytes to lines: every encoding that the agents' files come in, damaged ones, endless ones."""

from __future__ import annotations

import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arcdiag.logs.decode import LINE_CHARS, TextFile, UnreadableError

TEXT = 'time="2024-01-01T00:00:00Z" level=info msg="größer 世界"\nzweite\n\nvierte'


def lines(data: bytes) -> list[tuple[int, str]]:
    return [(line.number, line.text) for line in TextFile(io.BytesIO(data)).lines()]


EXPECTED = [(1, TEXT.split("\n")[0]), (2, "zweite"), (3, ""), (4, "vierte")]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8-sig"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.replace("\n", "\r\n").encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (gzip.compress(TEXT.encode()), "utf-8"),
        (gzip.compress(b"\xff\xfe" + TEXT.encode("utf-16-le")), "utf-16-le"),
    ],
    ids=["plain", "crlf", "bom", "utf-16-le", "utf-16-be-crlf", "utf-16-without-bom", "gzip", "gzip-utf-16"],
)
def test_encodings(data: bytes, encoding: str) -> None:
    file = TextFile(io.BytesIO(data))
    assert file.encoding == encoding
    assert [(line.number, line.text) for line in file.lines()] == EXPECTED
    assert not file.replaced


def test_the_code_page_of_a_message_is_found() -> None:
    file = TextFile(io.BytesIO("ok\nException cancel: 指定されたファイル [system:10009]\n".encode("cp932")))
    assert [line.text for line in file.lines()][1] == "Exception cancel: 指定されたファイル [system:10009]"
    assert (file.shown_encoding, file.replaced) == ("cp932", False)


def test_bytes_of_no_code_page_are_replaced_and_said() -> None:
    file = TextFile(io.BytesIO(b"ok\nException cancel: \xff\xfe\x80 [system:10009]\n"))
    assert [line.text for line in file.lines()][1].endswith("[system:10009]")
    assert file.replaced


def test_zeros_of_a_lost_power_do_not_hide_the_text() -> None:
    text = b'time="2026-10-14T06:00:00Z" level=info msg="Heartbeat sent successfully"\n' * 3
    file = TextFile(io.BytesIO(text + bytes(5000) + text))
    assert file.encoding == "utf-8"
    assert len([line for line in file.lines() if "Heartbeat sent" in line.text]) == 6


def test_nul_bytes_are_binary() -> None:
    assert TextFile(io.BytesIO(b"\x7fELF" + bytes(4096))).encoding == "binary"


def test_a_damaged_gzip_gives_what_came_before() -> None:
    data = gzip.compress(b"".join(b"line %d of many, all different\n" % (i * 7919) for i in range(200_000)))
    file = TextFile(io.BytesIO(data[: len(data) // 2]))
    seen = 0
    with pytest.raises(UnreadableError, match="damaged"):
        for _ in file.lines():
            seen += 1
    assert seen > 1000


def test_an_endless_line_is_cut_and_the_rest_goes_on() -> None:
    data = b"x" * (LINE_CHARS * 5) + b"\nshort\n"
    found = list(TextFile(io.BytesIO(data)).lines())
    assert [(line.number, len(line.text), line.cut) for line in found] == [(1, LINE_CHARS, True), (2, 5, False)]


@given(st.binary(max_size=3000))
def test_no_bytes_raise(data: bytes) -> None:
    try:
        numbers = [line.number for line in TextFile(io.BytesIO(data)).lines()]
    except UnreadableError:
        return
    assert numbers == sorted(numbers)


@given(st.text(alphabet=st.characters(exclude_characters="\r\x00\ufeff", exclude_categories=("Cs",)), max_size=500))
def test_utf8_text_comes_back_whole(text: str) -> None:
    found = "\n".join(line for _, line in lines(text.encode()))
    assert found == text.removesuffix("\n")
