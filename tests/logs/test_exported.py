"""Logs inside tables and JSON, and files whose newest line comes first."""

from __future__ import annotations

import json

import pytest

from arcdiag.logs.decode import Line
from arcdiag.logs.exported import head_records, holds_lines, is_newest_first, oldest_first, unwrapped
from arcdiag.logs.records import records

LINES = [
    f'time="2026-10-14T06:{minute:02}:00Z" level=error msg="Failed to send heartbeat" Error="Post \\"https://x\\": EOF"'
    for minute in range(0, 40, 10)
]


def lines_of(text: str) -> list[Line]:
    return [Line(number, line) for number, line in enumerate(text.split("\n"), start=1)]


def as_csv(lines: list[str]) -> str:
    rows = ['"{}","app-07","{}"'.format(line[6:26], line.replace('"', '""')) for line in lines]
    return "\n".join(['"_time",host,"_raw"', *rows])


def as_ndjson(lines: list[str]) -> str:
    return "\n".join(json.dumps({"host": "app-07", "message": line}) for line in lines)


def as_one_json(lines: list[str]) -> str:
    return json.dumps({"data": {"values": [["1", line] for line in lines]}})


@pytest.mark.parametrize("made", [as_csv, as_ndjson, as_one_json])
def test_the_lines_of_an_export_come_out_as_they_were(made: object) -> None:
    text = made(LINES)  # type: ignore[operator]
    assert holds_lines(text, "json")
    found = [record for record in records(unwrapped(lines_of(text))) if record.form == "logrus"]
    assert [record.text for record in found] == ['Failed to send heartbeat Error=Post "https://x": EOF'] * 4
    assert [record.time.iso() for record in found if record.time] == [line[6:26] for line in LINES]


def test_other_strings_and_kinds_are_no_exports() -> None:
    assert not holds_lines(json.dumps({"message": "Failed to send heartbeat"}), "json")
    assert not holds_lines("\n".join(LINES), "console")
    assert not holds_lines(as_csv(LINES), "himds-log")


def test_rows_without_a_line_stay() -> None:
    text = '{"message": "connect() failed"}\n' + as_ndjson(LINES[:1])
    assert next(iter(unwrapped(lines_of(text)))).text == '{"message": "connect() failed"}'


def test_newest_first_is_told_by_nearly_all_steps() -> None:
    back = list(reversed(LINES))
    assert is_newest_first(head_records(as_csv(back), True))
    assert is_newest_first(head_records("\n".join(back), False))
    assert not is_newest_first(head_records("\n".join(LINES), False))
    assert not is_newest_first(head_records("\n".join(back[:3]), False))


def test_a_clock_that_was_set_back_once_is_no_such_order() -> None:
    assert not is_newest_first(head_records("\n".join([*LINES, *LINES]), False))


def test_what_has_no_time_stays_behind_its_line() -> None:
    text = "\n".join([LINES[1], "PS C:\\> next", LINES[0], "PS C:\\> last"])
    found = list(oldest_first(records(lines_of(text))))
    assert [record.line for record in found] == [3, 4, 1, 2]
