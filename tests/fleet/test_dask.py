"""A real Dask scheduler with two worker processes on this machine: the same rows, and a killed worker loses nothing."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster

from arcdiag.cli.main import run as arcdiag
from arcdiag.errors import InputError
from arcdiag.fleet.drive import DIED, Drive, batches
from arcdiag.fleet.engines import DaskEngine, dask_engine
from arcdiag.fleet.task import Batch, Job, Kind, Source
from arcdiag.fleet.worker import rules_for
from tests.fleet.bundles import write_bundles
from tests.fleet.killers import deadly_batch
from tests.fleet.tables import ask, doubled


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    # A batch is given up when two workers died of it, not four, which would take a minute.
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=":0", silence_logs=50
        ) as made,
    ):
        yield made


def test_the_command_gives_the_same_rows_on_a_cluster(cluster: LocalCluster, tmp_path: Path) -> None:
    write_bundles(tmp_path / "in", 24, broken_every=12)
    common = ["fleet", "analyze", str(tmp_path / "in"), "--quiet", "--out"]
    assert arcdiag([*common, str(tmp_path / "local"), "--workers", "2"]) == 1
    assert arcdiag([*common, str(tmp_path / "dask"), "--scheduler", cluster.scheduler_address]) == 1
    for table in ("machines", "causes", "codes", "endpoints", "traits"):
        sql = f"SELECT * EXCLUDE ({'seconds, ' if table == 'machines' else ''}run) FROM {table} ORDER BY ALL"
        assert ask(tmp_path / "dask", sql) == ask(tmp_path / "local", sql)
    assert arcdiag([*common, str(tmp_path / "dask"), "--scheduler", cluster.scheduler_address]) == 1
    assert ask(tmp_path / "dask", "SELECT max(run) FROM machines") == [(1,)], "all was done before"


def test_a_worker_killed_in_the_middle_loses_nothing(cluster: LocalCluster, tmp_path: Path) -> None:
    write_bundles(tmp_path / "in", 48)
    out = tmp_path / "out"
    with dask_engine(cluster.scheduler_address) as engine:
        pids = sorted(engine.client.run(os.getpid).values())
    assert len(pids) == 2

    ended = threading.Event()

    def kill() -> None:
        while not list((out / "reports").glob("*.html")):
            if ended.wait(0.01):
                return
        os.kill(pids[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    common = ["fleet", "analyze", str(tmp_path / "in"), "--quiet", "--reports", "all", "--out", str(out)]
    try:
        assert arcdiag([*common, "--scheduler", cluster.scheduler_address]) == 0
    finally:
        ended.set()
        killer.join()
    assert ask(out, "SELECT count(*), count(error) FROM machines") == [(48, 0)] and doubled(out) == []


def test_a_bundle_that_kills_every_worker_is_an_error_and_all_others_are_there(
    cluster: LocalCluster, tmp_path: Path
) -> None:
    sound, _ = write_bundles(tmp_path, 8)
    sound[3].rename(tmp_path / "killer.zip")
    jobs = [Job(Source(str(path), Kind.FILE, path.stat().st_size)) for path in sorted(tmp_path.glob("*.zip"))]
    with dask_engine(cluster.scheduler_address) as engine:
        deadly = DaskEngine(engine.client, deadly_batch)
        waiting = batches(jobs, Batch((), rules_for(None).version), deadly.slots)
        outcomes = [outcome for found in Drive(deadly).outcomes(waiting) for outcome in found]
    assert sorted(o.source.where for o in outcomes) == [job.source.where for job in jobs]
    assert {Path(o.source.where).name: o.error for o in outcomes if o.error} == {"killer.zip": DIED}


def test_a_scheduler_that_is_not_there_or_has_no_worker_is_an_error_of_one_line() -> None:
    with pytest.raises(InputError, match="no Dask scheduler"), dask_engine("tcp://127.0.0.1:1"):
        pass
    with pytest.raises(InputError, match="no Dask scheduler"), dask_engine("nonsense://x"):
        pass
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=":0", silence_logs=50) as empty,
        pytest.raises(InputError, match="has no worker"),
        dask_engine(empty.scheduler_address),
    ):
        pass
