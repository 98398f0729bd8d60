"""Streams in a code page as UTF-8: whole lines, any portions, mixtures, damage."""

from __future__ import annotations

import io

import pytest

from arcdiag.case.recode import Recoded

KO = "오류: 대상 컴퓨터에서 연결을 거부했으므로 연결하지 못했습니다.\r\n"
ASCII = "INFO    Exit Code:  AZCM0026: Network Error\r\n"


def read(data: bytes, size: int = 100_000) -> bytes:
    stream, out = Recoded(io.BytesIO(data)), b""
    while piece := stream.read(size):
        assert len(piece) <= size
        out += piece
    return out


@pytest.mark.parametrize("size", [1, 7, 64, 100_000])
@pytest.mark.parametrize("page", ["cp949", "utf-8"])
def test_lines_come_as_utf_8(page: str, size: int) -> None:
    text = ASCII * 3 + KO + ASCII + KO * 2 + "끝"
    assert read(text.encode(page), size).decode() == text


def test_a_page_that_shows_late_is_found() -> None:
    text = ASCII * 20_000 + KO + ASCII * 20_000 + KO
    assert read(text.encode("cp949")).decode() == text


def test_the_whole_of_what_is_asked_comes_at_once() -> None:
    stream = Recoded(io.BytesIO((ASCII * 20_000).encode()))
    assert len(stream.read(256 * 1024)) == 256 * 1024


def test_lines_of_utf_8_stay_beside_lines_of_a_page() -> None:
    assert read(KO.encode("cp949") + KO.encode() + KO.encode("cp949")).decode() == KO * 3


def test_two_bytes_that_are_utf_8_by_chance_are_read_by_the_page() -> None:
    text = KO + "품 A\r\n"
    assert read(text.encode("cp949")).decode() == text


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe" + KO.encode("utf-16-le"),
        ASCII.encode("utf-16-le") * 9,
        KO.encode()[:-4],
        b"\xb0\xff\xfe\x80 noise\n",
    ],
    ids=["marked", "wide-ascii", "cut-utf-8", "noise"],
)
def test_other_bytes_stay_as_they_are(data: bytes) -> None:
    assert read(data) == data


def test_wide_text_of_an_eastern_language_comes_as_utf_8() -> None:
    text = (KO * 3 + ASCII) * 40
    stream = Recoded(io.BytesIO(text.encode("utf-16-le")))
    assert stream.read(1_000_000).decode() == text
    assert stream.page == "utf-16-le"


class Damaged(io.BytesIO):
    """Ends with an error."""

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if not data:
            raise EOFError("damaged")
        return data


def test_an_error_comes_behind_what_was_read() -> None:
    stream = Recoded(Damaged(KO.encode("cp949")))
    assert stream.read(100_000).decode() == KO
    with pytest.raises(EOFError, match="damaged"):
        stream.read(1)


def test_tokens_of_a_redaction_stay_in_lines_of_a_page() -> None:
    token = "dial tcp «ip-public:3f2a»:443: connectex: "
    data = token.encode() + KO.encode("cp949") + token.encode() + b"\r\n" + KO.encode("cp949")
    assert read(data).decode() == token + KO + token + "\r\n" + KO
