"""A real pool of processes: nothing is lost, nothing is there twice, and who kills workers is found."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from arcdiag.fleet.drive import DIED, MOST_BYTES, MOST_JOBS, Drive, batches
from arcdiag.fleet.engines import LocalEngine
from arcdiag.fleet.task import Batch, Job, Kind, Outcome, Source
from arcdiag.fleet.worker import OtherRulesError, rules_for
from tests.fleet.bundles import write_bundles
from tests.fleet.killers import deadly_batch, failing_batch

COMMON = Batch((), rules_for(None).version)


def jobs_of(paths: Iterable[Path]) -> list[Job]:
    return [Job(Source(str(path), Kind.FILE, path.stat().st_size)) for path in paths]


def run(engine: LocalEngine, jobs: list[Job]) -> list[Outcome]:
    return [outcome for found in Drive(engine).outcomes(batches(jobs, COMMON, engine.slots)) for outcome in found]


def test_batches_spread_a_small_fleet_and_cap_a_large_one() -> None:
    def sizes(count: int, size: int = 1) -> list[int]:
        jobs = [Job(Source(f"{n}.zip", Kind.FILE, size)) for n in range(count)]
        made = list(batches(jobs, COMMON, 2))
        assert [job for batch in made for job in batch.jobs] == jobs
        return [len(batch.jobs) for batch in made]

    assert sizes(3) == [1, 1, 1] and sizes(0) == []
    assert max(sizes(2000)) == MOST_JOBS
    assert max(sizes(2000, MOST_BYTES // 4)) == 4
    assert sizes(2, MOST_BYTES * 10) == [1, 1]


def test_a_bundle_that_kills_its_worker_twice_is_an_error_and_all_others_are_there_once(tmp_path: Path) -> None:
    sound, _ = write_bundles(tmp_path, 20)
    killer = sound[7].rename(tmp_path / "killer.zip")
    once = sound[11].rename(tmp_path / "once.zip")
    paths = sorted(tmp_path.glob("*.zip"))
    engine = LocalEngine(2, deadly_batch)
    try:
        outcomes = run(engine, jobs_of(paths))
    finally:
        engine.close()
    assert sorted(o.source.where for o in outcomes) == [str(p) for p in paths]
    errors = {o.source.where: o.error for o in outcomes if o.error}
    assert errors == {str(killer): DIED}
    assert once.with_name("once.zip.seen").exists()
    assert {o.rows["machines"][0]["again"] for o in outcomes if o.error and o.rows} == {True}


def test_an_error_of_the_work_itself_ends_the_run_and_is_not_tried_for_ever(tmp_path: Path) -> None:
    sound, _ = write_bundles(tmp_path, 2)
    engine = LocalEngine(1, failing_batch)
    try:
        with pytest.raises(RuntimeError, match="no such batch"):
            run(engine, jobs_of(sound))
    finally:
        engine.close()


def test_a_worker_with_other_rules_is_refused(tmp_path: Path) -> None:
    sound, _ = write_bundles(tmp_path, 1)
    engine = LocalEngine(1)
    try:
        with pytest.raises(OtherRulesError, match="same arcdiag"):
            engine.submit(Batch(tuple(jobs_of(sound)), "0.0.1+other")).result()
    finally:
        engine.close()
