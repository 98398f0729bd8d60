from __future__ import annotations

import pytest

from arcdiag.report.layout import columns, cut_points, wrap


@pytest.mark.parametrize("text, width", [("abc", 3), ("漢字", 4), ("에이", 4), ("e\u0301", 1), ("«x»", 3)])
def test_columns(text: str, width: int) -> None:
    assert columns(text) == width


@pytest.mark.parametrize(
    "text",
    [
        "one two three four five six seven eight nine ten",
        "a" * 100,
        "代理服务器无法连接，请联系网络团队。代理服务器无法连接，请联系网络团队。",
        "프록시 서버에 연결할 수 없습니다 네트워크 팀에 문의하십시오",
        "mixed 漢字 text, with words",
        "",
    ],
)
def test_lines_fit_and_nothing_is_lost(text: str) -> None:
    lines = wrap(text, 20, "- ", "  ")
    assert all(columns(line) <= 20 for line in lines)
    assert "".join(lines).replace(" ", "").removeprefix("-") == text.replace(" ", "")


def test_closing_marks_do_not_begin_a_line() -> None:
    lines = wrap("漢" * 9 + "，" + "字" * 4, 18)
    assert not any(line.startswith("，") for line in lines)


def test_items_hang() -> None:
    assert wrap("aaa bbb ccc", 9, "- ") == ["- aaa bbb", "  ccc"]


def test_log_lines_are_cut_without_loss() -> None:
    text = "word " * 20 + "x" * 70
    pieces = [text[a:b] for a, b in cut_points(text, 30)]
    assert "".join(pieces) == text
    assert all(columns(piece) <= 30 for piece in pieces)


@pytest.mark.parametrize(
    "text", ["代理服务器 proxy01 要求登录（用户和密码）。", "时间:无法确定；请看“日志”。", "使用connect。命令"]
)
@pytest.mark.parametrize("width", range(12, 40))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert line[:1] not in "。，；：！？）”:;" and line.rstrip()[-1:] not in "（“("
