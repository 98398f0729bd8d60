"""How fast a large log is diagnosed: the whole command beside ripgrep, GNU grep, searchkit and a script, in one run.

`python -m tests.bench.scan_bench [--megabytes 500] [--rounds 5] [--cores 1] [--rules 3000] [--no-slow]`; sizes one after
another show the growth. With `--rules` arcdiag also runs with so many rules, most of them made up. All get
the same literals: the anchors of the shipped rules for that kind of log, in lower case; ripgrep also without regard for
case. No time is asserted: figures move with the machine, ratios within a round much less. grep and ripgrep only count
lines; arcdiag ends with the report, which must name the last failures of the log. The slow ones get a tenth of the log,
and their time is scaled.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from arcdiag.knowledge.load import load_rules
from arcdiag.logs.forms import FORMS
from arcdiag.logs.scan import scanner_of
from tests.bench.log_maker import Made, write_log
from tests.bench.rule_maker import write_rules

REFERENCE = "ripgrep -c -F -f"
_SLOW_SHARE = 10
_ARCDIAG = (sys.executable, "-m", "arcdiag", "analyze")
# A small process starts and measures the programs: the peak of a large one that forks counts as the child's own.
_SPAWN = """
import os, sys, time
begin = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
if os.waitstatus_to_exitcode(status) not in (0, 1):
    sys.exit(f"{sys.argv[1:]} failed")
print(time.perf_counter() - begin, usage.ru_maxrss, file=sys.stderr)
"""
_LOOP = """
import sys
needles = [line.rstrip(b"\\n") for line in open(sys.argv[1], "rb")]
print(sum(any(needle in line for needle in needles) for line in open(sys.argv[2], "rb")))
"""
_SEARCHKIT = """
import sys
from searchkit import FileSearcher, SearchDef
import re
searcher = FileSearcher(max_parallel_tasks=1)
for line in open(sys.argv[1]):
    searcher.add(SearchDef(".*" + re.escape(line.rstrip("\\n"))), sys.argv[2])
print(len(searcher.run()))
"""


@dataclass(frozen=True, slots=True)
class Contender:
    """`command` is run on a log; `slow` ones on a tenth of it."""

    name: str
    command: Sequence[str]
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Wall-clock seconds, peak of memory in MB, what was printed."""

    seconds: float
    megabytes: float
    printed: str


def literals() -> list[str]:
    """The anchors for a himds log that are plain ASCII."""
    anchors = scanner_of(load_rules()).anchors_for("himds-log", FORMS[0].name)
    return [anchor for anchor in anchors if anchor.isascii()]


def contenders(words: Path, slow: bool, rules: int = 0) -> list[Contender]:
    """All programs, those that are not installed left out; arcdiag also with so many `rules`, if more than it has."""
    found = [Contender("arcdiag analyze", _ARCDIAG)]
    more = rules - len(load_rules().signals)
    if more > 0:
        folder = words.with_name("rules")
        write_rules(folder, more)
        load_rules(folder)
        found.append(Contender(f"arcdiag analyze, {rules:,} rules", [*_ARCDIAG, "--rules", str(folder)]))
    if shutil.which("rg"):
        found.append(Contender(REFERENCE, ["rg", "-c", "-F", "-f", str(words)]))
        found.append(Contender("ripgrep -c -i -F -f", ["rg", "-c", "-i", "-F", "-f", str(words)]))
    found.append(Contender("grep -c -F -f", ["grep", "-c", "-F", "-f", str(words)]))
    if slow:
        few = words.with_name("few")
        few.write_text("".join(f"{line}\n" for line in words.read_text().splitlines()[::40]))
        found.append(Contender("a script, every 40th literal", [sys.executable, "-c", _LOOP, str(few)], slow=True))
        found.append(
            Contender("searchkit, every 40th literal", [sys.executable, "-c", _SEARCHKIT, str(few)], slow=True)
        )
    return found


def run(command: Sequence[str], log: Path, cores: int) -> Run:
    """One run; its output is read to the end, as grep stops early on /dev/null."""
    pinned = ["taskset", "-c", ",".join(map(str, sorted(os.sched_getaffinity(0))[:cores])), *command, str(log)]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "1"}
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [sys.executable, "-S", "-E", "-c", _SPAWN, *pinned],
            stdout=output, stderr=subprocess.PIPE, env=environment, check=True, text=True,
        )  # fmt: skip
        seconds, kilobytes = done.stderr.split()[-2:]
        output.seek(0)
        return Run(float(seconds), int(kilobytes) / 1024, output.read().decode("utf-8", "replace"))


def measured(
    log: Path, made: Made, rounds: int, cores: int, slow: bool, rules: int = 0, few: bool = False
) -> dict[str, list[Run]]:
    """All contenders in turn, `rounds` times; the times of the slow ones are those of the whole log."""
    words, part = log.with_name("literals"), log.with_name("part.log")
    words.write_text("".join(f"{literal}\n" for literal in literals()))
    everyone = contenders(words, slow and not few, rules)
    if few:
        everyone = [one for one in everyone if one.name.startswith("arcdiag") or one.name == REFERENCE]
    if slow:
        write_log(part, made.bytes / _SLOW_SHARE / 1e6)
    runs: dict[str, list[Run]] = {contender.name: [] for contender in everyone}
    for _ in range(rounds):
        for contender in everyone:
            done = run(contender.command, part if contender.slow else log, cores)
            if contender.name.startswith("arcdiag") and f"seen {made.last_errors} times" not in done.printed:
                sys.exit(f"{contender.name} did not read to the end: {done.printed}")
            share = _SLOW_SHARE if contender.slow else 1
            runs[contender.name].append(Run(done.seconds * share, done.megabytes, done.printed))
    return runs


def told(made: Made, runs: dict[str, list[Run]]) -> list[str]:
    """The table: MB/s, time beside the reference's in the same rounds, peak of memory."""
    lines = [f"{made.bytes / 1e6:,.0f} MB, {made.lines:,} lines, {made.errors:,} errors"]
    base = runs.get(REFERENCE)
    for name, all_runs in runs.items():
        speed = made.bytes / 1e6 / median(done.seconds for done in all_runs)
        ratio = ""
        if base:
            ratio = f"{median(a.seconds / b.seconds for a, b in zip(all_runs, base, strict=True)):8.2f} x its time"
        lines.append(f"  {name:<30} {speed:8.1f} MB/s {ratio} {max(done.megabytes for done in all_runs):8.0f} MB peak")
    return lines


def main() -> None:
    """Print one block for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[500])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--rules", type=int, default=0)
    parser.add_argument("--no-slow", action="store_true")
    parser.add_argument("--few", action="store_true", help="only arcdiag and the reference")
    options = parser.parse_args()
    print(f"the reference is {REFERENCE} with {len(literals()):,} literals, on {options.cores} core(s)")
    for megabytes in options.megabytes:
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "himds.log"
            made = write_log(log, megabytes)
            runs = measured(log, made, options.rounds, options.cores, not options.no_slow, options.rules, options.few)
            print("\n".join(told(made, runs)), flush=True)


if __name__ == "__main__":
    main()
