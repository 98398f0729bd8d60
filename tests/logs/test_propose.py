"""A pattern proposed for a log line matches that line, and what differs from machine to machine is captured."""

from __future__ import annotations

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.matching import captured
from arcdiag.knowledge.pattern import compile_pattern
from arcdiag.logs.propose import propose
from arcdiag.logs.samples import matches_of
from arcdiag.logs.scan import Scanner


@pytest.mark.parametrize(
    ("line", "pattern", "captures", "subject"),
    [
        (
            r'time="2026-03-02T08:15:30Z" level=error msg="Lookup failed" Error="Get \"https://gbl.his.arc.azure.com/x?a=1\": the gate at 10.1.2.3:3128 is shut"',
            'Lookup failed Error=Get "{url:url}": the gate at {addr:addr} is shut',
            {"url": "https://gbl.his.arc.azure.com/x?a=1", "addr": "10.1.2.3:3128"},
            "endpoint",
        ),
        (
            "FATAL   cannot read C:\\ProgramData\\Azure\\x.json of 11112222-3333-4444-5555-666677778888 after 300 tries",
            "cannot read {path:path} of {guid:guid} after {number:number} tries",
            {
                "path": "C:\\ProgramData\\Azure\\x.json",
                "guid": "11112222-3333-4444-5555-666677778888",
                "number": "300",
            },
            "machine",
        ),
        (
            "ERROR   from server1.corp.example to server2.corp.example: {odd} text",
            "from {host:host} to {host2:host}: {{odd} text",
            {"host": "server1.corp.example", "host2": "server2.corp.example"},
            "endpoint",
        ),
    ],
)
def test_what_varies_becomes_a_capture(line: str, pattern: str, captures: dict[str, str], subject: str) -> None:
    found = propose(line)
    assert (found.pattern, dict(found.captures), found.subject) == (pattern, captures, subject)


def test_the_patterns_of_all_shipped_samples_match_them() -> None:
    """Of lines, apart from tables, whose blanks are wider than a pattern's."""
    tried, failed = 0, []
    for signal in load_rules().signals.values():
        for sample in signal.rule.samples.match:
            if "\n" in sample.line or " " * 9 in sample.line:
                continue
            tried += 1
            found = propose(sample.line)
            try:
                pattern = compile_pattern(found.pattern)
            except ValueError:
                failed.append(sample.line)
                continue
            texts = [sample.line, *(text for text in _texts(sample.line))]
            hits = [m for text in texts if (m := pattern.regex.search(text))]
            if not any(captured(hit) == dict(found.captures) for hit in hits):
                failed.append(sample.line)
    assert tried > 700
    assert len(failed) <= tried / 50, failed


def _texts(line: str) -> list[str]:
    from arcdiag.logs.decode import Line
    from arcdiag.logs.records import records
    from arcdiag.logs.shape import Shape, shaped

    return [record.text for record in records(shaped([Line(1, line)], Shape.of(line)))]


def test_the_line_that_the_guide_begins_with_is_known_to_no_rule() -> None:
    line = 'level=error msg="Failed to connect" Error="the gate keeper of rack 12 says no"'
    assert matches_of(Scanner(load_rules()), line) == []
