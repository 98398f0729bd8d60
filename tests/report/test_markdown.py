from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from arcdiag.model.diagnosis import Diagnosis, NotEvaluated
from arcdiag.report import render_markdown
from arcdiag.report.marks import code, escaped, fence, prose
from tests.report import samples
from tests.report.hostile import ATTACKS, MARK, hostile

RULES = samples.sample_rules()
MAKERS = [
    samples.one_cause,
    samples.three_causes,
    samples.healthy,
    samples.recovered,
    samples.inconclusive,
    samples.after_collect,
    samples.many_lines,
]


def outside_code(markdown: str) -> str:
    """What a Markdown reader treats as text: fenced blocks and code spans taken away, as CommonMark does it."""
    kept, ticks = [], ""
    for line in markdown.split("\n"):
        mark = re.match(r"\s*(`{3,})(\w*)\s*$", line)
        if ticks:
            ticks = "" if mark and len(mark[1]) >= len(ticks) and not mark[2] else ticks
        elif mark:
            ticks = mark[1]
        else:
            kept.append(line)
    assert ticks == "", "a fence is left open"
    return "\n".join(re.sub(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", line) for line in kept)


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.__name__)
def test_it_fits_a_ticket(maker: Any) -> None:
    assert len(render_markdown(maker(), RULES)) < 6000


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_nothing_hostile_is_read_as_markup(attack: str) -> None:
    text = render_markdown(hostile(attack), RULES)
    assert len(text) < 6000
    outside = outside_code(text)
    assert MARK not in outside
    assert not re.search(r"[<>@]|https?:|#\d|\[~|!\[|\{\{", outside)
    assert not re.search(r"\[/?code\]|\[~", text)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    text.encode("utf-8")


@pytest.mark.parametrize("attack", ["`", "``", "```", "a`b", "`a", "```\n```\n", "````text", " ", "\\`x\\`"])
def test_code_cannot_be_left(attack: str) -> None:
    assert outside_code(f"x {code(attack)} y").split() == ["x", "y"]
    assert outside_code(fence(attack)).strip() == ""
    assert outside_code(fence(attack, "   ")).strip() == ""


@pytest.mark.parametrize(
    "text, shown",
    [
        ("permission denied; run as root", "permission denied; run as root"),
        ("no such file /var/x", "no such file `/var/x`"),
        ("tell @all about #12", "tell `@all` about `#12`"),
        ("see www.evil.example", "see `www.evil.example`"),
        ("timed out after 10 seconds", "timed out after 10 seconds"),
        ("<b>bold</b> *x*", "`<b>bold</b>` `*x*`"),
        ("접근이 거부되었습니다", "접근이 거부되었습니다"),
    ],
)
def test_words_of_others_stay_words(text: str, shown: str) -> None:
    assert prose(text) == shown


@pytest.mark.parametrize(
    "text, shown",
    [
        ("a <name> and *b*", r"a \<name\> and \*b\*"),
        ("snake_case and _x_", r"snake_case and \_x\_"),
        ("# no heading", r"\# no heading"),
        ("fish & chips &amp;", r"fish & chips \&amp;"),
    ],
)
def test_our_own_text_is_shown_as_it_is(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_it_is_complete_in_itself() -> None:
    text = render_markdown(samples.one_cause(), RULES)
    for part in (
        "## Problem: This server cannot work with Azure Arc now",
        "**Cause: The configured proxy cannot be reached.**",
        "1. Ask your network team",
        "sudo systemctl restart himdsd",
        "arcdiag probe --proxy",
        "`azcmagent.log`, line 41, 2024-10-01 09:08:44 UTC, seen 3 times",
        "Correlation id: `6f1c2f7e-60d4-4f3e-8d52-0d3b0a3d9c11`",
        "Resource id: `/subscriptions/",
        "journal of himdsd: needs root",
    ):
        assert part in text, part
    assert "Shortened" not in text


def test_what_is_cut_is_said_and_the_answer_stays() -> None:
    missing = tuple(NotEvaluated(f"file number {n}", "permission denied") for n in range(500))
    d: Diagnosis = replace(samples.one_cause(), not_evaluated=missing)
    text = render_markdown(d, RULES)
    assert "Shortened to fit a ticket" in text
    assert "azcmagent config get proxy.url" in text
    assert "Correlation id" in text
    assert 5000 < len(text) < 6000
