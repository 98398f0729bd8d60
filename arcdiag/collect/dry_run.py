"""What `collect` would do, for `--dry-run`: every address, every file, every program."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from arcdiag.collect.host.platform import Host
from arcdiag.collect.log_files import find_logs
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.probe.challenge import TOKEN_PATH
from arcdiag.collect.probe.local import HIMDS_PATH, IMDS_PATH, STATUS_PATH
from arcdiag.collect.probe.plan import ProbePlan, Target


def dry_run_lines(plan: ProbePlan, host: Host, options: CollectOptions) -> Iterator[str]:
    """Lines for people. To write them, only settings were read: nothing is sent, run or written."""
    yield "Nothing was sent, run or written. To make this list only the settings named below were read."
    yield ""
    yield from _network(plan) if options.probe else ["Network: nothing (--no-probe)."]
    yield ""
    yield from _machine(host, options)


def _network(plan: ProbePlan) -> Iterator[str]:
    region = plan.region or "not known (regional hosts are left out; give --location)"
    yield f"Cloud: {plan.cloud}. Region: {region}."
    yield ""
    yield "Packets go to nothing but what is listed here: the addresses, and whatever addresses the listed names have."
    yield "Name servers, asked by the system's resolver and one by one (UDP, TCP for long answers):"
    yield from (f"  {server.shown}" for server in plan.servers)
    if not plan.servers:
        yield "  none that can be seen; only the system's resolver is asked"
    yield "Names that are looked up and nothing more:"
    yield from (f"  {name}" for name in plan.controls)
    yield from _proxies(plan)
    yield "Hosts: look-up, connection, TLS, one GET without a token:"
    yield from (_target(target) for target in (*plan.targets, *plan.what_ifs))
    if plan.web:
        yield "Host that is asked without TLS, to find portals and to read a clock:"
        yield f"  {plan.web[0]}:{plan.web[1]}"
    yield from _second_stage(plan)
    yield from _local(plan)
    yield from (f"Left out: {item.what}: {item.why}" for item in plan.left_out)


def _proxies(plan: ProbePlan) -> Iterator[str]:
    if plan.proxies:
        yield "Proxy, asked for each host that is marked with it (its own name is looked up too):"
        yield from (f"  {proxy.address}" for proxy in plan.proxies)
    others = {t.route.proxy.address: None for t in (*plan.what_ifs, *plan.fallbacks) if t.route.proxy}
    if others:
        yield "Other proxies, which the agent does not use, as a what-if (their own names are looked up too):"
        yield from (f"  {address}" for address in others)


def _second_stage(plan: ProbePlan) -> Iterator[str]:
    """What depends on the answers of the first stage."""
    if plan.fallbacks:
        yield "Only if the direct way to them fails:"
        yield from (_target(target) for target in plan.fallbacks)
    if plan.asks:
        yield "Only if these answer, one more question each; of the names in the answer some are probed like the hosts:"
    for ask in plan.asks:
        endpoint = ask.target.endpoint
        names = ", ".join(f"{glob}:443" for glob in ask.globs)
        yield f"  {endpoint.host}:{endpoint.port}  GET {ask.path}  (then at most {ask.most} names matching {names})"


def _local(plan: ProbePlan) -> Iterator[str]:
    yield "On this machine and its own link, without a proxy:"
    yield f"  {plan.himds[0]}:{plan.himds[1]}  GET {HIMDS_PATH}  (the agent's local service)"
    yield f"  {plan.himds[0]}:{plan.himds[1]}  GET {STATUS_PATH}  (what it says of its connection)"
    yield f"  {plan.himds[0]}:{plan.himds[1]}  GET {TOKEN_PATH}  (its challenge, no token)"
    if plan.arc_proxy:
        yield f"  {plan.arc_proxy[0]}:{plan.arc_proxy[1]}  (the agent's local proxy)"
    if plan.identity_extension:
        yield f"  {plan.identity_extension[0]}:{plan.identity_extension[1]}  (a retired extension of Azure machines)"
    yield f"  {plan.imds[0]}:{plan.imds[1]}  GET {IMDS_PATH}  (is this an Azure virtual machine?)"
    yield "      and, if something else than Azure answers there, /latest/meta-data/ and /opc/v2/instance/"
    if plan.wireserver:
        address, ports = plan.wireserver
        yield from (f"  {address}:{port}  (the host of Azure virtual machines)" for port in ports)


def _target(target: Target) -> str:
    endpoint, route = target.endpoint, target.route
    way = "direct"
    if route.proxy is not None:
        way = f"through {route.proxy.address}" if route.proxy.usable else "only looked up: the proxy does not parse"
    return f"  {endpoint.host}:{endpoint.port}  GET {endpoint.path}  {way}  ({endpoint.role}: {endpoint.purpose})"


def _machine(host: Host, options: CollectOptions) -> Iterator[str]:
    yield "Programs that are run, if they are there:"
    yield from (f"  {shlex.join(argv)}" for argv in host.commands())
    yield "Settings that are read:"
    yield from (f"  {source}" for source in host.sources())
    yield from (f"  {path}" for path in host.trust_files())
    yield "Files of the agent that are looked at (the two configuration files are read):"
    yield from (f"  {path}" for path in host.paths().values())
    if options.network_only:
        yield "Logs whose last lines are read for names of endpoints:"
    else:
        yield "Logs that are copied, without secrets, and read for names of endpoints:"
    logs, unread = find_logs(host, options.full)
    yield from (f"  {log.shown}" for log in logs)
    yield from (f"  left out: {item.what}: {item.why}" for item in unread)
    if not logs and not unread:
        yield "  none found"
