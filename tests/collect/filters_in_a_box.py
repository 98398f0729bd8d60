"""Runs inside a network namespace of its own: a machine with a router, and what this machine's kernel says of failures.

python -m tests.collect.filters_in_a_box   prints the value of `probe.tcp` by address as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.probe.tcp import connect

DROPPED_THERE, REJECTED_THERE = "20.1.0.1", "20.1.0.2"
DROPPED_HERE, REJECTED_HERE, RESET_HERE = "20.1.0.3", "20.1.0.4", "20.1.0.5"
NOBODY_ON_THE_LINK = "20.0.0.77"
ROUTER = """
    ip link set lo up
    ip address add 20.0.0.1/24 dev there
    ip link set there up
    for last in 1 2 3 4 5; do ip address add 20.1.0.$last/32 dev lo; done
    nft add table inet f
    nft 'add chain inet f in { type filter hook input priority 0; }'
    nft add rule inet f in ip daddr 20.1.0.1 tcp dport 443 drop
    nft add rule inet f in ip daddr 20.1.0.2 tcp dport 443 reject with icmp type net-unreachable
"""
CLIENT = """
    ip address add 20.0.0.2/24 dev here
    ip link set here up
    ip route add default via 20.0.0.1
    nft add table inet f
    nft 'add chain inet f out { type filter hook output priority 0; }'
    nft add rule inet f out ip daddr 20.1.0.3 tcp dport 443 drop
    nft add rule inet f out ip daddr 20.1.0.4 tcp dport 443 reject
    nft add rule inet f out ip daddr 20.1.0.5 tcp dport 443 reject with tcp reset
"""


def shell(text: str, *prefix: str) -> None:
    subprocess.run([*prefix, "sh", "-ec", text], check=True)


def network() -> subprocess.Popen[str]:
    """A second namespace as the router; ends with the process that holds it."""
    shell("ip link set lo up; ip link add here type veth peer name there")
    router = subprocess.Popen(
        ["unshare", "-n", "sh", "-c", "echo up; read -r line"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert router.stdout is not None
    router.stdout.readline()
    shell(f"ip link set there netns {router.pid}")
    shell(ROUTER, "nsenter", "-t", str(router.pid), "-n")
    shell(CLIENT)
    return router


def main() -> None:
    with network() as router:
        every = (DROPPED_THERE, REJECTED_THERE, DROPPED_HERE, REJECTED_HERE, RESET_HERE, NOBODY_ON_THE_LINK)
        seen = connect(every[:3], 443, Deadline.after(5)), connect(every[3:], 443, Deadline.after(5))
        told = {a.address: a for outcome in seen for a in outcome.attempts}
        values = {address: [a.result, a.refused_by, a.own_filter, a.neighbour_silent] for address, a in told.items()}
        shell("ip route del default")
        gone = connect(["20.1.0.1", "2001:db8::1"], 443, Deadline.after(5))
        shell("ip route add unreachable default")
        values["no route"] = [a.result for a in gone.attempts]
        values["unreachable route"] = [a.result for a in connect(["20.1.0.1"], 443, Deadline.after(5)).attempts]
        print(json.dumps(values))
        assert router.stdin is not None
        router.stdin.close()


if __name__ == "__main__":
    assert os.geteuid() == 0, "root of a namespace"
    main()
