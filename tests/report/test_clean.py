from __future__ import annotations

from dataclasses import replace

import pytest

from arcdiag.model.diagnosis import Diagnosis
from arcdiag.model.message import Msg
from arcdiag.report.clean import clean, moved_span
from arcdiag.report.clean_text import clean_text
from tests.report import samples
from tests.report.hostile import everything, hostile

SECRET = "https://svc-proxy:Tr0ub4dor-and-3@proxy.example:8080"


def test_nothing_of_a_clean_diagnosis_changes() -> None:
    d = samples.one_cause()
    assert clean(d) == d


def test_every_string_is_scrubbed() -> None:
    d = hostile(SECRET, everything())
    assert SECRET in repr(d)
    assert "Tr0ub4dor" not in repr(clean(d))


def test_message_keys_stay() -> None:
    d = replace(samples.healthy(), next_steps=(Msg.of("report.place.line", source=SECRET, line=1),))
    assert clean(d).next_steps[0].key == "report.place.line"


def test_what_cannot_be_encoded_is_replaced() -> None:
    assert clean_text("a\udc9bb") == "a\N{REPLACEMENT CHARACTER}b"


def test_raw_facts_are_left_out() -> None:
    d: Diagnosis = clean(samples.one_cause())
    assert d.case.facts == ()


@pytest.mark.parametrize(
    "old, new, span, marked",
    [
        ("abc KEY def", "abc KEY def", (8, 11), "def"),
        ("pre secret HIT", "pre «x» HIT", (11, 14), "HIT"),
        ("HIT then secret", "HIT then «x»", (0, 3), "HIT"),
        ("s1 HIT s2", "«secret:1» HIT «secret:2»", (3, 6), "HIT"),
        ("a secret b", "a «x» b", (2, 8), "«x»"),
        ("a secret b", "a «x» b", (4, 10), "«x» b"),
        ("abc", "abc", (5, 99), ""),
        ("abc", "abc", (2, 1), ""),
    ],
)
def test_the_match_is_found_again(old: str, new: str, span: tuple[int, int], marked: str) -> None:
    start, end = moved_span(old, new, span)
    assert new[start:end] == marked


def test_the_match_stays_in_a_scrubbed_line() -> None:
    line = f"proxy={SECRET} dial tcp: no such host"
    start = line.index("no such host")
    evidence = samples.log_evidence(line, span=(start, len(line)))
    d = clean(samples.diagnosis(samples.Verdict.PROBLEM, causes=(samples.proxy_cause(evidence=(evidence,)),)))
    found = d.causes[0].evidence[0]
    assert "Tr0ub4dor" not in found.text
    assert found.text[slice(*found.span)] == "no such host"
