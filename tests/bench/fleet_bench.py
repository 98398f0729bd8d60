"""Bundles a second: the local pool and a Dask cluster of as many worker processes, beside unzipping the same bundles.

`python -m tests.bench.fleet_bench [--bundles 100 1000] [--bytes 1000000] [--workers 2] [--rounds 1]`. Nothing is
asserted: figures move with the machine, the ratios within one round do not. `busy` is the part of the workers' time that
went into analysis, the rest is overhead; `peak` is the coordinator's own memory, without its workers.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.fleet.bundles import varied

_DISTINCT = 200


def unzip(path: str) -> int:
    """The floor: every byte of a bundle unpacked, and its CRC compared."""
    with zipfile.ZipFile(path) as archive:
        return sum(len(archive.read(info)) for info in archive.infolist())


def floor(folder: Path, workers: int) -> float:
    """Seconds to unzip all bundles with as many processes."""
    paths = sorted(map(str, folder.iterdir()))
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(abs, range(workers)))
        began = time.perf_counter()
        list(pool.map(unzip, paths, chunksize=32))
        return time.perf_counter() - began


def coordinate(folder: Path, out: Path, workers: int, scheduler: str | None) -> None:
    """One run of a fleet in this process; prints what it took as JSON."""
    from arcdiag.fleet.run import Options, analyze_fleet
    from arcdiag.fleet.sources import find_sources

    began = time.perf_counter()
    sources = find_sources([str(folder)]).sources
    summary = analyze_fleet(sources, Options(out, workers=workers, scheduler=scheduler, quiet=True))
    spent = time.perf_counter() - began
    print(json.dumps({"seconds": spent, "peak": own_peak(), "failed": len(summary.failed), "skipped": summary.skipped}))


def own_peak() -> float:
    """The most memory that this process had, in MB.

    Not `ru_maxrss`: Linux hands a parent's figure on to what it starts, and the parent here has made all bundles.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(folder: Path, out: Path, workers: int, scheduler: str | None = None) -> dict[str, float]:
    """`coordinate` in a process of its own, so that its memory is its own."""
    arguments = [sys.executable, "-m", "tests.bench.fleet_bench", "--one", str(folder), str(out), str(workers)]
    done = subprocess.run([*arguments, scheduler or ""], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def analysis_seconds(out: Path) -> float:
    """What the workers spent on the bundles themselves."""
    from arcdiag.fleet.views import connected

    with connected(out) as connection:
        row = connection.execute("SELECT sum(seconds), count(*), count(DISTINCT bundle) FROM machines").fetchone()
    assert row is not None and row[1] == row[2], "a row is doubled"
    return float(row[0])


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """The address of a Dask scheduler on this machine with so many worker processes, rules loaded."""
    from distributed import Client, LocalCluster

    from arcdiag.fleet.worker import rules_for

    with LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0", silence_logs=50
    ) as made:
        with Client(made) as client:
            client.run(lambda: rules_for(None).version)
        yield made.scheduler_address


def one_round(count: int, size: int, workers: int, place: Path) -> dict[str, dict[str, float]]:
    """What each way took; they run one after the other on the same bundles."""
    folder = place / "in"
    folder.mkdir()
    for name, data in varied(min(count, _DISTINCT), count, size):
        (folder / name).write_bytes(data)
    found = {"unzip and CRC": {"seconds": floor(folder, workers)}}
    found["local pool"] = measured(folder, place / "local", workers)
    found["local pool"]["busy"] = analysis_seconds(place / "local") / workers / found["local pool"]["seconds"]
    found["done before"] = measured(folder, place / "local", workers)
    with cluster(workers) as scheduler:
        found["Dask"] = measured(folder, place / "dask", workers, scheduler)
    found["Dask"]["busy"] = analysis_seconds(place / "dask") / workers / found["Dask"]["seconds"]
    found["overview page"] = page(place / "local")
    shutil.rmtree(folder)
    return found


def page(out: Path) -> dict[str, float]:
    """The overview of the results."""
    from arcdiag.fleet.overview.write import overview_page
    from arcdiag.knowledge.load import load_rules

    rules = load_rules()
    began = time.perf_counter()
    overview_page(out, rules, "en", out / "fleet.html")
    return {"seconds": time.perf_counter() - began}


def main() -> None:
    """Measure and print a table for each size of fleet."""
    if sys.argv[1:2] == ["--one"]:
        folder, out, workers, scheduler = sys.argv[2:6]
        coordinate(Path(folder), Path(out), int(workers), scheduler or None)
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundles", type=int, nargs="+", default=[100])
    parser.add_argument("--bytes", type=int, default=1_000_000, help="of the logs in one bundle, unpacked")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args()
    print(f"{given.bytes:,} bytes a bundle, {given.workers} worker processes, medians of {given.rounds} rounds")
    print(f"{'bundles':>8}  {'':<14}{'a second':>10}{'x local':>9}{'x floor':>9}{'busy':>7}{'peak MB':>9}")
    for count in given.bundles:
        rounds = []
        for _ in range(given.rounds):
            with tempfile.TemporaryDirectory(prefix="arcdiag-bench-") as place:
                rounds.append(one_round(count, given.bytes, given.workers, Path(place)))
        print_table(count, rounds)


def print_table(count: int, rounds: list[dict[str, dict[str, float]]]) -> None:
    """One line for each way; ratios are taken within a round."""
    for name in rounds[0]:

        def middle(key: str, name: str = name) -> float:
            return median(found[name].get(key, 0.0) for found in rounds)

        def ratio(other: str, name: str = name) -> float:
            return median(found[other]["seconds"] / found[name]["seconds"] for found in rounds)

        busy, peak = middle("busy"), middle("peak")
        print(
            f"{count:>8,}  {name:<14}{count / middle('seconds'):>10,.1f}{ratio('local pool'):>9.2f}"
            f"{ratio('unzip and CRC'):>9.2f}{f'{busy:.0%}' if busy else '':>7}{f'{peak:,.0f}' if peak else '':>9}",
            flush=True,
        )


if __name__ == "__main__":
    main()
