"""Words in a text: all of them in one pass, and the same without the automaton."""

from __future__ import annotations

import random

import pytest

from arcdiag.logs import words
from arcdiag.logs.words import Words

WORDS = ("]", "][", "MSI (", "apt", "captured", "é-mail", "systemd[")


def texts() -> list[str]:
    rng = random.Random(5)
    parts = (*WORDS, "ap", "t", "MSI", "\n", " ", "É", "\ud800", "e-mail")
    return ["", *("".join(rng.choices(parts, k=rng.randrange(1, 9))) for _ in range(300))]


def test_what_stands_there_is_found() -> None:
    made = Words(WORDS)
    for text in texts():
        assert made.found(text) == {word for word in WORDS if word in text}


def test_without_a_wheel_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with_wheel = Words(WORDS)
    monkeypatch.setattr(words, "_automaton", lambda _: None)
    plain = Words(WORDS)
    assert [plain.found(text) for text in texts()] == [with_wheel.found(text) for text in texts()]
