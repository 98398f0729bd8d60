"""SQL of a person over the tables: one statement that reads, and its rows as text, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arcdiag.errors import InputError
from arcdiag.fleet.views import connected
from arcdiag.report.layout import columns
from arcdiag.report.visible import one_line, visible

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FORMATS = ("text", "csv", "json")
MOST_LINES = 1000
"""Rows that the text shows; CSV and JSON have all."""
_WIDEST = 60
_PORTION = 5000
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "UINTEGER", "FLOAT", "DOUBLE", "UHUGEINT"}
)


@dataclass(frozen=True, slots=True)
class Head:
    """The columns of an answer: names, and which of them are numbers."""

    names: tuple[str, ...]
    numbers: tuple[bool, ...]


def query(folder: Path, sql: str, format_: str = "text") -> Iterator[str]:
    """The answer in portions of text. Raises InputError for SQL that fails, or that is not one SELECT."""
    import duckdb

    with connected(folder) as connection:
        try:
            _check(connection, sql)
            connection.execute(sql)
            head = _head(connection)
            yield from _FORMS[format_](head, _rows(connection))
        except duckdb.Error as error:
            raise InputError(f"the query fails: {one_line(_plain(str(error)))}") from None


def _plain(error: str) -> str:
    """Without the picture of the statement, which needs lines of its own, and advice about settings that are closed."""
    return error.split("\n\nLINE")[0].split("\nLINE")[0].split("Stack Trace")[0]


def _check(connection: DuckDBPyConnection, sql: str) -> None:
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type.name != "SELECT":
        raise InputError(
            "the query is to be one SELECT (or FROM, SHOW TABLES, DESCRIBE, SUMMARIZE) that changes nothing"
        )


def _head(connection: DuckDBPyConnection) -> Head:
    described: Sequence[Any] = connection.description or ()
    names = tuple(one_line(str(column[0])) for column in described)
    return Head(names, tuple(str(column[1]).split("(")[0] in (*_NUMBERS, "NUMBER", "DECIMAL") for column in described))


def _rows(connection: DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while portion := connection.fetchmany(_PORTION):
        yield from portion


def _as_text(head: Head, rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    shown: list[list[str]] = []
    more = 0
    for row in rows:
        if len(shown) < MOST_LINES:
            shown.append([_cell(value) for value in row])
        else:
            more += 1
    widths = [
        min(_WIDEST, max([columns(name), *(columns(row[i]) for row in shown)])) for i, name in enumerate(head.names)
    ]
    yield _line(list(head.names), widths, head.numbers)
    yield "  ".join("-" * width for width in widths) + "\n"
    for cells in shown:
        yield _line(cells, widths, head.numbers)
    if more:
        yield f"({more:,} more rows; --format csv or json has all)\n"


def _line(cells: list[str], widths: list[int], numbers: Sequence[bool]) -> str:
    made = []
    for cell, width, number in zip(cells, widths, numbers, strict=True):
        fitted = _fitted(cell, width)
        gap = " " * (width - columns(fitted))
        made.append(gap + fitted if number else fitted + gap)
    return "  ".join(made).rstrip() + "\n"


def _fitted(text: str, width: int) -> str:
    """Cut to so many columns, with a sign that it was."""
    if columns(text) <= width:
        return text
    while columns(text) > width - 1:
        text = text[:-1]
    return text + "…"


def _cell(value: Any) -> str:
    return "" if value is None else one_line(_plain_value(value))


def _plain_value(value: Any) -> str:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, list):
        return ", ".join(_plain_value(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _as_csv(head: Head, rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow([csv_cell(name) for name in head.names])
    for number, row in enumerate(rows, 1):
        writer.writerow([csv_cell(value) for value in row])
        if number % _PORTION == 0:
            yield made.getvalue()
            made.seek(0)
            made.truncate()
    yield made.getvalue()


def csv_cell(value: Any) -> str:
    """A value as a cell; a text that a spreadsheet would take for a formula has an apostrophe before it."""
    if value is None or isinstance(value, (bool, int, float)):
        return "" if value is None else str(value)
    text = visible(_plain_value(value))
    return "'" + text if text.startswith(_FORMULA) else text


def _as_json(head: Head, rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    from arcdiag.report.document import escaped

    yield "["
    between = "\n"
    for row in rows:
        values = dict(zip(head.names, map(_json_value, row), strict=True))
        yield between + escaped(json.dumps(values, ensure_ascii=False))
        between = ",\n"
    yield "\n]\n"


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="seconds")
    if isinstance(value, list):
        return [_json_value(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


_FORMS = {"text": _as_text, "csv": _as_csv, "json": _as_json}
