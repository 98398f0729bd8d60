"""How fast secrets are taken out: MB/s on one core, beside a script of one regex a line and beside `grep -c`.

`python -m tests.bench.redact_bench [--megabytes 200] [--rounds 3]`. Nothing is asserted: figures move with the machine,
the ratios within one round do not.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from arcdiag.redact.stream import Scrubber

# In the proportions of a machine that is connected: mostly heartbeats, policy and extension noise, now and then an error.
LINES = (
    (30, 'time="{t}" level=info msg="Heartbeat sent" Resource ID=/subscriptions/{g}/resourceGroups/rg-arc/providers/Microsoft.HybridCompute/machines/srv{n}'),
    (25, "<GCLOG>[2026-03-01 08:{m:02}:{s:02}.229] [PID 1412] [TID {n}] [Pull Client] [INFO] [{g}] Getting assignments from https://westeurope-gas.guestconfiguration.azure.com</GCLOG>"),
    (12, 'time="{t}" level=debug msg="Refreshing token for audience https://management.azure.com/" Correlation ID={g}'),
    (10, 'time="{t}" level=info msg="https://gbl.his.arc.azure.com is available, using cryptographic protocol: TLS 1.2"'),
    (8, "Mar 01 08:{m:02}:{s:02} srv{n} himds[1412]: Token refreshed, next refresh in {n} seconds"),
    (8, 'time="{t}" level=debug msg="Extension status" Name=AzureMonitorLinuxAgent Status="Ready" Key="{n}" Duration={n}ms'),
    (4, 'time="{t}" level=warning msg="Request failed" Error="Post \\"https://login.microsoftonline.com/{g}/oauth2/v2.0/token\\": dial tcp 40.126.9.7:443: i/o timeout"'),
    (2, "{m:02}:{s:02} user=himds pid={n} key=/var/opt/azcmagent/tokens/{g}.key mode=0640 pass=1"),
    (1, 'time="{t}" level=debug msg="connect" Command="azcmagent connect --service-principal-secret abC8Q~dEfGhIjKlMnOpQrStUvWxYz0{n:06}.-_9 -l westeurope"'),
)  # fmt: skip
NAIVE = re.compile(
    r"(?i)((?:client_?secret|service-principal-secret|password|passwd|pwd|token|api_?key|account_?key|sig)[\"']?\s*[=: ]\s*[\"']?)"
    r"([^\s\"'&]{8,})|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|(://[^:/\s]+:)[^@/\s]+@"
)
_BLOCK = 1024 * 1024


def write(path: Path, megabytes: int) -> None:
    """A log of about so many megabytes, the same on every run."""
    rng = random.Random(7)
    weights, forms = zip(*LINES, strict=True)
    size = 0
    with path.open("w", encoding="utf-8") as file:
        while size < megabytes * 1024 * 1024:
            block = "".join(
                form.format(
                    t=f"2026-03-01T08:{rng.randrange(60):02}:{rng.randrange(60):02}Z",
                    g=f"{rng.randrange(16**8):08x}-11b2-4c3d-8e4f-{rng.randrange(16**12):012x}",
                    n=rng.randrange(100_000), m=rng.randrange(60), s=rng.randrange(60),
                ) + "\n"
                for form in rng.choices(forms, weights, k=2000)
            )  # fmt: skip
            file.write(block)
            size += len(block)


def arcdiag(path: Path) -> int:
    """Tokens put in place of secrets."""
    scrubber = Scrubber()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            scrubber.feed(block)
    scrubber.finish()
    return sum(scrubber.removed.values())


def naive(path: Path) -> int:
    """What a script does: one regex, line by line."""
    count = 0
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            count += NAIVE.subn("***", line)[1]
    return count


def grep(path: Path) -> int:
    """`grep -c` of nine words, which changes nothing and only counts lines."""
    words = ["secret", "password", "passwd", "pwd", "token", "key", "sig=", "eyJ", "@"]
    command = ["grep", "-c", "-i", "-F", *(part for word in words for part in ("-e", word)), str(path)]
    return int(subprocess.run(command, capture_output=True, check=False, env={"LC_ALL": "C"}).stdout or 0)


def seconds(run: Callable[[Path], int], path: Path) -> tuple[float, int]:
    """Wall-clock time of one run, and what it counted."""
    begin = time.perf_counter()
    count = run(path)
    return time.perf_counter() - begin, count


def main() -> None:
    """Print one line for each contender: the median over the rounds, and its ratio to arcdiag in the same rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    contenders = {"arcdiag": arcdiag, "one regex a line": naive, "grep -c -i -F": grep}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "himds.log"
        write(path, options.megabytes)
        size = path.stat().st_size / 1e6
        times: dict[str, list[float]] = {name: [] for name in contenders}
        counts = {}
        for _ in range(options.rounds):
            for name, run in contenders.items():
                spent, counts[name] = seconds(run, path)
                times[name].append(spent)
        for name, spent_all in times.items():
            ratio = median(a / b for a, b in zip(spent_all, times["arcdiag"], strict=True))
            speed = size / median(spent_all)
            print(f"{name:<18} {speed:8.1f} MB/s   {ratio:6.2f} x arcdiag's time   found {counts[name]:,}")
        print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
