"""A person's own rules are compiled once; what is kept of them never stands for other rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules, with_own
from arcdiag.knowledge.own_rules import OwnRules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.shipped import Shipped
from arcdiag.knowledge.sources import RuleFileError

RULE = """
- signal: mine.quota
  text: ["the {word} of the moon is full"]
  says: "The moon is full."
  samples:
    match: [{line: "the face of the moon is full"}]
    no_match: [{line: "the moon is new", why: "another phase"}]
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "mine.yaml").write_text(RULE.replace("{word}", "face"))
    return folder


def kept(own: Path) -> Path:
    return next((own.parent / "xdg" / "arcdiag").glob("own-*"))


def sources_of(own: Path) -> list[str]:
    return [pattern.source for pattern in load_rules(own).signals["mine.quota"].patterns]


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of own rules that were compiled."""
    seen: list[str] = []

    def counted(shipped: Shipped, own: OwnRules, name: str) -> RuleSet:
        seen.append(name)
        return with_own(shipped, own, name)

    monkeypatch.setattr("arcdiag.knowledge.load.with_own", counted)
    return seen


def test_the_second_load_gives_the_same(own: Path, compilations: list[str]) -> None:
    first = load_rules(own)
    assert compilations == ["own"]
    assert load_rules(own) == first
    assert compilations == ["own"]
    assert load_rules(own, fresh=True) == first
    assert compilations == ["own", "own"]
    assert "mine.quota" in first.signals


def test_changed_rules_are_compiled_anew(own: Path) -> None:
    assert sources_of(own) == ["the face of the moon is full"]
    (own / "mine.yaml").write_text(RULE.replace("{word}", "back"))
    assert sources_of(own) == ["the back of the moon is full"]
    (own / "mine.yaml").write_text(RULE.replace("text:", "txt:"))
    with pytest.raises(RuleFileError):
        load_rules(own)


def test_what_is_damaged_is_made_anew(own: Path) -> None:
    expected = sources_of(own)
    path = kept(own)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert sources_of(own) == expected
    assert path.read_bytes() != bytes(data)


def test_a_file_that_others_may_write_is_not_used(own: Path, compilations: list[str]) -> None:
    load_rules(own)
    kept(own).chmod(0o666)
    load_rules(own)
    assert len(compilations) == 2
