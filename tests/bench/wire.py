"""A wire with a delay between two machines of the lab: frames from one end come out at the other, later.

python -m tests.bench.wire PID_A PID_B MILLISECONDS   the processes stand for the two network namespaces; the delay is
that of one direction. Makes a device `lag` in each, prints `up`, and carries frames until its input ends.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import selectors
import struct
import sys
import time
from collections import deque
from pathlib import Path

DEVICE = "lag"
_TUNSETIFF, _TAP_WITHOUT_HEADER = 0x400454CA, 0x1002
_CLONE_NEWNET = 0x40000000
_FRAME = 65536


def tap_of(pid: int) -> int:
    """A tap device in the network of a process; the descriptor carries its frames."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path(f"/proc/{pid}/ns/net").open("rb") as space:
        if libc.setns(space.fileno(), _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter the network of {pid}")
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH", DEVICE.encode(), _TAP_WITHOUT_HEADER))
    return descriptor


def carry(one: int, other: int, delay: float) -> None:
    """Frames of each end to the other, `delay` seconds later, until standard input ends."""
    across = {one: other, other: one}
    under_way: deque[tuple[float, int, bytes]] = deque()
    with selectors.DefaultSelector() as selector:
        for source in (one, other, sys.stdin.fileno()):
            selector.register(source, selectors.EVENT_READ)
        while True:
            wait = max(0.0, under_way[0][0] - time.monotonic()) if under_way else None
            for key, _ in selector.select(wait):
                if key.fd not in across:
                    return
                due = time.monotonic() + delay
                under_way += [(due, across[key.fd], frame) for frame in _frames(key.fd)]
            while under_way and under_way[0][0] <= time.monotonic():
                _, target, frame = under_way.popleft()
                os.write(target, frame)


def _frames(source: int) -> list[bytes]:
    found = []
    try:
        while True:
            found.append(os.read(source, _FRAME))
    except BlockingIOError:
        return found


def main() -> None:
    ends = [tap_of(int(pid)) for pid in sys.argv[1:3]]
    print("up", flush=True)
    carry(*ends, float(sys.argv[3]) / 1000)


if __name__ == "__main__":
    main()
