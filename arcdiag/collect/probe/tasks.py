"""All probes of a plan as tasks for the scheduler, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from arcdiag.collect.host.platform import Host
from arcdiag.collect.host.proxy_url import ProxyUrl
from arcdiag.collect.probe.dns import resolve
from arcdiag.collect.probe.endpoint import EndpointProbe
from arcdiag.collect.probe.local import (
    HIMDS_PATH,
    HIMDS_SECONDS,
    IMDS_PATH,
    IMDS_SECONDS,
    ask_local,
    himds_value,
    imds_value,
)
from arcdiag.collect.probe.plan import ProbePlan, Target
from arcdiag.collect.probe.proxy import proxy_value
from arcdiag.collect.probe.world import World
from arcdiag.collect.scheduler import Sink, Task
from arcdiag.model.fact import FactPath
from arcdiag.model.subject import Subject, SubjectKind


def probe_tasks(plan: ProbePlan, world: World, host: Host) -> Iterator[Task]:
    """Local services, control names, proxies, endpoints."""
    himds = Subject(SubjectKind.ENDPOINT, f"localhost:{plan.himds[1]}")
    imds = Subject(SubjectKind.ENDPOINT, plan.imds[0])
    yield Task("himds", "probe/himds", "probe.himds", himds, partial(_himds, world, host, plan.himds, himds))
    yield Task("metadata service", "probe/imds", "probe.imds", imds, partial(_imds, world, plan.imds, imds))
    for name in plan.controls:
        # Behind a proxy the agent does not look names up, so its own path says nothing about them.
        path = FactPath.WHAT_IF if plan.proxies else plan.path
        run = partial(_control, world, name, path)
        yield Task(name, "probe/control", "probe.control", Subject.endpoint(name), run, path)
    for proxy in plan.proxies:
        subject = Subject(SubjectKind.PROXY, proxy.address)
        way = partial(_proxy, world, proxy, plan.path)
        yield Task(f"proxy {proxy.address}", "probe/proxy", "probe.proxy", subject, way, plan.path)
    for target in plan.targets:
        yield from _endpoint(target, world)


def _endpoint(target: Target, world: World) -> Iterator[Task]:
    probe = EndpointProbe(target, world)
    host, path = target.endpoint.host, target.route.path
    if target.route.proxy is not None:
        look = FactPath.WHAT_IF
        yield Task(f"look-up of {host}", "probe/dns", "probe.dns", target.subject, probe.look_up, look)
        yield Task(host, "probe/connect", "probe.connect", target.subject, probe.run, path)
    else:
        yield Task(host, "probe/dns", "probe.dns", target.subject, probe.run, path)


def _himds(world: World, host: Host, place: tuple[str, int], subject: Subject, sink: Sink) -> None:
    answer = ask_local(*place, HIMDS_PATH, HIMDS_SECONDS, world.deadline)
    sink.add(world.make.ok("probe.himds", subject, himds_value(host, answer, place[1]), "probe/himds"))


def _imds(world: World, place: tuple[str, int], subject: Subject, sink: Sink) -> None:
    answer = ask_local(*place, IMDS_PATH, IMDS_SECONDS, world.deadline)
    sink.add(world.make.ok("probe.imds", subject, imds_value(answer), "probe/imds"))


def _control(world: World, name: str, path: FactPath, sink: Sink) -> None:
    pinned = world.pinned.get(name, ())
    outcome = resolve(name, world.servers, pinned, world.deadline, world.lookup, world.dns_seconds)
    subject = Subject.endpoint(name)
    sink.add(world.make.ok("probe.control", subject, outcome.value(), "probe/control", path=path))


def _proxy(world: World, proxy: ProxyUrl, path: FactPath, sink: Sink) -> None:
    value = proxy_value(world.way(proxy), world.deadline)
    subject = Subject(SubjectKind.PROXY, proxy.address)
    sink.add(world.make.ok("probe.proxy", subject, value, "probe/proxy", path=path))
