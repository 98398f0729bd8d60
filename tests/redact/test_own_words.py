"""The last look over a report finds no secret in arcdiag's own words, in whatever form they are written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import markupsafe
import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.redact.stream import Scrubber


def words(rules: RuleSet) -> Iterator[str]:
    """Every text of the causes that a report can show."""
    for cause in (compiled.rule for compiled in rules.causes.values()):
        yield from (cause.title, cause.summary, *(step.do for step in cause.fix))
        yield from (step.run for step in cause.fix if step.run)


def in_a_page(text: str) -> str:
    """As the templates write it."""
    return str(markupsafe.escape(text))


@pytest.mark.parametrize("write", [str, in_a_page, json.dumps])
def test_no_word_of_a_rule_is_taken_for_a_secret(write: Callable[[str], str]) -> None:
    text = "\n".join(write(word) for word in words(load_rules())).encode()
    assert text.count(b"--service-principal-secret") > 3
    scrubber = Scrubber()
    assert (scrubber.feed(text) + scrubber.finish()).splitlines() == text.splitlines()
