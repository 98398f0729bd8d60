"""How fast secrets and identifiers are taken out: MB/s on one core, beside a script of one regex a line and `grep -c`.

`python -m tests.bench.redact_bench [--what secrets|identifiers] [--megabytes 200] [--rounds 3]`. Nothing is asserted: figures move with the machine,
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
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.redact.identifiers.replace import Identifiers
from arcdiag.redact.identifiers.stream import TextStream
from arcdiag.redact.identifiers.vocabulary import catalogue, vocabulary
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
NAIVE_NAMES = re.compile(
    r"(?i)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|((?:[0-9]{1,3}\.){3}[0-9]{1,3})|(\b(?:[a-z0-9-]+\.){1,4}(?:example|local|lan)\b)"
    r"|(?<=machines/)([\w.-]+)|(?<=resourceGroups/)([\w.()-]+)|\b(srv-web01)\b"
)
# One machine, one subscription, one tenant; the ids of requests are new in each line.
OF_ONE_MACHINE = (
    ("/subscriptions/{g}", "/subscriptions/595c1787-bb35-4fdf-8fd6-aebae0379c59"),
    ("srv{n}", "srv-web01"),
    ("microsoftonline.com/{g}", "microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db99"),
)
_BLOCK = 1024 * 1024


def of_one_machine(form: str) -> str:
    """A line as the log of one machine has it."""
    for many, one in OF_ONE_MACHINE:
        form = form.replace(many, one)
    return form


def write(path: Path, megabytes: int, lines: Sequence[tuple[int, str]] = LINES) -> None:
    """A log of about so many megabytes, the same on every run."""
    rng = random.Random(7)
    weights, forms = zip(*lines, strict=True)
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


class Names:
    """The two passes of `--redact identifiers`, in this order, over one file."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._ids = Identifiers()

    def learn(self, path: Path) -> int:
        """The first pass; nothing is counted."""
        self._ids = Identifiers(catalogue(self._rules), vocabulary(self._rules))
        stream = TextStream(self._ids.learn_bytes)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                stream.feed(block)
        stream.finish()
        return 0

    def replace(self, path: Path) -> int:
        """The second pass: tokens put in place of identifiers."""
        stream = TextStream(self._ids.replace_bytes)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                stream.feed(block)
        stream.finish()
        return sum(self._ids.replaced.values())


def naive_names(path: Path) -> int:
    """A script that knows the name of the machine, and is told every name in advance."""
    count = 0
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            count += NAIVE_NAMES.subn("***", line)[1]
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
    parser.add_argument("--what", choices=("secrets", "identifiers"), default="secrets")
    options = parser.parse_args()
    contenders: dict[str, Callable[[Path], int]]
    if options.what == "secrets":
        contenders = {"arcdiag": arcdiag, "one regex a line": naive, "grep -c -i -F": grep}
        lines: Sequence[tuple[int, str]] = LINES
    else:
        names = Names(load_rules())
        contenders = {"arcdiag's first pass": names.learn, "arcdiag": names.replace, "secrets, arcdiag": arcdiag}
        contenders["one regex a line"] = naive_names
        lines = [(weight, of_one_machine(form)) for weight, form in LINES]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "himds.log"
        write(path, options.megabytes, lines)
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
            print(f"{name:<20} {speed:8.1f} MB/s   {ratio:6.2f} x arcdiag's time   found {counts[name]:,}")
        print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
