from __future__ import annotations

import unicodedata

import pytest

from arcdiag.report.excerpt import excerpt, short
from arcdiag.report.visible import one_line, visible


@pytest.mark.parametrize(
    "text, shown",
    [
        ("\x1b[31mred", "<U+001B>[31mred"),
        ("a\u202eb", "a<U+202E>b"),
        ("a\x9bb\x00", "a<U+009B>b<U+0000>"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a<U+000D>b"),
        ("a\tb", "a    b"),
        ("\U000e0041", "<U+E0041>"),
        ("\udc80", "<U+DC80>"),
        ("Ünïcode 漢字 에이전트 «host:3f2a»", "Ünïcode 漢字 에이전트 «host:3f2a»"),
    ],
)
def test_what_cannot_be_seen_is_named(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_no_control_and_no_direction_mark_stays() -> None:
    every = "".join(map(chr, range(0x3000))) + "\ufeff\ufff9\ufffa\ufffb"
    left = {c for c in visible(every) if unicodedata.category(c) in ("Cc", "Zl", "Zp") and c != "\n"}
    marks = {c for c in visible(every) if unicodedata.bidirectional(c) in ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI")}
    assert left | marks == set()


def test_one_line() -> None:
    assert one_line(" a\n\tb  c ") == "a b c"


def test_short_texts_are_marked_as_cut() -> None:
    assert short("a" * 50, 20) == "a" * 14 + " [...]"
    assert short("a" * 20, 20) == "a" * 20


def test_an_excerpt_keeps_the_match() -> None:
    text = "x" * 5000 + "HIT" + "y" * 5000
    cut = excerpt(text, (5000, 5003), 100)
    assert cut.hit == "HIT"
    assert len(cut.text) == 100
    assert cut.left_out[0] + cut.left_out[1] + 100 == len(text)


def test_an_excerpt_uses_the_room_of_a_short_side() -> None:
    cut = excerpt("HIT" + "y" * 500, (0, 3), 100)
    assert (cut.head, cut.hit, len(cut.tail), cut.left_out) == ("", "HIT", 97, (0, 403))
    cut = excerpt("y" * 500 + "HIT", (500, 503), 100)
    assert (len(cut.head), cut.hit, cut.tail, cut.left_out) == (97, "HIT", "", (403, 0))


def test_a_match_longer_than_the_limit_is_cut() -> None:
    cut = excerpt("a" + "H" * 500 + "z", (1, 501), 100)
    assert (len(cut.hit), cut.tail, sum(cut.left_out)) == (100, "", 402)


def test_the_length_is_that_of_what_is_shown() -> None:
    assert len(excerpt("\x1b" * 500, (0, 500), 100).text) <= 100
