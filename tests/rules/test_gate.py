"""The gate of the rules: samples against every rule, hostile lines, the whole vocabulary, texts without holes."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.matching import Pattern
from arcdiag.logs.samples import sample_failures
from arcdiag.logs.scan import Scanner
from arcdiag.model.record import Level, Record

RULES = load_rules()
VOCABULARY = [
    line.split("\t") for line in Path(__file__).with_name("vocabulary.tsv").read_text(encoding="utf-8").splitlines()
]
LIVE_ONLY: dict[str, str] = {}
"""Ids of the vocabulary that only a live machine can show and that have no rule yet, with the reason."""
LONG = 64 * 1024
SECONDS = 3.0


def patterns() -> list[tuple[str, Pattern]]:
    found = [(id_, p) for id_, s in RULES.signals.items() for p in s.patterns]
    found += [(id_, p) for id_, s in RULES.steps.items() for p in (*s.begin, *s.ok, *s.failed)]
    return found + [(name, p) for name, marks in RULES.run_marks.items() for p in marks]


def test_every_sample_does_what_its_rule_says() -> None:
    assert sample_failures(RULES) == []


@pytest.mark.parametrize(("id_", "layer"), VOCABULARY, ids=[v[0] for v in VOCABULARY])
def test_the_vocabulary_is_whole(id_: str, layer: str) -> None:
    if id_ in LIVE_ONLY:
        assert id_ not in RULES.causes, "it has a rule now: take it off the list"
        return
    assert RULES.causes[id_].rule.layer == layer


def hostile(pattern: Pattern) -> list[str]:
    """Long texts that begin like a match again and again and never end like one."""
    literal = re.sub(r"\{[^{}]*\}", "x", pattern.source.replace(" ... ", " "))
    half = literal[: max(4, len(literal) // 2)]
    pieces = [
        half + " ",
        literal[:-1] + "\x00",
        "a" * 50 + " ",
        "1.2.3.4:443 ",
        "C:\\a b\\",
        "((((",
        '\\"',
        "/a" * 20,
        " ",
    ]
    texts = [(piece * (LONG // len(piece) + 1))[:LONG] for piece in pieces]
    return [*texts, half + "a" * LONG, half + " " * LONG, (half + "." * 200) * 300]


@pytest.mark.parametrize("chunk", range(8))
def test_no_pattern_is_slow_on_hostile_lines(chunk: int) -> None:
    slow = []
    for id_, pattern in patterns()[chunk::8]:
        for text in hostile(pattern):
            started = time.process_time()
            for _ in zip(range(50), pattern.regex.finditer(text), strict=False):
                pass
            spent = time.process_time() - started
            if spent > SECONDS:
                slow.append(f"{id_}: {spent:.1f} s for {pattern.source!r} on {text[:40]!r}")
    assert slow == []


def test_every_anchor_survives_the_scanner() -> None:
    """A text that a pattern's own literals make up reaches the pattern: anchors are looked for as texts hold them."""
    scanner = Scanner(RULES)
    for id_, signal in RULES.signals.items():
        for sample in signal.rule.samples.match:
            record = Record(1, 1, None, Level.ERROR, sample.line, "plain")
            found = [p for p in signal.patterns if p.regex.search(sample.line)]
            squeezed = " ".join(sample.line.split()).lower()
            for pattern in found:
                assert any(anchor in squeezed for anchor in pattern.anchors), (id_, pattern.source)
            scanner.examine(record)


@pytest.mark.parametrize("id_", list(RULES.causes))
def test_a_cause_can_be_reached_and_says_what_to_do(id_: str) -> None:
    cause = RULES.causes[id_]
    by_code = any(id_ in (c.cause, *c.causes_by_os.values()) for c in RULES.codes.values() if c.names == "cause")
    assert cause.confirmed or cause.likely or cause.possible or by_code, "no evidence leads to it"
    for text in (cause.rule.title, cause.rule.summary, *(f.do for f in cause.rule.fix)):
        assert text == text.strip() and not text.endswith("..")
        assert "TODO" not in text and "XXX" not in text
    assert not cause.rule.title.endswith(".")
    for fix in cause.rule.fix:
        assert fix.run is None or "\n" not in fix.run.strip()
    assert all(url.startswith("https://") for url in cause.rule.references)


def test_commands_for_windows_are_for_powershell() -> None:
    """cmd's `&` and `%NAME%` mean nothing there, and `where` means something else."""
    commands = [(id_, fix.run) for id_, cause in RULES.causes.items() for fix in cause.rule.fix if fix.run]
    odd = [(id_, run) for id_, run in commands if re.search(r" & |%[A-Za-z]+%|(?:^|; )where ", run)]
    assert odd == []


@pytest.mark.parametrize("id_", list(RULES.signals))
def test_a_signal_leads_somewhere(id_: str) -> None:
    rule = RULES.signals[id_].rule
    named = {
        part.id
        for cause in RULES.causes.values()
        for name in ("confirmed", "likely", "possible", "against", "warns")
        for entry in getattr(cause, name)
        for part in (entry.parts or (entry,))
        if part.kind == "signal"
    }
    defects = {s for d in RULES.defects.values() for s in d.signals}
    led = rule.noise or rule.change or id_ in named | defects
    assert led, "no cause and no defect names it, and it is neither noise nor a change"


def test_captures_in_sentences_exist() -> None:
    for id_, signal in RULES.signals.items():
        captures = {name for p in signal.patterns for name, _ in p.captures}
        for name in re.findall(r"\{([a-z_]+)\}", signal.rule.says):
            assert name in captures, f"{id_}: says names {{{name}}}, which no pattern captures"
