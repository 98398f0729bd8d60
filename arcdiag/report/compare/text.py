"""A comparison for a terminal: what became of each cause first, then what else differs."""

from __future__ import annotations

from collections.abc import Sequence

from arcdiag.report.clean_text import clean_text
from arcdiag.report.compare.wire import CauseChange, Change, ComparisonDoc, SideDoc
from arcdiag.report.terminal import BOLD, DIM, GREEN, RED, YELLOW, Sheet
from arcdiag.report.words import Words, plain

MOST = 40
_LONGEST = 160
COLOURS = {
    Change.NEW: RED,
    Change.WORSE: RED,
    Change.LOST: YELLOW,
    Change.STILL: RED,
    Change.UNKNOWN: YELLOW,
    Change.CHANGED: BOLD,
    Change.BETTER: GREEN,
    Change.RESOLVED: GREEN,
}


def render_comparison(doc: ComparisonDoc, words: Words, width: int = 80, colour: bool = False) -> str:
    """Plain text of at most `width` columns."""
    sheet = Sheet(max(40, width), colour)
    sheet.say(words.say("compare.worse" if doc.worse else "compare.not_worse"), "", code=RED if doc.worse else GREEN)
    for key, side in (("compare.before", doc.before), ("compare.after", doc.after)):
        sheet.say(f"{words.say(key)}: {side_text(side, words)}", code=DIM)
    for note in doc.notes:
        sheet.item(words.say(f"compare.note.{note}"))
    sheet.heading(words.say("compare.causes"))
    if not doc.causes:
        sheet.say(words.say("compare.causes.none"))
    cause_lines(sheet, doc.causes, words)
    for kind in ("endpoint", "check", "fact"):
        items = [item for item in doc.items if item.kind == kind]
        if items:
            sheet.heading(words.say(f"compare.items.{kind}"))
        for item in items[:MOST]:
            name = item.id if item.subject is None else f"{item.id} {item.subject}"
            what = words.say(f"compare.change.{item.change.value}")
            change = f"{_short(item.before)} -> {_short(item.after)}"
            sheet.item(f"{sheet.paint(what, COLOURS[item.change])}: {clean_text(name)}: {change}")
        if len(items) > MOST:
            sheet.say(words.count("report.more", len(items) - MOST), "    ", code=DIM)
    return sheet.text()


def cause_lines(sheet: Sheet, causes: Sequence[CauseChange], words: Words) -> None:
    """What became of each cause, and what that rests on."""
    for cause in causes:
        what = words.say(f"compare.change.{cause.change.value}")
        sheet.item(f"{sheet.paint(what, COLOURS[cause.change])}: {plain(words.title('cause', cause.id))} [{cause.id}]")
        sheet.say(words.say(f"compare.because.{cause.because}"), "    ")
        if cause.subjects:
            sheet.say(clean_text(", ".join(cause.subjects[:5])), "    ")


def side_text(side: SideDoc, words: Words) -> str:
    """One line about one of the two reports."""
    verdict = words.say(f"report.verdict.{side.verdict}")
    agent = f"azcmagent {side.agent_version}" if side.agent_version else ""
    return clean_text(", ".join(part for part in (side.host or side.name, side.now or "", agent, verdict) if part))


def _short(value: str | None) -> str:
    text = clean_text(value or "-")
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " ..."
