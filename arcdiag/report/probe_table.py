"""The table of `arcdiag probe`, fitted to a terminal: narrow ones lose columns, and reasons move below their rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from arcdiag.report.excerpt import short
from arcdiag.report.layout import columns, wrap
from arcdiag.report.probe_rows import LAYERS, ProbeRow
from arcdiag.report.terminal import BOLD, GREEN, RED, YELLOW, Sheet
from arcdiag.report.words import Words

_GAP = "  "
_LEAST_REASON = 28
_LONGEST_NAME = 45
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


def add_table(sheet: Sheet, rows: Sequence[ProbeRow], words: Words) -> bool:
    """Add a head and the rows to the sheet; no line is wider than it. Whether the column REQUIRED is there."""
    texts = [_texts(row, words) for row in rows]
    used = _chosen(_columns(texts, rows, words), sheet.width)
    beside = sheet.width - _width(used) - len(_GAP)
    inline = beside >= _LEAST_REASON
    head = [c.head.ljust(c.width) for c in used] + ([words.say("probe.column.reason")] if inline else [])
    sheet.lines += [sheet.paint(line, BOLD) for line in wrap_cells(head, sheet.width)]
    reasons = [reason_text(row, words) for row in rows]
    same = 0
    for index, (row, text) in enumerate(zip(rows, texts, strict=True)):
        reason, following = reasons[index], reasons[index + 1] if index + 1 < len(rows) else ""
        same += 1
        if inline:
            _add_wide(sheet, row, text, used, reason, beside)
            continue
        _add_cells(sheet, row, text, used)
        if reason and reason == following:
            continue
        if reason:
            said = reason if same == 1 else words.say("probe.reason.of_all", n=same, reason=reason)
            sheet.lines += wrap(said, sheet.width, _INDENT)
        same = 0
    return any(c.name == "required" for c in used)


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
    empty = {layer for at, (layer, _) in enumerate(LAYERS) if all(row.cells[at] == "none" for row in rows)}
    unused = empty & {"dns", "tcp", "proxy"} if len(empty) < len(LAYERS) else {"proxy"}
    made = []
    for name in ("endpoint", "role", "required", "path", *(layer for layer, _ in LAYERS), "time"):
        if name in unused:
            continue
        head = words.say(f"probe.column.{name}")
        widths = [columns(t[name]) for t in texts]
        if name == "endpoint":
            # A longer name has a line of its own.
            widths = [w for w in widths if w <= _LONGEST_NAME]
        made.append(_Column(name, head, max([columns(head), *widths])))
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


def _cells(sheet: Sheet, row: ProbeRow, texts: dict[str, str], used: Sequence[_Column]) -> list[str]:
    """The painted cells of one row; a name that is too long for its column goes to a line before them."""
    states = dict(zip((layer for layer, _ in LAYERS), row.cells, strict=True))
    shown = dict(texts)
    if columns(texts["endpoint"]) > used[0].width:
        sheet.lines += wrap(texts["endpoint"], sheet.width)
        shown["endpoint"] = ""
    plain = [shown[c.name] + " " * (c.width - columns(shown[c.name])) for c in used]
    return [sheet.paint(p, _COLOURS[states.get(c.name, "none")]) for p, c in zip(plain, used, strict=True)]


def _add_wide(
    sheet: Sheet, row: ProbeRow, texts: dict[str, str], used: Sequence[_Column], reason: str, beside: int
) -> None:
    """A row with its reason in the last column."""
    first, *others = wrap(reason, beside) if reason else [""]
    sheet.lines.append(_GAP.join([*_cells(sheet, row, texts, used), first]))
    sheet.lines += [" " * (_width(used) + len(_GAP)) + other for other in others]


def _add_cells(sheet: Sheet, row: ProbeRow, texts: dict[str, str], used: Sequence[_Column]) -> None:
    """A row without its reason."""
    if _width(used) > sheet.width:
        # Not even the layers fit beside the name: they get a line of their own.
        sheet.lines += wrap(texts["endpoint"], sheet.width)
        sheet.lines += wrap(", ".join(f"{c.head} {texts[c.name]}" for c in used[1:]), sheet.width, _INDENT)
        return
    sheet.lines.append(_GAP.join(_cells(sheet, row, texts, used)))


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
