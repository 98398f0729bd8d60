from __future__ import annotations

import signal
import threading
from functools import partial

import pytest

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.probe.skew import skew_fact
from arcdiag.collect.progress import SilentProgress
from arcdiag.collect.scheduler import INTERRUPTED, LATE, ClockSample, Sink, Task, run_tasks
from arcdiag.model.fact import FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker
from arcdiag.model.subject import Subject

MAKE = FactMaker("2024-10-01T09:00:00Z", "root")


def says(name: str, wait: threading.Event | None = None) -> Task:
    def run(sink: Sink) -> None:
        if wait is not None:
            wait.wait(20)
        sink.add(MAKE.ok("probe.dns", Subject.endpoint(name), {"result": "ok"}, "test"))

    return Task(name, "test", "probe.dns", Subject.endpoint(name), run)


def test_facts_stand_in_the_order_of_the_tasks_whatever_the_timing() -> None:
    gates = [threading.Event() for _ in range(5)]
    tasks = [says(f"h{i}.example", gate) for i, gate in enumerate(gates)]

    def open_backwards() -> None:
        for gate in reversed(gates):
            gate.set()

    threading.Timer(0.05, open_backwards).start()
    outcome = run_tasks(tasks, Deadline.after(10), MAKE, SilentProgress())
    assert [f.subject.id for f in outcome.facts if f.subject] == [f"h{i}.example" for i in range(5)]
    assert not outcome.interrupted


def test_more_tasks_than_workers_all_run() -> None:
    outcome = run_tasks([says(f"h{i}.example") for i in range(200)], Deadline.after(10), MAKE, SilentProgress())
    assert len(outcome.facts) == 200


def test_what_hangs_is_a_timeout_fact_of_the_layer_it_hung_in_and_the_run_ends() -> None:
    never = threading.Event()
    late: list[Sink] = []

    def hang(sink: Sink) -> None:
        sink.add(MAKE.ok("probe.dns", Subject.endpoint("slow.example"), {"result": "ok"}, "test"))
        sink.begin("probe.tls", Subject.endpoint("slow.example"))
        late.append(sink)
        never.wait(30)
        never.set()

    tasks = [Task("slow", "probe/slow", "probe.dns", Subject.endpoint("slow.example"), hang), says("quick.example")]
    outcome = run_tasks(tasks, Deadline.after(0.3), MAKE, SilentProgress())
    assert not never.is_set(), "the run waited for what hangs"
    assert [(f.fact, f.status) for f in outcome.facts] == [
        ("probe.dns", FactStatus.OK),
        ("probe.tls", FactStatus.TIMEOUT),
        ("probe.dns", FactStatus.OK),
    ]
    assert outcome.facts[1].reason == LATE
    late[0].add(MAKE.ok("probe.tls", MACHINE, {}, "test"))
    assert len(outcome.facts) == 3
    never.set()


def test_a_crash_is_a_fact_with_its_reason_and_never_the_end() -> None:
    def crash(sink: Sink) -> None:
        raise ZeroDivisionError("division by zero")

    tasks = [Task("bad", "probe/bad", "probe.tcp", Subject.endpoint("x.example"), crash), says("good.example")]
    bad, good = run_tasks(tasks, Deadline.after(5), MAKE, SilentProgress()).facts
    assert (bad.status, bad.fact) == (FactStatus.ERROR, "probe.tcp")
    assert "ZeroDivisionError: division by zero" in str(bad.reason)
    assert good.status is FactStatus.OK


def test_ctrl_c_gives_what_there_is() -> None:
    never = threading.Event()

    def interrupts(sink: Sink) -> None:
        sink.add(MAKE.ok("probe.dns", MACHINE, {"result": "ok"}, "test"))
        sink.begin("probe.tcp", MACHINE)
        signal.raise_signal(signal.SIGINT)
        never.wait(30)

    tasks = [Task("one", "test", "probe.dns", MACHINE, interrupts)]
    outcome = run_tasks(tasks, Deadline.after(30), MAKE, SilentProgress())
    never.set()
    assert outcome.interrupted
    assert [(f.fact, f.status, f.reason) for f in outcome.facts] == [
        ("probe.dns", FactStatus.OK, None),
        ("probe.tcp", FactStatus.TIMEOUT, INTERRUPTED),
    ]


def test_a_deadline_that_was_stopped_stops_all_that_were_made_from_it() -> None:
    whole = Deadline.after(60)
    part = whole.within(10)
    assert 9 < part.left() <= 10
    whole.stop()
    assert part.passed and part.within(5).passed


@pytest.mark.parametrize(
    ("samples", "seconds", "host"),
    [
        ([3.4], 3, "h0"),
        ([400.2, 400.9, 5000.0], 401, "h1"),
        ([-86400.0, 0.2], -86400, "h0"),
    ],
)
def test_the_skew_is_the_median(samples: list[float], seconds: int, host: str) -> None:
    fact = skew_fact(MAKE, [ClockSample(f"h{i}", s) for i, s in enumerate(samples)])
    assert (fact.value["seconds"], fact.value["source_host"], fact.value["samples"]) == (seconds, host, len(samples))


def test_without_any_answer_the_clock_is_unknown() -> None:
    fact = skew_fact(MAKE, [])
    assert fact.status is FactStatus.ERROR and fact.reason


def test_what_follows_a_task_stands_behind_it_and_is_waited_for() -> None:
    gate = threading.Event()

    def leads(sink: Sink) -> None:
        sink.add(MAKE.ok("probe.dns", Subject.endpoint("first.example"), {}, "test"))
        sink.follow(says("second.example", gate))
        sink.follow(says("third.example"))

    tasks = [Task("first", "test", "probe.dns", Subject.endpoint("first.example"), leads), says("last.example")]
    threading.Timer(0.05, gate.set).start()
    outcome = run_tasks(tasks, Deadline.after(10), MAKE, SilentProgress())
    names = [f.subject.id.removesuffix(".example") for f in outcome.facts if f.subject]
    assert names == ["first", "second", "third", "last"]


def test_what_follows_is_missing_like_any_other_if_time_runs_out() -> None:
    never = threading.Event()

    def leads(sink: Sink) -> None:
        sink.follow(says("second.example", never))

    tasks = [Task("first", "test", "probe.dns", MACHINE, leads)]
    outcome = run_tasks(tasks, Deadline.after(0.3), MAKE, SilentProgress())
    never.set()
    assert [(f.subject.id, f.status, f.reason) for f in outcome.facts if f.subject] == [
        ("second.example", FactStatus.TIMEOUT, LATE)
    ]


def test_follow_ups_of_follow_ups_all_run_though_workers_have_gone() -> None:
    def leads(depth: int, sink: Sink) -> None:
        sink.add(MAKE.ok("probe.dns", Subject.endpoint(f"d{depth}.example"), {}, "test"))
        if depth < 30:
            name = f"d{depth + 1}.example"
            sink.follow(Task(name, "test", "probe.dns", Subject.endpoint(name), partial(leads, depth + 1)))

    first = Task("d0.example", "test", "probe.dns", Subject.endpoint("d0.example"), partial(leads, 0))
    outcome = run_tasks([first], Deadline.after(20), MAKE, SilentProgress())
    assert [f.subject.id for f in outcome.facts if f.subject] == [f"d{i}.example" for i in range(31)]
