"""All probes of a plan as tasks for the scheduler, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from arcdiag.collect.host.platform import Host
from arcdiag.collect.host.proxy_url import ProxyUrl
from arcdiag.collect.probe.challenge import challenge_value
from arcdiag.collect.probe.cloud import imds_value
from arcdiag.collect.probe.dns import resolve
from arcdiag.collect.probe.local import HIMDS_PATH, HIMDS_SECONDS, ask_local, himds_value, owner_value, status_value
from arcdiag.collect.probe.plan import ProbePlan
from arcdiag.collect.probe.proxy import proxy_value
from arcdiag.collect.probe.second import endpoint_tasks
from arcdiag.collect.probe.tcp import connect
from arcdiag.collect.probe.web import web_value
from arcdiag.collect.probe.wireserver import wireserver_value
from arcdiag.collect.probe.world import World
from arcdiag.collect.scheduler import Sink, Task
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.fact import FactPath
from arcdiag.model.subject import Subject, SubjectKind

LOCAL_SECONDS = 2.0


def probe_tasks(plan: ProbePlan, world: World, host: Host, rules: RuleSet) -> Iterator[Task]:
    """Local services, control names, proxies, endpoints."""
    himds = Subject(SubjectKind.ENDPOINT, f"localhost:{plan.himds[1]}")
    imds = Subject(SubjectKind.ENDPOINT, plan.imds[0])
    yield Task("himds", "probe/himds", "probe.himds", himds, partial(_himds, world, host, plan.himds, himds))
    yield Task("metadata service", "probe/imds", "probe.imds", imds, partial(_imds, world, plan.imds, imds))
    yield from _other_ports(plan, world, host)
    for name in plan.controls:
        # Behind a proxy the agent does not look names up, so its own path says nothing about them.
        path = FactPath.WHAT_IF if plan.proxies else plan.path
        run = partial(_control, world, name, path)
        yield Task(name, "probe/control", "probe.control", Subject.endpoint(name), run, path)
    for proxy in plan.proxies:
        subject = Subject(SubjectKind.PROXY, proxy.address)
        way = partial(_proxy, world, proxy, plan.path)
        yield Task(f"proxy {proxy.address}", "probe/proxy", "probe.proxy", subject, way, plan.path)
    if plan.web:
        known = Subject(SubjectKind.ENDPOINT, f"{plan.web[0]}:{plan.web[1]}")
        ask = partial(_web, world, plan.web, plan.proxies[0] if plan.proxies else None, known, plan.path)
        yield Task("a known web page", "probe/web", "probe.web", known, ask, plan.path)
    yield from endpoint_tasks(plan, rules, world)


def _other_ports(plan: ProbePlan, world: World, host: Host) -> Iterator[Task]:
    """Ports of this machine and of its host that belong to parts which not every machine has."""
    if plan.arc_proxy:
        subject = _local(plan.arc_proxy)
        run = partial(_port, world, host, plan.arc_proxy, "arcproxy", "probe.arcproxy", subject)
        yield Task("Arc proxy", "probe/arcproxy", "probe.arcproxy", subject, run)
    if plan.identity_extension:
        subject, fact = _local(plan.identity_extension), "probe.identity-extension"
        run = partial(_port, world, host, plan.identity_extension, "extension", fact, subject)
        yield Task("identity extension", "probe/identity-extension", fact, subject, run)
    if plan.wireserver:
        address, ports = plan.wireserver
        for port in ports:
            subject = Subject(SubjectKind.ENDPOINT, address if port == 80 else f"{address}:{port}")
            wire = partial(_wireserver, world, (address, port), subject)
            yield Task(f"wireserver {port}", "probe/wireserver", "probe.wireserver", subject, wire)


def _local(place: tuple[str, int]) -> Subject:
    return Subject(SubjectKind.ENDPOINT, f"localhost:{place[1]}")


def _himds(world: World, host: Host, place: tuple[str, int], subject: Subject, sink: Sink) -> None:
    answer = ask_local(*place, HIMDS_PATH, HIMDS_SECONDS, world.deadline)
    value = himds_value(host, answer, place[1])
    if value["result"] == "ok":
        value |= status_value(*place, world.deadline)
    sink.add(world.make.ok("probe.himds", subject, value, "probe/himds"))
    if value["result"] == "ok" and value["listener_is_himds"] is not False:
        sink.begin("probe.token", subject)
        token = challenge_value(host, *place, world.deadline)
        sink.add(world.make.ok("probe.token", subject, token, "probe/token"))


def _imds(world: World, place: tuple[str, int], subject: Subject, sink: Sink) -> None:
    sink.add(world.make.ok("probe.imds", subject, imds_value(*place, world.deadline), "probe/imds"))


def _port(world: World, host: Host, place: tuple[str, int], name: str, fact: str, subject: Subject, sink: Sink) -> None:
    outcome = connect([place[0]], place[1], world.deadline.within(LOCAL_SECONDS))
    if outcome.stream:
        outcome.stream.close()
    value = {"result": outcome.result} | owner_value(host, place[1], name)
    sink.add(world.make.ok(fact, subject, value, fact.replace(".", "/", 1)))


def _wireserver(world: World, place: tuple[str, int], subject: Subject, sink: Sink) -> None:
    value = wireserver_value(*place, world.deadline)
    sink.add(world.make.ok("probe.wireserver", subject, value, "probe/wireserver"))


def _web(
    world: World, place: tuple[str, int], proxy: ProxyUrl | None, subject: Subject, path: FactPath, sink: Sink
) -> None:
    sink.add(world.make.ok("probe.web", subject, web_value(place, proxy, world, sink), "probe/web", path=path))


def _control(world: World, name: str, path: FactPath, sink: Sink) -> None:
    pinned = world.pinned.get(name, ())
    outcome = resolve(name, world.servers, pinned, world.deadline, world.lookup, world.dns_seconds)
    subject = Subject.endpoint(name)
    sink.add(world.make.ok("probe.control", subject, outcome.value(), "probe/control", path=path))


def _proxy(world: World, proxy: ProxyUrl, path: FactPath, sink: Sink) -> None:
    value = proxy_value(world.way(proxy), world.deadline)
    subject = Subject(SubjectKind.PROXY, proxy.address)
    sink.add(world.make.ok("probe.proxy", subject, value, "probe/proxy", path=path))
