"""Own patterns that a hostile line could keep busy are refused; those that people write are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.own_checks import MAX_STEPS, MAX_STEPS_OF_REGEX
from arcdiag.knowledge.pattern import compile_pattern
from arcdiag.knowledge.regex_steps import steps, steps_in
from arcdiag.knowledge.sources import RuleFileError
from tests.knowledge.test_load import GOOD


@pytest.mark.parametrize(
    "source",
    [
        "a{0,400}a{0,400}a{0,400}a{0,400}b",
        "abcd[^x]{0,500}-[^x]{0,500}-[^x]{0,500}-[^x]{0,500}x",
        "abcd(?:a{0,400}|b{0,400})(?:a{0,400}|c)a{0,400}a{0,400}b",
        "(?:.{0,60}a){9}b{0,9}",
        "(?:a{0,9}b?){99}",
        "own jam(?=.{0,1}a{0,400}a{0,400}a{0,400}a{0,400}b)",
        "own jam (?!a{0,400}a{0,400}a{0,400}a{0,400}b)x",
        "own jam .{0,300}(?=a{0,400}a{0,400}a{0,400}b)",
        "own jam (a)?(?(1)a{0,400}a{0,400}a{0,400}a{0,400}b|x)",
        "own jam a{0,400}(?=x{0,1})a{0,400}(?!y)a{0,400}a{0,400}b",
        "own jam (?:a{1,3}){1,5}(?:a{1,3}){1,5}(?:a{1,3}){1,5}(?:a{1,3}){1,5}!",
    ],
)
def test_repeats_behind_each_other_multiply(source: str) -> None:
    assert steps(source) > MAX_STEPS


@pytest.mark.parametrize(
    ("source", "most"),
    [
        ("abcd", 1),
        ("[a-z]{1,400} [a-z]{1,400} [a-z]{1,400} [a-z]{1,400} end", 400),
        ("a{1,100}[^a]b{1,100}c", 200),
        (r"\d{1,18}\s{1,8}[a-z]{1,100}\s{1,8}\d{1,18}x", 100),
        ("[^\\n]{1,400} refused by policy", 400),
        ("a{3}b{2}", 1),
        ("own jam (?=x)[a-z]{1,400}(?! y)", 400),
        ("own jam [a-z]{1,400}(?=!) end", 400),
    ],
)
def test_what_keeps_repeats_apart_is_seen(source: str, most: int) -> None:
    assert steps(source) <= most


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ("(?:own jam .{0,300}){1,3}!", True),
        ("(?P<round>own jam .{0,300}){1,3}!", True),
        ("own jam .{0,300}own jam .{0,300}own jam .{0,300}!", True),
        ('(?:x[^"]{0,200}"){1,4}!', True),
        ("own jam .{0,300}own jam .{0,300}!", False),
        ("(?:own jam [a-z]{1,20} ){1,5}!", False),
        (r"the jam of .{0,200} has code=(?P<code>\d{1,9})", False),
    ],
)
def test_a_regular_expression_is_judged_by_a_whole_record(source: str, refused: bool) -> None:
    assert (steps_in(source, 64 * 1024) > MAX_STEPS_OF_REGEX) is refused


def test_a_slow_regular_expression_of_a_folder_is_named(tmp_path: Path) -> None:
    rule = GOOD.replace("text:", "anchor: own jam\n  regex:").replace(
        "the frobnicator is jammed", "(?:own jam .{0,300}){1,3}!", 1
    )
    (tmp_path / "own.yaml").write_text(rule, encoding="utf-8")
    with pytest.raises(RuleFileError, match=r"own.yaml:3: regex\[0\]: too many repeats"):
        load_rules(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "proxy {proxy:addr} refused the tunnel to {host:host}: {reason:text}",
        "Failed to get {url:url} ... Correlation ID={id:guid}",
        "the service {service:word} on {host:host} answered {status:number} after {seconds:number} s",
    ],
)
def test_patterns_as_people_write_them_may_stay(text: str) -> None:
    assert steps(compile_pattern(text).regex_source) <= MAX_STEPS


def test_most_shipped_patterns_would_pass_too() -> None:
    found = [steps(p.regex_source) for signal in load_rules().signals.values() for p in signal.patterns]
    assert sum(count > MAX_STEPS for count in found) < len(found) / 50


def test_a_slow_pattern_of_a_folder_is_named_and_a_shipped_one_is_taken_over(tmp_path: Path) -> None:
    slow = "jammed {a:text}, {b:text}, {c:text}, {d:text}, end"
    (tmp_path / "own.yaml").write_text(GOOD.replace("the frobnicator is jammed", slow, 1), encoding="utf-8")
    with pytest.raises(RuleFileError, match=r"own.yaml:2: text\[0\]: too many repeats"):
        load_rules(tmp_path)
    texts = (p for s in load_rules().signals.values() for p in s.patterns if p.source != p.regex_source)
    slowest = max(texts, key=lambda p: steps(p.regex_source))
    quoted = slowest.source.replace("\\", "\\\\").replace('"', '\\"')
    text = GOOD.replace("the frobnicator is jammed", quoted, 1)
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    assert "own.thing" in load_rules(tmp_path).signals
