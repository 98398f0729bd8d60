"""What `arcdiag explain` prints for people: 80 columns, plain text; only commands and addresses may be longer."""

from __future__ import annotations

from collections.abc import Sequence

from arcdiag.report.commands import expected
from arcdiag.report.explain import CauseText, CodeText, MatchText, MeaningText, Named
from arcdiag.report.terminal import Sheet
from arcdiag.report.words import Words

WIDTH = 80


class ExplainSheet:
    """Collects codes, causes and matches; `text` is what to print."""

    def __init__(self, words: Words) -> None:
        self._words, self._sheet = words, Sheet(WIDTH, colour=False)

    def code(self, code: CodeText) -> None:
        """A code in full."""
        sheet, say = self._sheet, self._words.say
        key = "explain.code.exit" if code.exit is not None and str(code.exit) != code.code else "explain.code"
        self._top(say(key, code=code.code, family=code.family_title, exit=code.exit))
        sheet.say(self._dated(code.meaning))
        if code.chosen_because:
            sheet.say(code.chosen_because)
        sheet.say(code.proves)
        self._list("", code.causes)
        self._lines("explain.other_meanings", [self._dated(m) for m in code.other_meanings])
        self._lines("explain.printed", [f'"{name}"' for name in code.printed])
        self._list("explain.behind", code.behind)
        if code.next:
            sheet.heading(say("explain.next"))
            sheet.say(code.next)

    def same_number(self, asked: str, others: Sequence[CodeText]) -> None:
        """What else a bare number may be; one sentence where it is nothing else."""
        if not others:
            self._sheet.lines.append("")
            self._sheet.say(self._words.say("explain.no_other_number", asked=asked), "")
            return
        self._sheet.heading(self._words.say("explain.same_number"))
        for code in others:
            about = self._words.say("explain.code", code=code.code, family=code.family_title)
            self._sheet.item(f"{about}: {code.meaning.text}")
            self._sheet.command(f'arcdiag explain "{code.asked}"', "      ")

    def cause(self, cause: CauseText) -> None:
        """A cause in full."""
        sheet, say = self._sheet, self._words.say
        self._top(f"{cause.id}: {cause.title}")
        sheet.say(cause.summary)
        steps = ", ".join(cause.breaks)
        sheet.say(say("explain.cause.where", layer=say(f"report.layer.{cause.layer}"), steps=steps))
        if cause.applies:
            sheet.say(say("explain.applies", applies=cause.applies))
        for name, entries in cause.evidence.items():
            self._lines(f"explain.evidence.{name}", entries)
        self._lines("explain.cause.codes", [", ".join(cause.codes)] if cause.codes else [])
        self._lines("explain.look_alikes", [f"{n.id}: {n.why}" for n in cause.look_alikes])
        self._list("explain.explains", cause.explains)
        self._fixes(cause)
        self._lines("explain.false_positives", cause.false_positives)
        if cause.references:
            sheet.heading(say("report.references"))
            for reference in cause.references:
                sheet.command(reference, "  ")

    def _fixes(self, cause: CauseText) -> None:
        sheet, say = self._sheet, self._words.say
        sheet.heading(say("explain.fix"))
        for number, fix in enumerate(cause.fix, 1):
            about = [say(f"report.who.{fix.who}")]
            if fix.os != "any":
                about.append(say(f"report.os.{fix.os}"))
            if fix.agent:
                about.append(say("explain.applies.agent", versions=fix.agent))
            sheet.say(f"{fix.text} [{', '.join(about)}]", f"  {number}. ", "     ")
            if fix.command:
                sheet.command(fix.command)
        if cause.verify:
            sheet.heading(say("report.verify"))
            sheet.say(expected(cause.verify, self._words), "  ", "  ")
            sheet.command(cause.verify, "  ")

    def match(self, match: MatchText) -> None:
        """What a piece of the text means."""
        self._top(match.says)
        self._sheet.say(self._words.say("explain.signal", id=match.signal))
        known = [f"{name} = {value}" for name, value in match.captures.items()]
        if known:
            self._sheet.say(self._words.say("explain.captures", captures=", ".join(known)))
        if match.causes:
            self._list("explain.match.causes", match.causes)
        else:
            self._sheet.say(self._words.say("explain.match.none"))
        self._list("explain.match.against", match.against)

    def more(self, ids: Sequence[str]) -> None:
        """How to read on."""
        if ids:
            self._sheet.lines.append("")
            self._sheet.say(self._words.say("explain.more"), "")
            self._sheet.command(f"arcdiag explain {ids[0]}", "  ")

    def text(self) -> str:
        """The whole sheet."""
        return self._sheet.text()

    def _top(self, text: str) -> None:
        if self._sheet.lines:
            self._sheet.lines.append("")
        self._sheet.say(text, "")

    def _list(self, key: str, causes: Sequence[Named]) -> None:
        self._lines(key, [f"{n.id}: {n.title}" + (f" ({n.why})" if n.why else "") for n in causes])

    def _lines(self, key: str, lines: Sequence[str]) -> None:
        if lines and key:
            self._sheet.heading(self._words.say(key))
        for line in lines:
            self._sheet.item(line)

    def _dated(self, meaning: MeaningText) -> str:
        """A meaning with its system and the months of the documentation, where it has any."""
        begin, end = meaning.documented
        about = [] if meaning.os == "any" else [self._words.say(f"report.os.{meaning.os}")]
        if begin and end:
            about.append(self._words.say("explain.documented.between", begin=begin, end=end))
        elif begin:
            about.append(self._words.say("explain.documented.since", begin=begin))
        return f"{meaning.text} ({', '.join(about)})" if about else meaning.text
