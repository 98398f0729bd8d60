"""What a pasted text means, or a phrase of one."""

from __future__ import annotations

from collections.abc import Iterator

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.logs.logrus import unescape
from arcdiag.logs.scan import Match, scanner_of
from arcdiag.model.record import Level, Record

MIN_PHRASE = 6


def explain_text(rules: RuleSet, text: str) -> list[Match]:
    """The signals that a pasted text means, longest match first come first served as in a log; level: error.

    A phrase that is too short to be a whole message means the signals whose own samples hold it where they match.
    """
    found: dict[str, Match] = {}
    scanner = scanner_of(rules)
    for candidate in dict.fromkeys((text, unescape(text))):
        record = Record(1, 1, None, Level.ERROR, candidate, "plain")
        hit = scanner.examine(record)
        for match in hit.matches if hit else ():
            found.setdefault(match.signal, match)
    return list(found.values()) or list(_by_phrase(rules, text))


def _by_phrase(rules: RuleSet, text: str) -> Iterator[Match]:
    phrase = " ".join(text.lower().split())
    if len(phrase) < MIN_PHRASE:
        return
    found: list[tuple[int, str]] = []
    for id_, signal in rules.signals.items():
        spans = [
            len(hit[0])
            for sample in signal.rule.samples.match
            for pattern in signal.patterns
            if (hit := pattern.regex.search(sample.line)) and phrase in " ".join(hit[0].lower().split())
        ]
        if spans and not signal.rule.noise:
            found.append((min(spans), id_))
    # The shortest match holds least besides the phrase, so it is most about it.
    yield from (Match(id_, (), (0, len(text)), None, None) for _, id_ in sorted(found))
