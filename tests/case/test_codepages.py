"""Which code page everyday text is in, by what the machines of its language write."""

from __future__ import annotations

import pytest

from arcdiag.case.codepages import code_page_of, wide_codec_of

TEXTS = [
    ("cp949", "디스크 공간이 부족합니다."),
    ("cp949", "서버01"),
    ("cp949", "경고: TCP connect to (20.50.1.16 : 443) failed"),
    ("gb18030", "由于目标计算机积极拒绝，无法连接。"),
    ("gb18030", "错误"),
    ("gb18030", "磁盘空间不足。"),
    ("cp932", "エラー"),
    ("cp932", "アクセスが拒否されました。"),
    ("cp932", "警告"),
    ("euc_jp", "ロックが取得できませんでした"),
    ("cp950", "無法連線，因為目標電腦拒絕連線。"),
    ("cp950", "磁碟空間不足。"),
    ("cp1252", "Der Zugriff auf einen Socket war aufgrund der Zugriffsrechte des Sockets unzulässig."),
    ("cp1252", "Größe"),
    ("cp1252", "accès refusé"),
    ("cp850", "Zeitüberschreitung der Anforderung für müller"),
    ("cp850", "No se encontró el archivo"),
]


@pytest.mark.parametrize(("page", "text"), TEXTS, ids=[f"{page}-{text[:6]}" for page, text in TEXTS])
def test_everyday_text_shows_its_page(page: str, text: str) -> None:
    data = text.encode(page)
    assert code_page_of(data) == page
    assert data.decode(page) == text


def test_a_character_that_was_cut_off_does_not_matter() -> None:
    assert code_page_of(("서비스를 시작하지 못했습니다. " * 3).encode("cp949")[1:-4]) == "cp949"


@pytest.mark.parametrize("data", [b"", b"plain", bytes(range(128, 256)) * 8, b"\xb0 C", "결과 정상".encode()[:-1]])
def test_what_is_nobodys_everyday_text_has_no_page(data: bytes) -> None:
    assert code_page_of(data) is None


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_wide_text_of_an_eastern_language_shows_without_a_mark(codec: str) -> None:
    text = "디스크 공간이 부족합니다. 서비스를 시작하지 못했습니다.\r\n" * 4 + "INFO    Exit Code:  AZCM0026\r\n"
    assert wide_codec_of(text.encode(codec)) == codec
    assert wide_codec_of(text.encode()) is None
    assert wide_codec_of(bytes(range(256)) * 8) is None
