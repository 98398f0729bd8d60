"""The second stage: what is asked only after the first answer of an endpoint, or after its direct way has failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from arcdiag.collect.host.mentions import names_in
from arcdiag.collect.probe.endpoint import EndpointProbe
from arcdiag.collect.probe.fetch import fetch
from arcdiag.collect.probe.plan import ProbePlan
from arcdiag.collect.probe.target import Ask, Target
from arcdiag.collect.probe.world import World
from arcdiag.collect.scheduler import Sink, Task
from arcdiag.knowledge.endpoints import endpoint_host, learnt_role
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.fact import Fact, FactPath, FactStatus


def endpoint_tasks(plan: ProbePlan, rules: RuleSet, world: World) -> Iterator[Task]:
    """Every endpoint on the agent's way, then every what-if that was asked for."""
    looked = {t.endpoint.host for t in plan.what_ifs if t.route.kind == "direct"}
    for target in plan.targets:
        if target.route.proxy is not None and target.endpoint.host not in looked:
            yield _look_up(target, world)
        yield _probe(target, plan, rules, world)
    for target in plan.what_ifs:
        yield _probe(target, plan, rules, world)


def _look_up(target: Target, world: World) -> Task:
    """The agent does not look up what lies behind its proxy, so this is no part of its way."""
    run, name = EndpointProbe(target, world).look_up, f"look-up of {target.endpoint.host}"
    return Task(name, "probe/dns", "probe.dns", target.subject, run, FactPath.WHAT_IF)


def _probe(target: Target, plan: ProbePlan, rules: RuleSet, world: World) -> Task:
    first = "probe.connect" if target.route.proxy is not None else "probe.dns"
    by = first.replace("probe.", "probe/")
    run = partial(_run, target, plan, rules, world)
    return Task(target.endpoint.host, by, first, target.subject, run, target.route.path)


def _run(target: Target, plan: ProbePlan, rules: RuleSet, world: World, sink: Sink) -> None:
    EndpointProbe(target, world).run(sink)
    seen = {fact.fact: fact for fact in sink.facts()}
    if "probe.http" in seen:
        for ask in plan.asks:
            if ask.target == target:
                sink.follow(_ask(ask, plan, rules, world))
    if target.route.kind == "direct" and target.route.path is FactPath.AGENT and _fails_below_tls(seen):
        for other in plan.fallbacks:
            if other.endpoint == target.endpoint:
                sink.follow(_probe(other, plan, rules, world))


def _fails_below_tls(seen: Mapping[str, Fact]) -> bool:
    found = [seen[name] for name in ("probe.dns", "probe.tcp") if name in seen]
    return any(f.status is FactStatus.OK and f.value.get("result") != "ok" for f in found)


def _ask(ask: Ask, plan: ProbePlan, rules: RuleSet, world: World) -> Task:
    name = f"names that {ask.target.endpoint.host} gives"
    run = partial(_ask_names, ask, plan, rules, world)
    return Task(name, "probe/names", "probe.names", ask.target.subject, run, ask.target.route.path)


def _ask_names(ask: Ask, plan: ProbePlan, rules: RuleSet, world: World, sink: Sink) -> None:
    answer = fetch(ask.target, ask.path, ask.seconds, world)
    named = names_in(answer.body.decode("utf-8", "replace"))[::-1]
    fitting = [name for name in named if learnt_role(rules, name, plan.cloud) == ask.role]
    chosen = fitting[: ask.most]
    value = {
        "result": answer.result,
        "status": answer.status,
        "path": ask.path,
        "names": chosen,
        "left_out": len(fitting) - len(chosen),
        "foreign": len(named) - len(fitting),
        "detail": answer.detail,
        "ms": answer.ms,
    }
    sink.add(world.make.ok("probe.names", ask.target.subject, value, "probe/names", path=ask.target.route.path))
    for target in _new_targets(ask, chosen, plan, rules):
        sink.follow(_probe(target, plan, rules, world))


def _new_targets(ask: Ask, names: Sequence[str], plan: ProbePlan, rules: RuleSet) -> Iterator[Target]:
    """Names of the answer that are no endpoints of the plan already; on the way that the agent would take."""
    if plan.router is None:
        return
    for name in names:
        if name not in plan.hosts:
            endpoint = endpoint_host(ask.role, name, rules.endpoints[ask.role], plan.region)
            yield Target(endpoint, plan.router.route(endpoint))
