"""What `collect` would do, for `--dry-run`: every address, every file, every program."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from arcdiag.collect.host.platform import Host
from arcdiag.collect.log_files import find_logs
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.probe.local import HIMDS_PATH, IMDS_PATH
from arcdiag.collect.probe.plan import ProbePlan, Target


def dry_run_lines(plan: ProbePlan, host: Host, options: CollectOptions) -> Iterator[str]:
    """Lines for people. To write them, only settings were read: nothing is sent, run or written."""
    yield "Nothing was sent, run or written. To make this list only the settings named below were read."
    yield ""
    yield from _network(plan) if options.probe else ["Network: nothing (--no-probe)."]
    yield ""
    yield from _machine(host)


def _network(plan: ProbePlan) -> Iterator[str]:
    region = plan.region or "not known (regional hosts are left out; give --location)"
    yield f"Cloud: {plan.cloud}. Region: {region}."
    yield ""
    yield "Name servers, asked by the system's resolver and one by one (UDP, TCP for long answers):"
    yield from (f"  {server.shown}" for server in plan.servers)
    if not plan.servers:
        yield "  none that can be seen; only the system's resolver is asked"
    yield "Names that are looked up and nothing more:"
    yield from (f"  {name}" for name in plan.controls)
    if plan.proxies:
        yield "Proxy, asked for each host that is marked with it (its own name is looked up too):"
        yield from (f"  {proxy.address}" for proxy in plan.proxies)
    yield "Hosts: look-up, connection, TLS, one GET without a token:"
    yield from (_target(target) for target in plan.targets)
    yield "On this machine and its own link, without a proxy:"
    yield f"  {plan.himds[0]}:{plan.himds[1]}  GET {HIMDS_PATH}  (the agent's local service)"
    yield f"  {plan.imds[0]}:{plan.imds[1]}  GET {IMDS_PATH}  (is this an Azure virtual machine?)"
    yield from (f"Left out: {item.what}: {item.why}" for item in plan.left_out)


def _target(target: Target) -> str:
    endpoint, route = target.endpoint, target.route
    way = "direct"
    if route.proxy is not None:
        way = f"through {route.proxy.address}" if route.proxy.usable else "only looked up: the proxy does not parse"
    return f"  {endpoint.host}:{endpoint.port}  GET {endpoint.path}  {way}  ({endpoint.role}: {endpoint.purpose})"


def _machine(host: Host) -> Iterator[str]:
    yield "Programs that are run, if they are there:"
    yield from (f"  {shlex.join(argv)}" for argv in host.commands())
    yield "Settings that are read:"
    yield from (f"  {source}" for source in host.sources())
    yield from (f"  {path}" for path in host.trust_files())
    yield "Files of the agent that are looked at (the two configuration files are read):"
    yield from (f"  {path}" for path in host.paths().values())
    yield "Logs that are copied, without secrets:"
    logs, unread = find_logs(host)
    yield from (f"  {log.shown}" for log in logs)
    yield from (f"  left out: {item.what}: {item.why}" for item in unread)
    if not logs and not unread:
        yield "  none found"
