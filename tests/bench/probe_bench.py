"""How long the probes take: together, and one after another in the same process; and the whole command.

python -m tests.bench.probe_bench [RUNS]   as root; makes the network lab, with 50 ms to and fro between the machine and
its router. Prints medians, ratios and the peak of memory. A healthy region first, then a network that drops everything.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.probe.tasks import probe_tasks
from arcdiag.collect.probe.trust import load_trust
from arcdiag.collect.probe.world import World
from arcdiag.collect.progress import SilentProgress
from arcdiag.collect.run import prepare, this_host
from arcdiag.collect.scheduler import Task, run_tasks
from arcdiag.knowledge.load import load_rules
from arcdiag.model.fact_maker import FactMaker
from tests.bench.wire import DEVICE
from tests.lab.network.lab import Lab
from tests.lab.network.topology import CLIENT, ROUTER

ROUND_TRIP_MS = 50
REGION = "eastus"
TIMEOUT = 30.0
_LONG = 600.0


@contextmanager
def far_away(lab: Lab) -> Iterator[None]:
    """The machine's wire to its router, made longer."""
    pids = [str(lab.client.pid), str(lab.router.pid)]
    command = [sys.executable, "-m", "tests.bench.wire", *pids, str(ROUND_TRIP_MS / 2)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as wire:
        assert wire.stdin is not None and wire.stdout is not None
        assert wire.stdout.readline() == "up\n"
        lab.client.script(
            f"ip addr flush dev eth0; ip link set eth0 down; ip addr add {CLIENT}/24 dev {DEVICE}\n"
            f"ip link set {DEVICE} up; ip route replace default via {ROUTER}"
        )
        lab.router.script(
            f"ip addr del {ROUTER}/24 dev inside; ip addr add {ROUTER}/24 dev {DEVICE}; ip link set {DEVICE} up"
        )
        yield
        wire.stdin.close()


def inside(runs: int, sequential: int) -> dict[str, Any]:
    """Measured in this process: all probes together `runs` times, one after another `sequential` times."""
    rules, host = load_rules(), this_host()
    settings, plan = prepare(rules, CollectOptions(region=REGION, network_only=True), host)
    make, trust = FactMaker("2024-10-01T09:00:00Z", None), load_trust(host, settings.trust)

    def tasks(seconds: float) -> tuple[list[Task], Deadline]:
        deadline = Deadline.after(seconds)
        world = World(make, trust, plan.servers, plan.pinned, deadline)
        return list(probe_tasks(plan, world, host, rules)), deadline

    def together() -> float:
        start = time.monotonic()
        run_tasks(*tasks(TIMEOUT), make, SilentProgress())
        return time.monotonic() - start

    def one_by_one() -> float:
        start = time.monotonic()
        todo, deadline = tasks(_LONG)
        for task in todo:
            run_tasks([task], deadline, make, SilentProgress())
        return time.monotonic() - start

    return {
        "endpoints": len(plan.targets),
        "together": [together() for _ in range(runs)],
        "one by one": [one_by_one() for _ in range(sequential)],
    }


def measured(lab: Lab, runs: int, sequential: int) -> dict[str, Any]:
    """`inside` on the lab's machine, and the command as people call it with its peak of memory in MB."""
    module = [sys.executable, "-m", "tests.bench.probe_bench", "--inside", str(runs), str(sequential)]
    seen: dict[str, Any] = json.loads(_output(lab, module))
    command = [sys.executable, "-m", "arcdiag", "probe", "--location", REGION, "--json", "--quiet"]
    seen["command"] = []
    for _ in range(runs):
        start = time.monotonic()
        _output(lab, command, 0, 1, 3)
        seen["command"].append(time.monotonic() - start)
    seen["megabytes"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return seen


def _output(lab: Lab, command: list[str], *codes: int) -> str:
    environment = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    done = subprocess.run(
        lab.client.argv(*command), stdout=subprocess.PIPE, text=True, check=False, timeout=_LONG * 2, env=environment
    )
    assert done.returncode in (codes or (0,)), done.returncode
    return done.stdout


def told(title: str, seen: dict[str, Any]) -> None:
    """One block of the report."""
    together, alone = statistics.median(seen["together"]), statistics.median(seen["one by one"])
    print(f"{title} ({seen['endpoints']} endpoints, {ROUND_TRIP_MS} ms to and fro)")
    print(
        f"  all probes together  {together:7.2f} s  median of {len(seen['together'])}, longest {max(seen['together']):.2f}"
    )
    print(
        f"  one after another    {alone:7.2f} s  median of {len(seen['one by one'])}: {alone / together:.1f} times as long"
    )
    print(f"  the whole command    {statistics.median(seen['command']):7.2f} s  longest {max(seen['command']):.2f}")
    print(f"  peak of memory       {seen['megabytes']:7.1f} MB", flush=True)


def main() -> None:
    if sys.argv[1:2] == ["--inside"]:
        print(json.dumps(inside(int(sys.argv[2]), int(sys.argv[3]))))
        return
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with Lab() as lab, far_away(lab):
        lab.start()
        told("healthy", measured(lab, runs, runs))
    with Lab() as lab, far_away(lab):
        lab.firewall.block_everything()
        lab.start()
        told("everything dropped", measured(lab, min(runs, 3), 1))


if __name__ == "__main__":
    main()
