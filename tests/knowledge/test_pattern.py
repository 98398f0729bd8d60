"""The pattern language: what each sign means, what is refused, and that no text can make it hang."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arcdiag.knowledge.matching import captured
from arcdiag.knowledge.pattern import TYPES, PatternError, compile_pattern, compile_regex


def found(pattern: str, text: str) -> dict[str, str] | None:
    match = compile_pattern(pattern).regex.search(text)
    return captured(match) if match else None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("no such host", "NO SUCH  HOST"),
        ("no such host", "no such\nhost"),
        ('Get "https://', 'Get \\"https://'),
        ('Get "https://', "Get &quot;https://"),
        ('Get "https://', "Get https://"),
        ("client's secret", "client’s secret"),
        ("(error: 5) [x].", "(error: 5) [x]."),
        ("{isn't|is not} registered", "is not registered"),
        ("lookup{| on x}: failed", "lookup: failed"),
        ("{{brace here", "{brace here"),
        ("begin ... the end", "begin " + "x" * 990 + " the end"),
    ],
)
def test_matches(pattern: str, text: str) -> None:
    assert found(pattern, text) is not None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("no such host", "no such hostname"),
        ("AADSTS7000222", "AADSTS70002223"),
        ("no such host", "no such" + " " * 9 + "host"),
        ("begin ... the end", "begin " + "x" * 1100 + " the end"),
        ("a.b.c.d", "axbxcxd"),
    ],
)
def test_does_not_match(pattern: str, text: str) -> None:
    assert found(pattern, text) is None


def test_captures_by_type_and_name() -> None:
    pattern = "lookup {host:host}{| on {resolver:addr}}: no such host"
    assert found(pattern, "lookup gbl.his.arc.azure.com on [::1]:53: no such host") == {
        "host": "gbl.his.arc.azure.com",
        "resolver": "[::1]:53",
    }


def test_a_name_may_stand_in_two_alternatives() -> None:
    pattern = "{resolving {host:host} failed|cannot resolve {host:host}}"
    assert found(pattern, "cannot resolve a.example") == {"host": "a.example"}


@pytest.mark.parametrize("type_", sorted(TYPES - {"text"}))
def test_every_type_takes_a_redaction_token(type_: str) -> None:
    assert found(f"value={{x:{type_}}};", "value=«host:3f2a»;") == {"x": "«host:3f2a»"}


def test_an_address_keeps_its_port_beside_a_token() -> None:
    assert found("dial {a:addr}: refused", "dial «ip:3f2a»:443: refused") == {"a": "«ip:3f2a»:443"}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{x:hots} fails here", "unknown capture type 'hots'"),
        ("{a", "not closed"),
        ("{only} is wrong", "neither"),
        ("a ... b ... c ... defgh", "at most 2 gaps"),
        ("EOF", "no literal run"),
        ("{a|}{b|}", "no literal run"),
        ("", "empty"),
        ("{x:host} and {x:port} differ", "two types"),
    ],
)
def test_what_is_refused_says_why(pattern: str, expected: str) -> None:
    with pytest.raises(PatternError, match=re.escape(expected)):
        compile_pattern(pattern)


@pytest.mark.parametrize("source", ["(a+)+b", "a*", "x{2,}", ".+?y"])
def test_a_regex_without_bounds_is_refused(source: str) -> None:
    with pytest.raises(PatternError, match="bounded"):
        compile_regex(source, "anchor")


@pytest.mark.parametrize(
    "source",
    [
        r"(?:a{0,50}){0,50}b",
        r"(?:(?:a{1,9}){1,9}){1,9}b",
        r"(?:a|a){0,40}b",
        r"(?:\w{1,20} ?){1,20}!",
        r"(?:[a-z]{1,20}|x){2,30}!",
        r"(?P<x>\s{0,9}\S{0,9}){9}",
        r"(?=(?:a{0,50}){0,50}b)c",
    ],
)
def test_a_regex_that_blows_up_within_its_bounds_is_refused(source: str) -> None:
    with pytest.raises(PatternError, match="a repeat inside a repeat"):
        compile_regex(source, "anchor")


@pytest.mark.parametrize(
    "source",
    [
        r"\d{1,3}(?:\.\d{1,3}){3}",
        r"(?:[a-z0-9-]{1,63}\.){1,9}com",
        r"[A-Z]\w{1,30}(?: [A-Z]\w{0,30}){0,10}",
        r"(?:foo|bar){2}",
    ],
)
def test_a_regex_whose_rounds_are_kept_apart_is_taken(source: str) -> None:
    assert compile_regex(source, "anchor").regex_source == source


@given(st.text(max_size=300))
def test_no_text_makes_a_pattern_raise_or_hang(text: str) -> None:
    pattern = compile_pattern('"{url:url}": dial tcp{|:} lookup {host:host} ... {no such host|misbehaving {t:text}}')
    pattern.regex.search(text)


def test_an_anchor_stands_in_every_match() -> None:
    for source in ("dial tcp {addr:addr}: {i/o timeout|connect: refused}", "{no such host|server misbehaving}"):
        pattern = compile_pattern(source)
        for text in ("dial tcp 1.2.3.4:443: i/o timeout", "no such host", "server misbehaving"):
            if pattern.regex.search(text):
                assert any(anchor in text for anchor in pattern.anchors)


def test_hostile_text_costs_little() -> None:
    pattern = compile_pattern('Get "{url:url}": {a:text} lookup {host:host} ... no such host')
    hostile = 'Get "https://' + "a" * 30_000 + " lookup " * 4_000
    started = time.process_time()
    pattern.regex.search(hostile)
    assert time.process_time() - started < 20, "bounded repeats keep this to a second or two"
