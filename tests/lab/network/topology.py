"""Three machines in namespaces of their own: a client, its router, and the internet behind it.

    client 10.77.0.10 ── 10.77.0.1 router 172.30.0.1 ── 172.30.0.2 internet (20.60.0.0/16, 10.88.0.0/16)

All processes live in one process namespace whose first process ends when the test's end of a pipe is closed, also by
a crash; the kernel then ends the rest.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CLIENT, ROUTER = "10.77.0.10", "10.77.0.1"
CLIENT_6, ROUTER_6 = "2a02:77::10", "2a02:77::1"
PUBLIC, PRIVATE, PUBLIC_6 = "20.60.0.0/16", "10.88.0.0/16", "2603:1030:77::/64"

_FIRST = """
mount --make-rprivate /
for node in router internet; do
    unshare --net --mount sh -c "echo $node; exec sleep infinity" </dev/null &
done
echo client
exec cat >/dev/null
"""
_CLIENT = f"""
ip link set lo up
ip link add eth0 type veth peer name inside netns {{router}}
sysctl -q -w net.ipv6.conf.eth0.accept_dad=0
ip link set eth0 up
ip addr add {CLIENT}/24 dev eth0
ip route add default via {ROUTER}
"""
_ROUTER = f"""
ip link set lo up
ip link add outside type veth peer name eth0 netns {{internet}}
sysctl -q -w net.ipv6.conf.inside.accept_dad=0
ip link set inside up
sysctl -q -w net.ipv6.conf.outside.accept_dad=0
ip link set outside up
ip addr add {ROUTER}/24 dev inside
ip addr add 172.30.0.1/30 dev outside
ip route add default via 172.30.0.2
ip -6 addr add {ROUTER_6}/64 dev inside nodad
ip -6 addr add 2a02:78::1/64 dev outside nodad
ip -6 route add default via 2a02:78::2
sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
"""
_INTERNET = f"""
ip link set lo up
sysctl -q -w net.ipv6.conf.eth0.accept_dad=0
ip link set eth0 up
ip addr add 172.30.0.2/30 dev eth0
ip -6 addr add 2a02:78::2/64 dev eth0 nodad
ip route add 10.77.0.0/24 via 172.30.0.1
ip -6 route add 2a02:77::/64 via 2a02:78::1
ip route add local {PUBLIC} dev lo
ip route add local {PRIVATE} dev lo
sysctl -q -w net.ipv6.ip_nonlocal_bind=1
ip -6 route add local {PUBLIC_6} dev lo
"""
IPV6 = f"ip -6 addr add {CLIENT_6}/64 dev eth0 nodad; ip -6 route add default via {ROUTER_6}"
"""What gives the client a way to the IPv6 internet; without it the machine has IPv4 alone, as most have."""


@dataclass(frozen=True)
class Node:
    """One machine: `pid` is a process of this system inside its namespaces."""

    name: str
    pid: int

    @property
    def root(self) -> Path:
        """Its file system, as seen from here."""
        return Path(f"/proc/{self.pid}/root")

    def argv(self, *command: str) -> list[str]:
        """A command that runs there."""
        return ["nsenter", f"--target={self.pid}", "--net", "--mount", "--pid", "--", *command]

    def run(self, *command: str, stdin: str | None = None) -> str:
        """Run a command that must succeed; what it printed."""
        done = subprocess.run(self.argv(*command), input=stdin, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, f"{self.name}: {' '.join(command)}: {done.stderr or done.stdout}"
        return done.stdout

    def script(self, text: str) -> str:
        """Run lines of a shell; the first that fails ends them."""
        return self.run("sh", "-e", stdin=text)


@dataclass(frozen=True)
class Topology:
    client: Node
    router: Node
    internet: Node


@contextmanager
def topology() -> Iterator[Topology]:
    """The three machines, wired; nothing runs on them."""
    unshare = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--mount", "--net", "sh", "-c", _FIRST]
    first = subprocess.Popen(unshare, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert first.stdin is not None and first.stdout is not None
    try:
        up = sorted(first.stdout.readline().strip() for _ in range(3))
        assert up == ["client", "internet", "router"], f"the namespaces of the lab could not be made: {up}"
        yield _wired(first.pid)
    finally:
        first.stdin.close()
        first.stdout.close()
        first.wait(timeout=20)


def _wired(outer: int) -> Topology:
    client = Node("client", _children(outer)[0])
    router, internet = (
        Node(name, pid) for name, pid in zip(("router", "internet"), _children(client.pid), strict=True)
    )
    inner = {"router": _inner_pid(router.pid), "internet": _inner_pid(internet.pid)}
    client.script(_CLIENT.format(**inner))
    router.script(_ROUTER.format(**inner))
    internet.script(_INTERNET)
    return Topology(client, router, internet)


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _inner_pid(pid: int) -> int:
    """The number that a process has inside its own process namespace."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("NSpid:")).split()[-1])
