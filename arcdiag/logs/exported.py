"""Logs that went through another program: rows of a table or strings of JSON that hold lines, and newest-first order.

Splunk, Log Analytics, Loki, Elastic and event viewers hand out the agent's lines inside quotes, often the newest first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from arcdiag.logs.decode import Line
from arcdiag.logs.grammar import parse_start
from arcdiag.logs.records import records
from arcdiag.model.record import Record
from arcdiag.model.stamp import Stamp

EXPORTED_KINDS = frozenset({"console", "json"})
"""Kinds of files in which rows of an export come."""
_INNER = frozenset({"logrus", "gc"})
"""Forms of the agent's own lines; each begins in a way that nothing else does."""
_CELL = re.compile(r'"((?:time=""|\[\d{4}-\d\d-\d\d [^"]{8,20}\] \[PID )(?:[^"]|"")*)"')
_STRING = re.compile(r'"((?:time=\\"|(?:<GCLOG>)?\[\d{4}-\d\d-\d\d [^"\\]{8,20}\] \[PID )(?:[^"\\]|\\.)*)"')
_LOOKED_AT = 2000
_FEWEST = 3


def holds_lines(head: str, kind: str) -> bool:
    """Whether a file of that kind, beginning with `head`, is an export with the agent's lines in it."""
    return kind in EXPORTED_KINDS and (_CELL.search(head) is not None or _STRING.search(head) is not None)


def unwrapped(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines of an export, each of the agent's own as it was; of what stands around them only what comes first."""
    begun = False
    for line in lines:
        found = [(m.span(), m[1].replace('""', '"')) for m in _CELL.finditer(line.text)]
        if not found and '\\"' in line.text:
            found = [(m.span(), _plain(m[1])) for m in _STRING.finditer(line.text)]
        inner = [(span, text) for span, text in found if _is_line(text)]
        if not inner:
            yield line
            continue
        if not begun:
            yield Line(line.number, _without(line.text, [span for span, _ in inner]), line.cut)
        begun = True
        for _, text in inner:
            yield from (Line(line.number, part, line.cut) for part in text.rstrip("\n").split("\n"))


def _plain(raw: str) -> str:
    try:
        return str(json.loads(f'"{raw}"'))
    except ValueError:
        return raw.replace('\\"', '"').replace("\\\\", "\\")


def _is_line(text: str) -> bool:
    start = parse_start(text.split("\n", 1)[0])
    return start is not None and start.form in _INNER


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    kept, at = [], 0
    for start, end in spans:
        kept.append(text[at:start])
        at = end
    return "".join((*kept, text[at:]))


def is_newest_first(found: Iterable[Record]) -> bool:
    """Whether records go back in time: nearly all their steps do, as no clock that is set back has them do."""
    times = [r.time for r in islice(found, _LOOKED_AT) if r.time is not None]
    steps = [step for before, after in pairwise(times) if (step := _step(before, after))]
    return len(steps) >= _FEWEST and sum(1 for step in steps if step < 0) >= len(steps) * 0.9


def _step(before: Stamp, after: Stamp) -> float:
    gap = before.gap(after)
    return gap.total_seconds() if gap is not None else 0.0


def oldest_first(found: Iterable[Record]) -> Iterator[Record]:
    """The records of a newest-first file in the order of their time; what has no time stays behind what it follows."""
    blocks: list[list[Record]] = []
    for record in found:
        if record.time is not None or not blocks:
            blocks.append([])
        blocks[-1].append(record)
    for block in reversed(blocks):
        yield from block


def head_records(head: str, exported: bool) -> Iterator[Record]:
    """The records of the beginning of a file."""
    lines = (Line(number, text) for number, text in enumerate(head.split("\n"), start=1))
    return records(unwrapped(lines) if exported else lines)
