"""SQL of a person: reads the tables, and nothing else; the answer as text, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from arcdiag.errors import InputError
from arcdiag.fleet.query import MOST_LINES, query
from arcdiag.report.layout import columns
from tests.fleet.results import HOSTILE, write_results


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("it's a fleet")
    write_results(made, 300)
    (made / "secret.csv").write_text("a,b\n1,2\n")
    return made


def answer(folder: Path, sql: str, format_: str = "text") -> str:
    return "".join(query(folder, sql, format_))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM '{folder}/secret.csv'",
        "SELECT * FROM read_csv('{folder}/secret.csv')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('{folder}/machines/../secret.csv')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM read_csv('https://127.0.0.1:1/x.csv')",
        "SELECT * FROM folder",
        "SELECT * FROM duckdb_secrets()",
        "SELECT getenv('HOME')",
        "COPY machines TO '{folder}/out.csv'",
        "COPY (SELECT 1) TO '{folder}/machines/out.parquet'",
        "EXPLAIN ANALYZE COPY machines TO '{folder}/out.csv'",
        "ATTACH '{folder}/x.db'",
        "EXPORT DATABASE '{folder}/all'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "PRAGMA enable_external_access = true",
        "SELECT 1; COPY machines TO '{folder}/out.csv'",
        "CREATE TABLE x AS SELECT 1",
        "DROP VIEW machines",
        "CALL pragma_version()",
        "PREPARE x AS COPY machines TO '{folder}/out.csv'",
        "",
        "SELEC 1",
        "SELECT nothing FROM machines",
    ],
)
def test_what_is_no_question_to_the_tables_is_refused(folder: Path, sql: str) -> None:
    before = sorted(folder.rglob("*"))
    with pytest.raises(InputError) as error:
        answer(folder, sql.format(folder=str(folder).replace("'", "''")))
    assert "\n" not in str(error.value) and error.value.exit_code == 2
    assert sorted(folder.rglob("*")) == before


def test_the_text_is_aligned_also_with_wide_and_hostile_characters(folder: Path) -> None:
    text = answer(folder, "SELECT '서버 이름' AS 이름, 1 AS n UNION ALL SELECT 'ab\u202e\x1b[31m\nc', 20 ORDER BY n")
    head, line, *rows = text.splitlines()
    assert head == "이름" + " " * (len("ab<U+202E><U+001B>[31m c") - 4) + "   n" and set(line) == {"-", " "}
    assert [row.split()[-1] for row in rows] == ["1", "20"]
    assert {columns(row) for row in rows} == {columns(line)}
    assert "\x1b" not in text and "<U+202E>" in text


def test_long_answers_are_cut_in_text_and_whole_in_csv(folder: Path) -> None:
    sql = f"SELECT range AS n FROM range({MOST_LINES + 5})"
    assert answer(folder, sql).splitlines()[-1].startswith("(5 more rows")
    assert len(answer(folder, sql, "csv").splitlines()) == MOST_LINES + 6


def test_csv_holds_no_formula_and_json_is_the_same_data(folder: Path) -> None:
    sql = "SELECT host, onset, vm_id, [1, 2] AS list FROM machines WHERE error IS NULL ORDER BY source, host LIMIT 3"
    rows = list(csv.DictReader(io.StringIO(answer(folder, "SELECT '=1+1' AS a, -1 AS b, ' =x' AS c", "csv"))))
    assert rows == [{"a": "'=1+1", "b": "-1", "c": " =x"}]
    data = json.loads(answer(folder, sql, "json"))
    assert data[0]["host"] == HOSTILE and data[0]["list"] == [1, 2]
    assert not set("\u202e\x1b") & set(answer(folder, sql, "json"))
    assert json.loads(answer(folder, "SELECT 1 WHERE false", "json")) == []


@pytest.mark.parametrize("sql", ["FROM machines", "SHOW TABLES", "DESCRIBE causes", "SUMMARIZE machines", "VALUES (1)"])
def test_other_ways_to_ask_are_questions_too(folder: Path, sql: str) -> None:
    assert len(answer(folder, sql).splitlines()) > 2


def test_times_are_utc_without_a_zone(folder: Path) -> None:
    assert answer(folder, "SELECT max(now) AS newest FROM latest").splitlines()[-1] == "2026-03-29 12:00:00"


def test_latest_has_the_newest_bundle_of_each_machine(tmp_path: Path) -> None:
    write_results(tmp_path, 50, seed=1)
    write_results(tmp_path, 50, seed=2)
    all_, latest = (
        answer(tmp_path, "SELECT (SELECT count(*) FROM machines), (SELECT count(*) FROM latest)", "csv")
        .split("\n")[1]
        .split(",")
    )
    assert (int(all_), int(latest)) == (100, 50)
