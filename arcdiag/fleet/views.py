"""The tables of a fleet's folder in DuckDB: only rows that count, and nothing else within reach."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from arcdiag.fleet.extra import TABLES as MODULES
from arcdiag.fleet.extra import need
from arcdiag.fleet.store import check_store, part_files
from arcdiag.fleet.tables import FLAG, REAL, TABLES, TEXT, TEXTS, TIME, WHOLE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TYPES = {TEXT: "VARCHAR", TEXTS: "VARCHAR[]", WHOLE: "BIGINT", REAL: "DOUBLE", TIME: "TIMESTAMP", FLAG: "BOOLEAN"}
_SAFE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}
# An error does not count any more once a later run has another row of its source.
_MACHINES = """CREATE VIEW machines AS
WITH newest AS (SELECT source, max(run) AS run FROM machine_rows GROUP BY source)
SELECT m.* FROM machine_rows m JOIN newest n ON m.source = n.source
WHERE m.error IS NULL OR m.run = n.run
QUALIFY row_number() OVER (PARTITION BY m.bundle ORDER BY m.run DESC) = 1"""
_LATEST = """CREATE VIEW latest AS SELECT * FROM machines WHERE error IS NULL
QUALIFY row_number() OVER (
  PARTITION BY coalesce(lower(name), bundle), coalesce(vm_id, '')
  ORDER BY now DESC NULLS LAST, now_text DESC NULLS LAST, run DESC, bundle) = 1"""


@contextmanager
def connected(folder: Path) -> Iterator[DuckDBPyConnection]:
    """A connection in memory that sees the tables of TABLES, `latest` and `dictionary` as views, and no other file.

    `latest`: of each machine the newest bundle that has a diagnosis. `dictionary`: what each column means.
    Raises InputError if there are no results in the folder.
    """
    need(MODULES, "arcdiag fleet")
    check_store(folder)
    import duckdb

    with duckdb.connect(":memory:", config=_SAFE) as connection:
        for table in TABLES:
            _make_view(connection, folder, table)
        connection.execute(_LATEST)
        _make_dictionary(connection)
        _close_doors(connection, folder)
        yield connection


def _make_view(connection: DuckDBPyConnection, folder: Path, table: str) -> None:
    columns = TABLES[table]
    parts = [str(part.resolve()) for part in part_files(folder, table)]
    if parts:
        names = ", ".join(f'"{column.name}"' for column in columns)
        rows = f"SELECT {names} FROM read_parquet([{', '.join(map(_quoted, parts))}])"
    else:
        empty = ", ".join(f'NULL::{_TYPES[column.type]} AS "{column.name}"' for column in columns)
        rows = f"SELECT {empty} WHERE false"
    if table == "machines":
        connection.execute(f"CREATE VIEW machine_rows AS {rows}")
        connection.execute(_MACHINES)
    else:
        connection.execute(f"CREATE VIEW {table} AS SELECT r.* FROM ({rows}) r SEMI JOIN machines USING (bundle, run)")


def _make_dictionary(connection: DuckDBPyConnection) -> None:
    values = ", ".join(
        f"({_quoted(table)}, {_quoted(column.name)}, {_quoted(_TYPES[column.type])}, {_quoted(column.means)})"
        for table, columns in TABLES.items()
        for column in columns
    )
    connection.execute(f'CREATE VIEW dictionary AS FROM (VALUES {values}) AS d("table", "column", type, means)')


def _close_doors(connection: DuckDBPyConnection, folder: Path) -> None:
    """From here on no file but the parts, no network, no extension, no variable of this program; and it stays so."""
    parts = [str(part.resolve()) for table in TABLES for part in part_files(folder, table)]
    for setting in (
        f"allowed_paths=[{', '.join(map(_quoted, parts))}]",
        "python_enable_replacements=false",
        "temp_directory=''",
        "enable_external_access=false",
        "lock_configuration=true",
    ):
        connection.execute(f"SET {setting}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
