"""The samples of every signal rule, run as log text against all rules."""

from __future__ import annotations

from collections.abc import Iterator

from arcdiag.knowledge.rule_set import CompiledSignal, RuleSet
from arcdiag.logs.decode import Line
from arcdiag.logs.records import records
from arcdiag.logs.scan import Match, Scanner
from arcdiag.logs.shape import Shape, shaped


def matches_of(scanner: Scanner, text: str, kind: str = "console") -> list[Match]:
    """The signals in a text, read as a file of this kind would be."""
    lines = [Line(number, line) for number, line in enumerate(text.split("\n"), 1)]
    found = scanner.scan(records(shaped(lines, Shape.of(text))), kind)
    return [match for hit in found for match in hit.matches]


def sample_failures(rules: RuleSet) -> list[str]:
    """One line per sample that does not do what its rule says; [] if all hold."""
    scanner = Scanner(rules)
    return [text for signal in rules.signals.values() for text in _failures(scanner, signal)]


def _failures(scanner: Scanner, signal: CompiledSignal) -> Iterator[str]:
    rule = signal.rule
    kind = (rule.only.get("kind") or ("console",))[0]
    for sample in rule.samples.match:
        found = matches_of(scanner, sample.line, kind)
        own = [m for m in found if m.signal == rule.signal]
        if rule.noise:
            if found:
                yield f"{rule.signal}: noise, but {found[0].signal} still matches: {sample.line[:120]!r}"
            continue
        if not own:
            yield f"{rule.signal}: does not match its own sample: {sample.line[:120]!r}"
        elif not any(sample.gives.items() <= m.named.items() for m in own):
            yield f"{rule.signal}: gives {[m.named for m in own]}, wanted {sample.gives}"
        for other in sorted({m.signal for m in found} - {rule.signal} - set(rule.also)):
            hint = "list it under 'also' with a reason, or mend"
            yield f"{rule.signal}: its sample also matches {other} ({hint}): {sample.line[:120]!r}"
    for sample in rule.samples.no_match:
        if any(m.signal == rule.signal for m in matches_of(scanner, sample.line, kind)):
            yield f"{rule.signal}: matches what it must not: {sample.line[:120]!r}"
