"""A fleet on a real pool: the same as one by one, errors named, resumed after Ctrl-C and after a worker's death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec
import psutil
import pytest

from arcdiag.fleet.rows import rows_of
from arcdiag.fleet.run import Options, Summary, analyze_fleet
from arcdiag.fleet.sources import find_sources
from arcdiag.knowledge.load import load_rules
from arcdiag.model.diagnosis import State
from arcdiag.pipeline import analyze
from arcdiag.report.words import Words
from tests.fleet.bundles import FAULTS, bundle, show, write_bundles
from tests.fleet.tables import ask, doubled

RULES = load_rules()
OWN = """- signal: own.heartbeat
  says: "A heartbeat was sent."
  text: ["Sending heartbeat"]
  subject: machine
  samples:
    match: [{line: "Sending heartbeat"}]
    no_match: [{line: "Heartbeat sent", why: "it was sent"}]
"""


def run(out: Path, *sources: Path | str, rules: Path | None = None, reports: str = "none") -> Summary:
    found = find_sources(str(one) for one in sources)
    return analyze_fleet(found.sources, Options(out, rules, workers=2, reports=reports, quiet=True))


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[Path], list[Path]]:
    """Input, results, and the sound and the broken bundles."""
    root = tmp_path_factory.mktemp("fleet")
    sound, broken = write_bundles(root / "in", 36, broken_every=9)
    summary = run(root / "out", root / "in", reports="problems")
    assert (summary.bundles, summary.analysed, summary.interrupted) == (36, 36, False)
    assert sorted(name for name, _ in summary.failed) == [str(path) for path in broken]
    return root / "in", root / "out", sound, broken


def test_every_bundle_has_one_row_and_the_broken_ones_say_why(fleet: tuple[Path, Path, list[Path], list[Path]]) -> None:
    _, out, sound, broken = fleet
    rows = dict(ask(out, "SELECT source, error FROM machines"))
    assert set(rows) == {str(path) for path in (*sound, *broken)} and doubled(out) == []
    assert {source for source, error in rows.items() if error} == {str(path) for path in broken}
    assert all("/" not in error for error in rows.values() if error)


def test_the_rows_are_those_of_analyze(fleet: tuple[Path, Path, list[Path], list[Path]]) -> None:
    _, out, sound, _ = fleet
    for path in sound[:4]:
        diagnosis = analyze(path, RULES)
        wanted = [(c.id, c.state.value, c.confidence.value) for c in diagnosis.causes]
        sql = (
            f"SELECT c.cause, state, confidence FROM causes c JOIN machines USING (bundle, run) WHERE source = '{path}'"
        )
        assert ask(out, f"{sql} ORDER BY rank") == wanted
        first = next((c.id for c in diagnosis.causes if c.state is State.CURRENT), None)
        assert ask(out, f"SELECT verdict, cause, exit_code FROM machines WHERE source = '{path}'") == [
            (diagnosis.verdict.value, first, diagnosis.verdict.exit_code)
        ]
    found = dict(ask(out, "SELECT coalesce(cause, 'healthy'), count(*) FROM machines WHERE error IS NULL GROUP BY 1"))
    assert set(found) == set(FAULTS)


def test_reports_are_written_of_those_with_problems(fleet: tuple[Path, Path, list[Path], list[Path]]) -> None:
    _, out, _, _ = fleet
    ill = ask(out, "SELECT bundle FROM machines WHERE exit_code <> 0")
    assert sorted(p.stem for p in (out / "reports").glob("*.html")) == sorted(bundle[:32] for (bundle,) in ill)
    text = next((out / "reports").glob("*.html")).read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") and "Content-Security-Policy" in text


def test_what_is_done_is_skipped_and_what_is_new_is_added(
    fleet: tuple[Path, Path, list[Path], list[Path]], tmp_path: Path
) -> None:
    folder, out, sound, broken = fleet
    before = ask(out, "SELECT bundle, run FROM machines ORDER BY 1")
    (tmp_path / "moved.zip").write_bytes(sound[0].read_bytes())
    (tmp_path / "new.zip").write_bytes(bundle(777))
    (tmp_path / "copy.zip").write_bytes(bundle(777))
    summary = run(out, folder, tmp_path)
    assert (summary.skipped, summary.analysed, summary.copies) == (37, 1, 1)
    assert [name for name, _ in summary.failed] == [str(path) for path in broken], "named again"
    after = ask(out, "SELECT bundle, run FROM machines ORDER BY 1")
    assert len(after) == len(before) + 1 and set(before) < set(after)


def test_other_rules_analyse_again_and_no_row_is_doubled(tmp_path: Path) -> None:
    write_bundles(tmp_path / "in", 4)
    own = tmp_path / "own.yaml"
    own.write_text(OWN)
    assert run(tmp_path / "out", tmp_path / "in").analysed == 4
    assert run(tmp_path / "out", tmp_path / "in", rules=own).analysed == 4
    assert run(tmp_path / "out", tmp_path / "in", rules=own).skipped == 4
    ((version, number),) = ask(tmp_path / "out", "SELECT rules_version, count(*) FROM machines GROUP BY 1")
    assert number == 4 and version.startswith(RULES.version + "+own") and doubled(tmp_path / "out") == []


def test_reports_that_are_missing_are_made_later_and_no_row_is_doubled(tmp_path: Path) -> None:
    sound, _ = write_bundles(tmp_path / "in", 9, broken_every=9)
    out = tmp_path / "out"
    assert run(out, tmp_path / "in").analysed == 9
    ill = run(out, tmp_path / "in", reports="problems")
    assert (ill.analysed, ill.skipped) == (6, 3), "the healthy ones and the broken one have nothing to report"
    every = run(out, tmp_path / "in", reports="all")
    assert (every.analysed, every.skipped) == (2, 7)
    assert len(list((out / "reports").glob("*.html"))) == len(sound)
    assert run(out, tmp_path / "in", reports="all").skipped == 9
    assert ask(out, "SELECT count(*), count(DISTINCT bundle) FROM machines") == [(9, 9)]
    assert ask(out, "SELECT bundle, cause FROM causes GROUP BY bundle, cause, state HAVING count(*) > 1") == []


def test_folders_of_machines_memory_and_file_urls_are_sources_too(tmp_path: Path) -> None:
    fsspec.filesystem("memory").pipe("/test-run/a.zip", bundle(1))
    (tmp_path / "in/srv9").mkdir(parents=True)
    (tmp_path / "in/srv9/azcmagent_show.json").write_bytes(show(9))
    (tmp_path / "in/b.zip").write_bytes(bundle(2))
    url = (tmp_path / "in/b.zip").as_uri()
    sources = ("memory://test-run", tmp_path / "in/srv9", url)
    assert run(tmp_path / "out", *sources).failed == []
    assert run(tmp_path / "out", *sources).skipped == 3
    rows = ask(tmp_path / "out", "SELECT source, name FROM machines ORDER BY name")
    assert rows == [
        ("memory:///test-run/a.zip", "srv-00001"),
        (str(tmp_path / "in/b.zip"), "srv-00002"),
        (str(tmp_path / "in/srv9"), "srv-00009"),
    ]


def test_a_source_that_cannot_be_read_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(bundle(1))
    sources = find_sources([str(path)]).sources
    path.unlink()
    options = Options(tmp_path / "out", workers=1, quiet=True)
    assert [why for _, why in analyze_fleet(sources, options).failed] == ["there is no such file"]
    path.write_bytes(bundle(1))
    assert analyze_fleet(sources, options).failed == []
    assert ask(tmp_path / "out", "SELECT error FROM machines") == [(None,)]


def test_no_secret_and_no_hostile_name_comes_into_the_tables(tmp_path: Path) -> None:
    secret = "abC8Q~dEfGhIjKlMnOpQrStUvWxYz0123456.-_9"
    name = tmp_path / f"<img src=x>\u202egnp\x1b[31m --service-principal-secret {secret}.zip"
    name.write_bytes(bundle(1))
    assert run(tmp_path / "out", name).failed == []
    ((source,),) = ask(tmp_path / "out", "SELECT source FROM machines")
    assert secret not in source and "\u202e" not in source and "\x1b" not in source and "«secret:" in source
    assert all(secret.encode() not in p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file())


def test_rows_are_capped_and_hold_no_line_feeds() -> None:
    rows = rows_of(analyze(Path("tests/cases/blind/a10-clones/evidence"), RULES), Words(RULES))
    for row in (row for rows_ in rows.values() for row in rows_):
        assert not any("\n" in value for value in row.values() if isinstance(value, str))


@contextmanager
def command(folder: Path, out: Path) -> Iterator[subprocess.Popen[str]]:
    """`fleet analyze` as a process of its own, which has written the first reports when it is given."""
    arguments = ["-m", "arcdiag", "fleet", "analyze", str(folder), "--out", str(out), "--workers", "2"]
    with subprocess.Popen(
        [sys.executable, *arguments, "--reports", "all"], stderr=subprocess.PIPE, text=True
    ) as process:
        while process.poll() is None and not list((out / "reports").glob("*.html")):
            os.sched_yield()
        yield process


def test_ctrl_c_ends_cleanly_and_the_next_run_goes_on(tmp_path: Path) -> None:
    write_bundles(tmp_path / "in", 48)
    out = tmp_path / "out"
    with command(tmp_path / "in", out) as process:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130 and "Traceback" not in said and "start it again" in said
    ((done,),) = ask(out, "SELECT count(*) FROM machines")
    assert 0 < done < 48 and not list(out.rglob("*.partial"))
    summary = run(out, tmp_path / "in")
    assert (summary.skipped, summary.analysed, summary.failed) == (done, 48 - done, [])
    assert ask(out, "SELECT count(*) FROM machines") == [(48,)] and doubled(out) == []


def test_a_worker_killed_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    write_bundles(tmp_path / "in", 24)
    with command(tmp_path / "in", tmp_path / "out") as process:
        workers = [
            child for child in psutil.Process(process.pid).children() if "spawn_main" in " ".join(child.cmdline())
        ]
        assert len(workers) == 2
        workers[0].kill()
        _, said = process.communicate()
    assert process.returncode == 0, said
    assert ask(tmp_path / "out", "SELECT count(*), count(error) FROM machines") == [(24, 0)]
    assert doubled(tmp_path / "out") == []


def test_workers_end_with_a_coordinator_that_is_killed_and_what_was_written_stays(tmp_path: Path) -> None:
    write_bundles(tmp_path / "in", 24)
    with command(tmp_path / "in", tmp_path / "out") as process:
        children = psutil.Process(process.pid).children()
        process.kill()
        process.communicate()
    assert psutil.wait_procs(children, timeout=60)[1] == []
    summary = run(tmp_path / "out", tmp_path / "in")
    assert summary.skipped + summary.analysed == 24 and summary.failed == []
    assert ask(tmp_path / "out", "SELECT count(*) FROM machines") == [(24,)] and doubled(tmp_path / "out") == []
