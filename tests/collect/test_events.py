from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.events import MOST_EVENTS, QUESTIONS, event_facts
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.raw import RawFiles
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker
from tests.collect.machine import program

EVENT = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>7041</EventID></System></Event>"


class WithTool(LinuxHost):
    """A machine whose event tool is a program of the test."""

    def __init__(self, tool: Path) -> None:
        super().__init__()
        self._tool = tool

    def event_tool(self) -> str:  # type: ignore[override]
        return str(self._tool)


def ask(tmp_path: Path, script: str) -> tuple[dict[str, Fact], RawFiles]:
    raw = RawFiles()
    host = WithTool(program(tmp_path, "/wevtutil", script))
    facts = list(event_facts(FactMaker(None, None), host, raw, Deadline.after(20)))
    return {fact.subject.id: fact for fact in facts if fact.subject}, raw


def test_each_kind_of_events_is_asked_for_and_kept(tmp_path: Path) -> None:
    facts, raw = ask(tmp_path, f'echo "$@" >> {tmp_path}/asked; echo "{EVENT}"; echo "{EVENT}"')
    assert set(facts) == {name for name, _, _ in QUESTIONS}
    assert dict(facts["services"].value) == {"log": "System", "count": 2, "whole": True}
    assert [(f.path, f.kind) for f in raw.all()] == [(f"logs/events-{n}.xml", "event-xml") for n in sorted(facts)]
    asked = (tmp_path / "asked").read_text().splitlines()
    assert len(asked) == len(QUESTIONS) + 1
    assert all(line.endswith(f"/c:{MOST_EVENTS} /rd:true /f:xml") for line in asked[1:])


def test_an_event_that_was_cut_is_left_out(tmp_path: Path) -> None:
    facts, raw = ask(tmp_path, f'printf "%s\\n%s" "{EVENT}" "<Event xmlns="')
    assert facts["boot"].value["count"] == 1
    assert raw.all()[0].text == EVENT


def test_no_events_of_a_kind_where_there_are_others(tmp_path: Path) -> None:
    facts, raw = ask(tmp_path, f'case "$*" in *c:1" "*) echo "{EVENT}";; esac')
    assert {dict(fact.value)["count"] for fact in facts.values()} == {0}
    assert raw.all() == ()


@pytest.mark.parametrize(
    ("script", "status"),
    [("exit 0", FactStatus.UNSUPPORTED), ("exit 5", FactStatus.DENIED), ("exit 87", FactStatus.ERROR)],
)
def test_a_system_that_gives_none(tmp_path: Path, script: str, status: FactStatus) -> None:
    facts, raw = ask(tmp_path, script)
    assert {fact.status for fact in facts.values()} == {status} and len(facts) == len(QUESTIONS)
    assert raw.all() == ()


def test_without_the_tool_nothing_is_told(tmp_path: Path) -> None:
    assert list(event_facts(FactMaker(None, None), LinuxHost(tmp_path), RawFiles(), Deadline.after(5))) == []
