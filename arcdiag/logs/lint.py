"""Style of signals beyond what must hold: patterns that are too short, that lie over others, or that nothing tries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from arcdiag.knowledge.lint import Finding
from arcdiag.knowledge.rule_set import CompiledSignal, RuleSet
from arcdiag.logs.decode import Line
from arcdiag.logs.records import records
from arcdiag.logs.samples import matches_of
from arcdiag.logs.scan import Scanner
from arcdiag.logs.shape import Shape, shaped
from arcdiag.redact.secrets import scrub_text

GOOD_ANCHOR = 8
MANY_RULES = 12
_ALIKE = 0.3
_BRACE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_WORDS = re.compile(r"[a-z]{3,}")


class SignalLint:
    """The checks of signals, against all rules of `rules`."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules

    def findings(self, signal: CompiledSignal) -> list[Finding]:
        """What could be better in a signal; [] if nothing."""
        found = ((name, part) for name, check in SIGNAL_CHECKS.items() for part in check(self, signal))
        return [Finding(name, signal.rule.signal, field, text) for name, (field, text) in found]

    def others(self, signal: CompiledSignal) -> Iterator[CompiledSignal]:
        """Every other signal."""
        return (other for other in self.rules.signals.values() if other.rule.signal != signal.rule.signal)

    @cached_property
    def scanner(self) -> Scanner:
        """Of all rules."""
        return Scanner(self.rules)

    @cached_property
    def lines(self) -> list[tuple[str, str]]:
        """Every sample that must match, as anchors see it, with its signal."""
        rules = ((id_, s.rule.samples.match) for id_, s in self.rules.signals.items())
        return [(id_, " ".join(sample.line.lower().split())) for id_, samples in rules for sample in samples]

    @cached_property
    def named(self) -> set[str]:
        """The signals that a cause or a defect names."""
        lists = ("confirmed", "likely", "possible", "against", "warns", "untold")
        entries = (e for c in self.rules.causes.values() for name in lists for e in getattr(c, name))
        found = {part.id for entry in entries for part in entry.parts or (entry,) if part.kind == "signal"}
        return found | {id_ for defect in self.rules.defects.values() for id_ in defect.signals}


def _anchors(lint: SignalLint, signal: CompiledSignal) -> Iterator[tuple[str, str]]:
    for index, pattern in enumerate(signal.patterns):
        shortest = min(pattern.anchors, key=len)
        others = {id_ for id_, line in lint.lines if id_ != signal.rule.signal and shortest in line}
        if len(shortest) < GOOD_ANCHOR and len(others) >= MANY_RULES:
            known = f"{shortest!r} is all that always stands in it, and lines of {len(others)} other rules hold that"
            yield f"text[{index}]", f"{known}: carry more of the words that only this fault prints"


def _tried(lint: SignalLint, signal: CompiledSignal) -> Iterator[tuple[str, str]]:
    texts = [text for sample in signal.rule.samples.match for text in _texts(sample.line)]
    idle = [i for i, pattern in enumerate(signal.patterns) if not any(pattern.regex.search(text) for text in texts)]
    if idle:
        known = f"no sample tries {len(idle)} of its {len(signal.patterns)} patterns"
        yield f"text[{idle[0]}]", f"{known}: add a real line that each of them matches"


def _texts(sample: str) -> list[str]:
    lines = [Line(number, line) for number, line in enumerate(sample.split("\n"), 1)]
    return [sample, *(record.text for record in records(shaped(lines, Shape.of(sample))))]


def _look_alikes(lint: SignalLint, signal: CompiledSignal) -> Iterator[tuple[str, str]]:
    own = [set(_WORDS.findall(sample.line.lower())) for sample in signal.rule.samples.match]
    for index, sample in enumerate(signal.rule.samples.no_match):
        words = set(_WORDS.findall(sample.line.lower()))
        if not any(len(words & other) >= _ALIKE * len(words) for other in own):
            known = "it looks like none of the lines that match, so it proves nothing"
            yield f"samples.no_match[{index}]", f"{known}: take a line that one could mistake for them"
        elif not sample.why:
            yield f"samples.no_match[{index}]", "say why it must not match: 'why:'"


def _same(lint: SignalLint, signal: CompiledSignal) -> Iterator[tuple[str, str]]:
    for index, pattern in enumerate(signal.patterns):
        for other in lint.others(signal):
            if any(p.source.lower() == pattern.source.lower() for p in other.patterns) and other.rule.signal not in (
                signal.rule.also
            ):
                known = f"{other.rule.signal} has the same pattern"
                yield f"text[{index}]", f"{known}: carry what tells them apart, or use that signal"


def _overlaps(lint: SignalLint, signal: CompiledSignal) -> Iterator[tuple[str, str]]:
    """Other rules whose lines this signal matches too: there it stands beside their meaning, or hides it."""
    anchors = {anchor for pattern in signal.patterns for anchor in pattern.anchors}
    for other in lint.others(signal):
        kind = (other.rule.only.get("kind") or ("console",))[0]
        for sample in other.rule.samples.match:
            squeezed = " ".join(sample.line.lower().split())
            if signal.rule.signal in other.rule.also or not any(anchor in squeezed for anchor in anchors):
                continue
            if any(m.signal == signal.rule.signal for m in matches_of(lint.scanner, sample.line, kind)):
                known = f"it matches a line of {other.rule.signal} too"
                yield "text", f"{known}: carry more words, or let that signal name this one under 'also', with a reason"
                break


def _says(lint: SignalLint, signal: CompiledSignal) -> Iterator[tuple[str, str]]:
    captured = {name for pattern in signal.patterns for name, _ in pattern.captures}
    for name in _BRACE.findall(signal.rule.says):
        if name not in captured:
            yield "says", f"no pattern captures {{{name}}}; it would read <{name}>"


def _leads(lint: SignalLint, signal: CompiledSignal) -> Iterator[tuple[str, str]]:
    rule = signal.rule
    if not (rule.noise or rule.change or rule.signal in lint.named):
        yield "signal", "nothing follows from it: name it in a cause, or say 'noise: true' or 'change: true'"


def _secrets(lint: SignalLint, signal: CompiledSignal) -> Iterator[tuple[str, str]]:
    for index, sample in enumerate(signal.rule.samples.match):
        if scrub_text(sample.line) != sample.line:
            yield f"samples.match[{index}]", "it holds what looks like a secret: make sure that it is made up"


SignalCheck = Callable[[SignalLint, CompiledSignal], Iterator[tuple[str, str]]]
SIGNAL_CHECKS: dict[str, SignalCheck] = {
    "common-anchor": _anchors,
    "untried-pattern": _tried,
    "no-look-alike": _look_alikes,
    "same-pattern": _same,
    "overlap": _overlaps,
    "unfilled-sentence": _says,
    "leads-nowhere": _leads,
    "secret-in-sample": _secrets,
}
"""Every check of a signal by the name that a finding shows; each yields fields and what to do about them."""
