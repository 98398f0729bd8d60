from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from arcdiag.model.diagnosis import Diagnosis
from arcdiag.report import render_text
from arcdiag.report.layout import columns
from tests.report import samples
from tests.report.hostile import ATTACKS, hostile

RULES = samples.sample_rules()
MAKERS = [
    samples.one_cause,
    samples.three_causes,
    samples.healthy,
    samples.recovered,
    samples.inconclusive,
    samples.after_collect,
]
COMMAND = "       "


def text_of(d: Diagnosis, **options: Any) -> str:
    return render_text(d, RULES, **options)


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.__name__)
def test_lines_fit(maker: Any, width: int) -> None:
    lines = text_of(maker(), width=width).splitlines()
    assert [line for line in lines if columns(line) > width and not line.startswith(COMMAND)] == []


def test_the_answer_comes_first() -> None:
    lines = text_of(samples.one_cause()).splitlines()
    assert lines[1].startswith("PROBLEM: This server cannot work with Azure Arc now. Cause: The configured proxy")
    text = "\n".join(lines)
    order = ["azcmagent.log, line 41", "WHAT TO DO NOW", "Check that it worked", "RULED OUT", "EXPLAINS", "EVALUATED"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_the_normal_case_fits_a_screen() -> None:
    assert len(text_of(samples.one_cause()).splitlines()) <= 55


def test_steps_are_those_of_this_system() -> None:
    text = text_of(samples.one_cause())
    assert "sudo systemctl restart himdsd" in text
    assert "Restart-Service" not in text
    unknown = replace(samples.one_cause(), case=samples.case_info(os="unknown"))
    assert "Restart-Service himds" in text_of(unknown)
    assert "(server administrator; Windows)" in text_of(unknown)


def test_without_colour_it_is_ascii() -> None:
    for maker in (samples.one_cause, samples.three_causes, samples.healthy, samples.recovered):
        assert text_of(maker()).isascii()


def test_colour_marks_the_match() -> None:
    text = text_of(samples.one_cause(), colour=True)
    assert "\x1b[1;4mproxyconnect tcp: dial\x1b[0m" in text
    assert re.sub(r"\x1b\[[0-9;]*m", "", text) == text_of(samples.one_cause())


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_nothing_hostile_reaches_the_terminal(attack: str) -> None:
    text = text_of(hostile(attack))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", text)
    text.encode("utf-8")
    assert len(text) < 80_000


def test_long_lists_are_cut_and_it_is_said() -> None:
    text = text_of(samples.many_lines(5000))
    assert len(text.splitlines()) < 60
    assert "4,998 more; the JSON report holds all." in text


def test_inconclusive_shows_what_is_not_explained() -> None:
    text = text_of(samples.inconclusive())
    assert "INCONCLUSIVE: No cause can be named yet." in text
    assert "quantum flux" in text
    assert "live probes: not run here" in text


def test_recovered_does_not_tell_to_repair() -> None:
    text = " ".join(text_of(samples.recovered()).split())
    assert "The cause was: The configured proxy cannot be reached." in text
    assert "WHAT TO DO NOW" not in text
    assert "IF IT COMES BACK" in text


def test_failing_endpoints_come_with_a_check_for_others() -> None:
    text = text_of(samples.after_collect())
    assert "getent ahosts gbl.his.arc.azure.com" in text
    assert "openssl s_client -connect management.azure.com:443" in text
    windows = replace(samples.after_collect(), case=samples.case_info(os="windows"))
    assert "Resolve-DnsName gbl.his.arc.azure.com" in text_of(windows)
