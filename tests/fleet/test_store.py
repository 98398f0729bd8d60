"""Parts: whole or not there, written twice they are there once, and later rows stand in place of earlier ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from arcdiag.errors import InputError, OutputError
from arcdiag.fleet.lock import locked
from arcdiag.fleet.rows import error_row
from arcdiag.fleet.store import Store, known_bundles, part_files
from arcdiag.fleet.tables import TABLES
from arcdiag.fleet.task import Kind, Outcome, Source
from arcdiag.fleet.views import connected
from tests.fleet.results import outcomes
from tests.fleet.tables import ask, doubled

SOME = [o for o in outcomes(60) if o.error is None]


def write(folder: Path, some: list[Outcome], rules: str = "1") -> None:
    store = Store.begin(folder, rules, "0.1.0")
    store.add(some)
    store.finish()


def test_the_same_outcomes_written_twice_are_there_once(tmp_path: Path) -> None:
    store = Store.begin(tmp_path, "1", "0.1.0")
    for _ in range(2):
        store.add(SOME)
        store.flush()
    assert len(part_files(tmp_path, "machines")) == 1
    assert ask(tmp_path, "SELECT count(*) FROM machines") == [(len(SOME),)] and doubled(tmp_path) == []
    assert not list(tmp_path.rglob("*.partial"))


def test_rows_of_a_later_run_stand_in_place_of_the_earlier_ones(tmp_path: Path) -> None:
    write(tmp_path, SOME, "old")
    write(tmp_path, SOME[:20], "new")
    assert ask(tmp_path, "SELECT rules_version, count(*) FROM machines GROUP BY 1 ORDER BY 1") == [
        ("new", 20),
        ("old", len(SOME) - 20),
    ]
    assert ask(tmp_path, "SELECT count(*) FROM (SELECT bundle FROM machines GROUP BY 1)") == [(len(SOME),)]
    assert len(ask(tmp_path, "SELECT * FROM traits")) == 7 * len(SOME)
    write(tmp_path, SOME, "newest")
    assert len(part_files(tmp_path, "machines")) == 1, "parts in which no row counts any more are gone"
    assert all(len(part_files(tmp_path, table)) == 1 for table in TABLES)


def test_rows_without_their_machine_do_not_count(tmp_path: Path) -> None:
    write(tmp_path, SOME)
    before = ask(tmp_path, "SELECT count(*) FROM endpoints")
    store = Store.begin(tmp_path, "1", "0.1.0")
    store.add(list(outcomes(5, seed=2)))
    store.flush()
    part_files(tmp_path, "machines")[-1].unlink()
    assert ask(tmp_path, "SELECT count(*) FROM endpoints") == before


def test_an_error_counts_no_more_once_its_source_has_a_later_row(tmp_path: Path) -> None:
    source = Source("/in/a.zip", Kind.FILE, 5)
    write(tmp_path, [Outcome(source, None, -1, error_row("no right to read it", again=True))])
    assert ask(tmp_path, "SELECT error, again FROM machines") == [("no right to read it", True)]
    write(tmp_path, [replace(SOME[0], source=source)])
    assert ask(tmp_path, "SELECT error FROM machines") == [(None,)]


def test_what_is_known_is_that_of_the_newest_run(tmp_path: Path) -> None:
    write(tmp_path, SOME, "old")
    write(tmp_path, SOME[:3], "new")
    known = {k.bundle: (k.rules, k.run) for k in known_bundles(tmp_path)}
    assert len(known) == len(SOME) and known[SOME[0].key] == ("new", 2) and known[SOME[5].key] == ("old", 1)


def test_only_one_run_at_a_time_writes_to_a_folder(tmp_path: Path) -> None:
    with locked(tmp_path / "f"), pytest.raises(OutputError, match="another run"), locked(tmp_path / "f"):
        pass
    with locked(tmp_path / "f"):
        pass


def test_a_folder_without_results_and_one_with_something_else_are_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no results"), connected(tmp_path):
        pass
    part = tmp_path / "machines" / f"part-000001-{'0' * 16}.parquet"
    part.parent.mkdir()
    part.write_bytes(b"no table")
    with pytest.raises(OutputError, match="not a table of arcdiag"):
        list(known_bundles(tmp_path))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot write"):
        Store.begin(tmp_path / "file", "1", "0.1.0")


def test_all_files_are_whole_tables_with_the_documented_columns(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    write(tmp_path, SOME)
    for table, columns in TABLES.items():
        (part,) = part_files(tmp_path, table)
        assert pq.read_schema(part).names == [column.name for column in columns]
    described = ask(tmp_path, 'SELECT "table", "column" FROM dictionary')
    assert described == [(table, column.name) for table, columns in TABLES.items() for column in columns]
