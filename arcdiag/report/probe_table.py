"""The table of `arcdiag probe`, fitted to a terminal: narrow ones lose columns, and reasons move below their rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from arcdiag.report.excerpt import short
from arcdiag.report.layout import columns, wrap
from arcdiag.report.probe_rows import LAYERS, ProbeRow
from arcdiag.report.terminal import GREEN, RED, YELLOW, Sheet
from arcdiag.report.words import Words

_GAP = "  "
_LEAST_REASON = 28
_INDENT = "    "
_REASON_CHARS = 300
# What is dropped first where there is no room for a row on one line.
_DROPPED = ("role", "path", "time", "required")
_MISSING = re.compile(r" ?\((?:<[a-z_]+>(?:, )?)+\)")
_COLOURS = {"fail": RED, "pass": GREEN, "unknown": YELLOW, "none": ""}


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    head: str
    width: int


def add_table(sheet: Sheet, rows: Sequence[ProbeRow], words: Words) -> None:
    """Add a head and the rows to the sheet; no line is wider than it."""
    texts = [_texts(row, words) for row in rows]
    made = _columns(texts, rows, words)
    used = _chosen(made, sheet.width)
    beside = sheet.width - _width(used) - len(_GAP)
    inline = beside >= _LEAST_REASON
    head = [c.head.ljust(c.width) for c in used] + ([words.say("probe.column.reason")] if inline else [])
    sheet.lines += [sheet.paint(line, "1") for line in wrap_cells(head, sheet.width)]
    for row, text in zip(rows, texts, strict=True):
        _add_row(sheet, row, text, used, beside if inline else 0, words)


def _texts(row: ProbeRow, words: Words) -> dict[str, str]:
    cells = {layer: words.say(f"probe.cell.{state}") for (layer, _), state in zip(LAYERS, row.cells, strict=True)}
    return {
        "endpoint": short(row.host, 253),
        "role": short(row.role, 40),
        "required": words.say(f"probe.needed.{row.needed}"),
        "path": words.say(f"probe.path.{row.path}"),
        **cells,
        "time": f"{row.ms / 1000:.1f} s" if row.ms is not None else "",
    }


def _columns(texts: Sequence[dict[str, str]], rows: Sequence[ProbeRow], words: Words) -> list[_Column]:
    through = any(row.cells[2] != "none" for row in rows)
    made = []
    for name in ("endpoint", "role", "required", "path", *(layer for layer, _ in LAYERS), "time"):
        if name == "proxy" and not through:
            continue
        head = words.say(f"probe.column.{name}")
        made.append(_Column(name, head, max(columns(head), *(columns(t[name]) for t in texts))))
    return made


def _chosen(made: list[_Column], width: int) -> list[_Column]:
    """All columns if the reason fits beside them; else as many as fit with the reasons below."""
    for room in (width - _LEAST_REASON - len(_GAP), width):
        used = list(made)
        for name in ("", *_DROPPED):
            used = [c for c in used if c.name != name]
            if _width(used) <= room and (room == width or name in ("", "role", "path")):
                return used
    return [c for c in made if c.name not in _DROPPED]


def _width(used: Sequence[_Column]) -> int:
    return sum(c.width for c in used) + len(_GAP) * (len(used) - 1)


def _add_row(
    sheet: Sheet, row: ProbeRow, texts: dict[str, str], used: Sequence[_Column], beside: int, words: Words
) -> None:
    states = dict(zip((layer for layer, _ in LAYERS), row.cells, strict=True))
    plain = [texts[c.name] + " " * (c.width - columns(texts[c.name])) for c in used]
    painted = [sheet.paint(p, _COLOURS[states.get(c.name, "none")]) for p, c in zip(plain, used, strict=True)]
    reason = reason_text(row, words)
    if _width(used) > sheet.width:
        # Not even the layers fit beside the name: they get a line of their own.
        sheet.lines += wrap(texts["endpoint"], sheet.width)
        cells = [f"{c.head} {texts[c.name]}" for c in used[1:]]
        sheet.lines += wrap(", ".join(cells), sheet.width, _INDENT)
    elif beside and reason:
        first, *others = wrap(reason, beside)
        sheet.lines.append(_GAP.join([*painted, first]))
        sheet.lines += [" " * (_width(used) + len(_GAP)) + other for other in others]
        return
    else:
        sheet.lines.append(_GAP.join(painted))
    if reason:
        sheet.lines += wrap(reason, sheet.width, _INDENT)


def reason_text(row: ProbeRow, words: Words) -> str:
    """The reason as one line, empty without one."""
    if row.reason is None:
        return ""
    if isinstance(row.reason, str):
        return short(words.reason(row.reason), _REASON_CHARS)
    if row.reason.key not in words:
        result = row.reason.named.get("result")
        return short(words.say("probe.failed.other", result=result), _REASON_CHARS)
    return short(_MISSING.sub("", words.text(row.reason)), _REASON_CHARS)


def wrap_cells(cells: Sequence[str], width: int) -> list[str]:
    """The head's cells on one line, or on several where they do not fit."""
    line = _GAP.join(cells).rstrip()
    return [line] if columns(line) <= width else wrap(line, width)
