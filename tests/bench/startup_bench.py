"""How long a start takes: `arcdiag --help`, `--version` and `explain`, beside an empty `python -c pass`.

`python -m tests.bench.startup_bench [--rounds 21] [--python PATH]`. All commands take turns in every round; what is
printed are medians over the rounds, the difference to the empty start of the same round and the ratio to it. Nothing is
asserted: on a busy machine the clock tells of the others, so the processor's own time stands beside it.

`--python`: that of another environment, such as one with arcdiag's wheel. `cold`: without the cache of the rules, as in
the first start of a checkout; a wheel needs no cache and takes no longer then.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

CONTENDERS: dict[str, tuple[str, ...]] = {
    "python -c pass": ("-c", "pass"),
    "arcdiag --help": ("-m", "arcdiag", "--help"),
    "arcdiag --version": ("-m", "arcdiag", "--version"),
    "arcdiag explain AZCM0042": ("-m", "arcdiag", "explain", "AZCM0042"),
    "arcdiag explain CAUSE": ("-m", "arcdiag", "explain", "proxy-unreachable"),
    'arcdiag explain "TEXT"': ("-m", "arcdiag", "explain", "dial tcp: lookup gbl.his.arc.azure.com: no such host"),
    "arcdiag explain, cold": ("-m", "arcdiag", "explain", "AZCM0042"),
}
EMPTY = "python -c pass"


@dataclass(frozen=True, slots=True)
class Start:
    """One start, in milliseconds: by the clock, and of the processor (user and system)."""

    clock: float
    cpu: float


def start(python: str, arguments: tuple[str, ...], env: Mapping[str, str]) -> Start:
    """Run one command to its end. Raises RuntimeError if it fails."""
    begin = time.perf_counter()
    process = subprocess.Popen([python, *arguments], stdout=subprocess.DEVNULL, env=dict(env))
    _, status, used = os.wait4(process.pid, 0)
    clock = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)}: exit code {process.returncode}")
    return Start(clock * 1000, (used.ru_utime + used.ru_stime) * 1000)


def measured(python: str, rounds: int) -> dict[str, list[Start]]:
    """All contenders in turn, `rounds` times, after one round that nobody counts."""
    found: dict[str, list[Start]] = {name: [] for name in CONTENDERS}
    with tempfile.TemporaryDirectory() as folder:
        warm = {**os.environ, "XDG_CACHE_HOME": str(Path(folder) / "warm")}
        for turn in range(rounds + 1):
            for name, arguments in CONTENDERS.items():
                cold = {**os.environ, "XDG_CACHE_HOME": str(Path(folder) / f"cold-{turn}")}
                one = start(python, arguments, cold if name.endswith("cold") else warm)
                if turn:
                    found[name].append(one)
    return found


def table(found: Mapping[str, list[Start]]) -> list[str]:
    """One line for each contender."""
    lines = [f"{'medians':<26} {'ms':>7} {'more ms':>8} {'ratio':>6}   {'cpu ms':>7} {'more ms':>8} {'least':>7}"]
    empty = found[EMPTY]
    for name, starts in found.items():
        more = median(a.clock - b.clock for a, b in zip(starts, empty, strict=True))
        ratio = median(a.clock / b.clock for a, b in zip(starts, empty, strict=True))
        more_cpu = median(a.cpu - b.cpu for a, b in zip(starts, empty, strict=True))
        clock, cpu = median(s.clock for s in starts), median(s.cpu for s in starts)
        least = min(s.clock for s in starts) - min(s.clock for s in empty)
        lines.append(f"{name:<26} {clock:7.1f} {more:8.1f} {ratio:6.2f}   {cpu:7.1f} {more_cpu:8.1f} {least:7.1f}")
    return lines


def main() -> None:
    """Print the table. `least`: the quickest start of each, less the quickest empty one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    print("\n".join(table(measured(options.python, options.rounds))))


if __name__ == "__main__":
    main()
