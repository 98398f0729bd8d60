"""A fact reads as a sentence where the rules have a form that fits all of it; else its raw values stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from arcdiag.diagnose.wording import worded
from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.sources import RuleFileError
from arcdiag.model.fact import Fact, FactPath, FactStatus
from arcdiag.model.message import Msg
from arcdiag.model.subject import Subject

OWN = """\
- fact: own.fact
  forms:
    - { when: { result: timeout, path: what-if }, say: "On another way {subject} did not answer." }
    - { when: { result: timeout }, say: "No answer on port {port} from {addresses}." }
    - { when: { result: [timeout, refused] }, say: "{result}, proxy {proxy}." }
    - { when: { status: denied }, say: "May not be read: {reason}." }
    - { when: { result: odd, subject: b.example }, say: "B is odd." }
    - { when: { result: odd }, say: "Odd: {overrides}." }
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    folder = tmp_path_factory.mktemp("own")
    (folder / "own.yaml").write_text(OWN, encoding="utf-8")
    return load_rules(folder)


def fact(path: FactPath = FactPath.AGENT, **value: Any) -> Fact:
    return Fact("own.fact", Subject.endpoint("a.example"), FactStatus.OK, value, path=path)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (fact(result="timeout", port=443, addresses=["1.2.3.4", "::1"]), (1, "addresses", "1.2.3.4, ::1")),
        (fact(FactPath.WHAT_IF, result="timeout", port=443, addresses=["1.2.3.4"]), (0, "subject", "a.example")),
        (fact(result="timeout", port=443, addresses=list("abcdefgh")), (1, "addresses", "a, b, c, d, e, f, ...")),
        (fact(result="refused", proxy=True), (2, "proxy", "yes")),
        (Fact("own.fact", None, FactStatus.DENIED, reason="root only"), (3, "reason", "root only")),
        (fact(result="odd", overrides={"b": 2, "a": "1"}), (5, "overrides", "a=1, b=2")),
    ],
)
def test_the_first_form_that_fits(rules: RuleSet, seen: Fact, said: tuple[int, str, str]) -> None:
    message = worded(rules, seen)
    assert message is not None
    assert message.key == f"fact.own.fact.{said[0]}"
    assert message.named[said[1]] == said[2]


def test_a_form_for_one_subject(rules: RuleSet) -> None:
    seen = Fact("own.fact", Subject.endpoint("b.example"), FactStatus.OK, {"result": "odd"})
    assert worded(rules, seen) == Msg.of("fact.own.fact.4")


@pytest.mark.parametrize(
    "seen",
    [
        fact(result="timeout", port=443, addresses=[]),
        fact(result="ok"),
        Fact("own.fact", None, FactStatus.ERROR, reason="x"),
        Fact("another.fact", None, FactStatus.OK, {"result": "timeout"}),
    ],
)
def test_none_fits(rules: RuleSet, seen: Fact) -> None:
    assert worded(rules, seen) is None


def test_a_condition_that_is_none_is_an_error_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN.replace("status: denied", "status: { a: b }"), encoding="utf-8")
    with pytest.raises(RuleFileError, match=r"forms\[3\]\.when"):
        load_rules(tmp_path)


def test_a_message_is_no_sentence(rules: RuleSet) -> None:
    assert worded(rules, fact(result="refused", proxy=False)) == Msg.of("fact.own.fact.2", result="refused", proxy="no")
