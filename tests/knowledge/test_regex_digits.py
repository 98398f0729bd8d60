"""Expressions that do not care which digits a text holds are told apart from those that do, by trial on all rules."""

from __future__ import annotations

import re

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.matching import Pattern
from arcdiag.knowledge.regex_digits import ignores_digits, without_digits

RULES = load_rules()
SOURCES = sorted({pattern.regex_source for signal in RULES.signals.values() for pattern in signal.patterns})
TEXTS = [sample.line for signal in RULES.signals.values() for sample in signal.rule.samples.match]


def turned(text: str, by: int) -> str:
    return re.sub("[0-9]", lambda digit: str((int(digit[0]) + by) % 10), text)


@pytest.mark.parametrize(
    "source",
    [
        r"a\d{1,3}b",
        "[0-9a-f]+",
        "[^x]5?"[:4],
        "(?:a|b)",
        r"(?<![^\W_])word",
        "a{2,5}",
        r"(?P<n__1>\d+)",
        "x(?!\\d)",
        ".",
    ],
)
def test_no_digit_is_named(source: str) -> None:
    assert ignores_digits(source)
    assert without_digits(source) is not None


@pytest.mark.parametrize("source", ["status 5", "[1-9]", "[^0]", "[0-8a-f]", r"(\d)x\1", "a(?=4)", "(?!0)x", "(?<!7)y"])
def test_a_digit_is_named(source: str) -> None:
    assert not ignores_digits(source)


@pytest.mark.parametrize(("source", "wide"), [("a5b{2}", "a[0-9]b{2}"), (r"\[7\][1-3]", r"\[[0-9]\][0-91-3]")])
def test_digits_are_let_go(source: str, wide: str) -> None:
    assert without_digits(source) == wide


@pytest.mark.parametrize("source", ["x(?!5)", "[^5]x", r"(\d)\1", r"\x41", "(?<!1)a", "(?:(?!2)a)"])
def test_what_cannot_be_widened_is_said(source: str) -> None:
    assert without_digits(source) is None


def test_the_rules_hold_both_sorts() -> None:
    blind = [source for source in SOURCES if ignores_digits(source)]
    assert len(blind) > len(SOURCES) // 2
    assert len(blind) < len(SOURCES)


def test_what_is_deaf_hears_no_difference() -> None:
    """Each rule's expression on its own samples and on those of its neighbours, with all digits turned."""
    tried = 0
    for number, (signal, text) in enumerate(
        (s, line.line) for s in RULES.signals.values() for line in s.rule.samples.match
    ):
        neighbours = (TEXTS[(number * 7 + step) % len(TEXTS)] for step in range(2))
        for sample in (text, *neighbours):
            for pattern in signal.patterns:
                tried += _same_for_all_digits(pattern, sample)
    assert tried > 1000


def _same_for_all_digits(pattern: Pattern, text: str) -> bool:
    if not pattern.is_deaf_to_digits(text):
        return False
    found = pattern.regex.search(text)
    for by in (1, 2, 5, 9):
        other = pattern.regex.search(turned(text, by))
        assert (found and found.span()) == (other and other.span()), (pattern.source, text, by)
    return True
