"""What it costs to open each hostile file: CPU seconds and memory, beside the usual program on the same file.

`python -m tests.bench.hostile_bench [NAME ...]`. The other program lists a zip (`unzip -l`), lists a tar (`tar -t`),
unpacks a gzip (`gzip -dc`), or counts the lines of a text (`wc -l`); arcdiag does its whole work, to a JSON report.
Nothing is asserted: figures move with the machine, the ratios within one run less.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.case.hostile_archives import Maker, makers

ROOT = Path(__file__).parents[2]
_PATIENCE = 300
_OTHERS: dict[str, tuple[str, ...]] = {
    "zip": ("unzip", "-l"),
    "tar": ("tar", "-tf"),
    "tgz": ("tar", "-tzf"),
    "gz": ("gzip", "-dc"),
}
_COUNTING = ("wc", "-l")
# A small process in between: a child counts what its parent held when it was made as its own memory.
_START = f"""
import os, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({_PATIENCE}, {_PATIENCE}))
child = os.fork()
if not child:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of a process and its children's, its largest resident set in bytes, and how it ended."""

    seconds: float
    peak: int
    code: int
    said: str


def cost(command: Sequence[str], folder: str) -> Cost:
    """Run a command to its end; it may not take more than a time that none comes near."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": folder, "LANG": "C.UTF-8"}
    started = [sys.executable, "-I", "-S", "-c", _START, *command]
    done = subprocess.run(started, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                          env=environment, check=True)  # fmt: skip
    code, seconds, peak = done.stdout.split()
    return Cost(float(seconds), int(peak) * 1024, int(code), done.stderr.strip())


def row(name: str, make: Maker) -> tuple[Cost, Cost]:
    """arcdiag's cost and the other program's for one file, made anew."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        path = Path(folder) / "case"
        make(path)
        ours = cost([sys.executable, "-m", "arcdiag", "analyze", str(path), "--json"], folder)
        theirs = cost([*_OTHERS.get(name.split("-")[0], _COUNTING), str(path)], folder)
    return ours, theirs


def main() -> None:
    """Print the table; the dearest last."""
    made = dict(makers())
    parser = argparse.ArgumentParser(prog="python -m tests.bench.hostile_bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which files; all if none is named")
    asked = parser.parse_args().names or list(made)
    rows = [(name, *row(name, made[name])) for name in asked]
    print(f"{'file':28} {'CPU s':>6} {'MiB':>5} {'exit':>4}   {'other':8} {'CPU s':>6} {'MiB':>5}  ratio  said")
    for name, ours, theirs in sorted(rows, key=lambda row: row[1].seconds):
        other = _OTHERS.get(name.split("-")[0], _COUNTING)[0]
        ratio = ours.seconds / max(theirs.seconds, 0.001)
        print(
            f"{name:28} {ours.seconds:6.2f} {ours.peak >> 20:5} {ours.code:4}   "
            f"{other:8} {theirs.seconds:6.2f} {theirs.peak >> 20:5} {ratio:6.0f}  {ours.said[:90]}"
        )


if __name__ == "__main__":
    main()
