"""`collect`: look at this machine and its network at once, and give everything that was seen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from arcdiag.case.ahead import in_time
from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.inspect import BESIDE_NETWORK, CHECKS, NETWORK_CHECKS, Check, Inspection
from arcdiag.collect.host.machine import utc_offset_minutes
from arcdiag.collect.host.platform import Host
from arcdiag.collect.host.settings import MachineSettings, read_settings
from arcdiag.collect.log_files import COPY_TIMES, FULL_COPY_TIMES, STALL_SECONDS, LogFile, find_logs
from arcdiag.collect.options import TIMEOUT_SECONDS, CollectOptions
from arcdiag.collect.probe.plan import ProbePlan, make_plan, plan_value
from arcdiag.collect.probe.skew import skew_fact
from arcdiag.collect.probe.tasks import probe_tasks
from arcdiag.collect.probe.trust import load_trust
from arcdiag.collect.probe.world import World, utc_now
from arcdiag.collect.progress import Progress
from arcdiag.collect.raw import RawFile, RawFiles
from arcdiag.collect.scheduler import Outcome, Sink, Task, run_tasks
from arcdiag.errors import InputError
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.case import NotEvaluated
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker


@dataclass(frozen=True)
class Collected:
    """`facts` sorted as in facts.jsonl; `at` is ISO 8601 UTC, the collection's own now.

    `copy_seconds`: how long the logs may take to be copied, all together.
    """

    at: str
    utc_offset_minutes: int
    hostname: str
    os: str
    user: str | None
    elevated: bool
    facts: tuple[Fact, ...]
    raw: tuple[RawFile, ...]
    logs: tuple[LogFile, ...]
    left_out: tuple[NotEvaluated, ...]
    interrupted: bool
    full: bool = False
    copy_seconds: float = COPY_TIMES * TIMEOUT_SECONDS


def this_host() -> Host:
    """The adapter for the system that arcdiag runs on."""
    if sys.platform == "win32":
        from arcdiag.collect.host.windows import WindowsHost

        return WindowsHost()
    from arcdiag.collect.host.linux import LinuxHost

    return LinuxHost()


def prepare(rules: RuleSet, options: CollectOptions, host: Host) -> tuple[MachineSettings, ProbePlan]:
    """Settings and plan, from files alone: no command, no packet. What is not planned here is not probed."""
    settings = read_settings(host)
    return settings, make_plan(rules, settings, options)


def collect(rules: RuleSet, options: CollectOptions, progress: Progress, host: Host | None = None) -> Collected:
    """Everything that can be seen within `options.timeout` seconds. Ctrl-C gives what there is, `interrupted` set."""
    machine = host or this_host()
    deadline = Deadline.after(options.timeout)
    try:
        settings, plan = in_time(lambda: prepare(rules, options, machine), options.timeout)
    except TimeoutError:
        raise InputError("the agent's settings cannot be read: the disk they lie on does not answer") from None
    name, elevated = machine.user().value or (None, False)
    at = utc_now().strftime("%Y-%m-%dT%H:%M:%SZ")
    make = FactMaker(at, name)
    raw = RawFiles()
    look = Inspection(machine, make, settings, plan.hosts, raw, deadline)
    tasks = [*_checks(look, options), *(_probes(look, plan, rules) if options.probe else [])]
    outcome = run_tasks(tasks, deadline, make, progress)
    logs, unread = ([], []) if options.network_only else _logs(machine, options)
    host_raw = machine.host().value
    return Collected(
        at=at,
        utc_offset_minutes=utc_offset_minutes(),
        os=machine.os,
        hostname=host_raw.hostname if host_raw else "unknown",
        user=name,
        elevated=elevated,
        facts=_sorted(make, outcome, options),
        raw=raw.all(),
        logs=tuple(logs),
        left_out=(*_not_probed(plan, options), *unread),
        interrupted=outcome.interrupted,
        full=options.full,
        copy_seconds=(FULL_COPY_TIMES if options.full else COPY_TIMES) * options.timeout,
    )


def _logs(host: Host, options: CollectOptions) -> tuple[list[LogFile], list[NotEvaluated]]:
    try:
        return in_time(lambda: find_logs(host, options.full), STALL_SECONDS)
    except TimeoutError:
        return [], [NotEvaluated("logs", "it could not be read in time")]


def _checks(look: Inspection, options: CollectOptions) -> Iterator[Task]:
    installed = look.host.file(look.host.binary()).status is FactStatus.OK
    for name, fact, check in CHECKS:
        if options.network_only and (name not in NETWORK_CHECKS or (name == "services" and not installed)):
            continue
        if options.checks is not None and name not in options.checks:
            continue
        yield Task(name, f"host/{name}", fact, MACHINE, partial(_check, look, check, options.network_only))


def _check(look: Inspection, check: Check, network_only: bool, sink: Sink) -> None:
    for fact in check(look):
        if not network_only or fact.fact not in BESIDE_NETWORK:
            sink.add(fact)


def _probes(look: Inspection, plan: ProbePlan, rules: RuleSet) -> Iterator[Task]:
    trust = load_trust(look.host, look.settings.trust)
    world = World(look.make, trust, plan.servers, plan.pinned, look.deadline)
    fact = look.make.ok("machine.trust", MACHINE, trust.value(), "probe/trust")
    yield Task("trusted certificates", "probe/trust", "machine.trust", MACHINE, partial(Sink.add, fact=fact))
    known = look.make.ok("probe.plan", MACHINE, plan_value(plan), "probe/plan")
    yield Task("plan", "probe/plan", "probe.plan", MACHINE, partial(Sink.add, fact=known))
    yield from probe_tasks(plan, world, look.host, rules)


def _sorted(make: FactMaker, outcome: Outcome, options: CollectOptions) -> tuple[Fact, ...]:
    facts = list(outcome.facts)
    if options.probe:
        facts.append(skew_fact(make, outcome.samples))
    return tuple(sorted(facts, key=lambda f: f.sort_key))


def _not_probed(plan: ProbePlan, options: CollectOptions) -> tuple[NotEvaluated, ...]:
    if not options.probe:
        return (NotEvaluated("network probes", "left out on request (--no-probe)"),)
    return plan.left_out
