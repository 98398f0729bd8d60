"""What changed in the hour before the first sign: told by the logs, shown, and never taken for evidence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Diagnosis
from arcdiag.pipeline import analyze
from arcdiag.report import render_html, render_markdown, render_text
from arcdiag.report.words import Words

FAILS = (
    'time="2026-05-01T{at}Z" level=info msg="Agent Command: connect"\n'
    'time="2026-05-01T{at}Z" level=fatal msg="AZCM0026: Network Error" Error="Get \\"https://gbl.his.arc.azure.com/x\\": '
    'proxyconnect tcp: dial tcp: lookup proxy01.corp.example on 10.0.0.2:53: no such host"\n'
)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def diagnosed(folder: Path, rules: RuleSet, *lines: str) -> Diagnosis:
    (folder / "azcmagent.log").write_text("".join(lines), encoding="utf-8")
    return analyze(folder, rules)


def line(at: str, text: str) -> str:
    return f'time="2026-05-01T{at}Z" level=debug msg="{text}"\n'


def said(d: Diagnosis, rules: RuleSet) -> list[str]:
    words = Words(rules)
    return [words.text(change.what) for change in d.changes]


def test_the_nearest_change_stands_first_and_old_ones_do_not_count(tmp_path: Path, rules: RuleSet) -> None:
    d = diagnosed(
        tmp_path,
        rules,
        line("08:00:00", "Agent Command: config set incomingconnections.enabled"),
        line("09:50:00", "Agent Version: 1.49.02770.1000"),
        line("09:50:01", "Agent Command: version"),
        line("10:20:00", "Agent Version: 1.50.02784.1799"),
        line("10:20:01", "Agent Command: config set proxy.url"),
        FAILS.format(at="10:40:00"),
        line("10:45:00", "Agent Command: config set proxy.bypass"),
    )
    assert d.causes[0].id == "proxy-unreachable"
    assert said(d, rules) == [
        "A setting of the agent was changed: proxy.url.",
        "The agent's version changed from 1.49.02770.1000 to 1.50.02784.1799.",
    ]
    shown = [Words(rules).text(item.what) for item in d.timeline]
    assert sum("setting of the agent" in text for text in shown) == 3
    for render in (render_text, render_markdown, render_html):
        assert "proxy.url" in render(d, rules)


def test_a_change_is_no_evidence_and_hides_none(tmp_path: Path, rules: RuleSet) -> None:
    alone = diagnosed(tmp_path, rules, line("10:00:00", "Agent Command: config set proxy.url"))
    assert alone.causes == () and alone.changes == ()
    plain = diagnosed(tmp_path, rules, FAILS.format(at="10:40:00"))
    changed = diagnosed(
        tmp_path, rules, line("10:30:00", "Agent Command: config set proxy.url"), FAILS.format(at="10:40:00")
    )
    assert [(c.id, c.confidence) for c in plain.causes] == [(c.id, c.confidence) for c in changed.causes]


def test_two_sources_of_one_change_are_one(tmp_path: Path, rules: RuleSet) -> None:
    text = line("10:30:00", "Agent Command: config set proxy.url")
    (tmp_path / "console.log").write_text(text, encoding="utf-8")
    d = diagnosed(tmp_path, rules, text, FAILS.format(at="10:40:00"))
    assert len(d.changes) == 1


def test_every_change_stands_in_the_hour(tmp_path: Path, rules: RuleSet) -> None:
    d = diagnosed(
        tmp_path,
        rules,
        *(line(f"{9 + minute // 60:02}:{minute % 60:02}:00", "Agent Command: config set a.b") for minute in range(90)),
        FAILS.format(at="10:29:30"),
    )
    since = d.causes[0].since
    assert since is not None and d.changes
    assert all(timedelta(0) <= since.at - change.time.at <= timedelta(hours=1) for change in d.changes)
