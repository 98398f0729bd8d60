from __future__ import annotations

import pytest

from arcdiag.diagnose.truth import Evidence, Truth
from arcdiag.knowledge.entry import parse_entry
from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import State
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.subject import Subject

HIS, LOGIN = Subject.endpoint("gbl.his.arc.azure.com"), Subject.endpoint("login.microsoftonline.com")
PINNED = {"fact": "probe.dns", "hosts_file": True}
DROPPED = {"fact": "probe.tcp", "result": "timeout"}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def dns(subject: Subject, pinned: bool) -> Fact:
    return Fact("probe.dns", subject, FactStatus.OK, {"result": "ok", "hosts_file": pinned})


def tcp(subject: Subject, result: str) -> Fact:
    return Fact("probe.tcp", subject, FactStatus.OK, {"result": result})


def test_parts_about_one_subject_hold_together(rules: RuleSet) -> None:
    facts = [dns(HIS, True), tcp(HIS, "timeout"), dns(LOGIN, False), tcp(LOGIN, "timeout")]
    found = Evidence(rules, (), facts).of(parse_entry({"same": [PINNED, DROPPED]}), State.CURRENT)
    assert found.truth is Truth.TRUE
    assert {f.subject for f in (*found.facts, *found.context)} == {HIS}


def test_parts_about_two_subjects_hold_only_as_all(rules: RuleSet) -> None:
    evidence = Evidence(rules, (), [dns(HIS, True), tcp(HIS, "ok"), dns(LOGIN, False), tcp(LOGIN, "timeout")])
    assert evidence.of(parse_entry({"same": [PINNED, DROPPED]}), State.CURRENT).truth is Truth.FALSE
    assert evidence.of(parse_entry({"all": [PINNED, DROPPED]}), State.CURRENT).truth is Truth.TRUE


def test_what_was_not_seen_stays_unknown(rules: RuleSet) -> None:
    evidence = Evidence(rules, (), [dns(HIS, True)])
    assert evidence.of(parse_entry({"same": [PINNED, DROPPED]}), State.CURRENT).truth is Truth.UNKNOWN


@pytest.mark.parametrize("data", [{"same": [PINNED]}, {"same": [PINNED, DROPPED], "role": "arm"}])
def test_same_is_written_like_all(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="'same' holds a list"):
        parse_entry(data)
