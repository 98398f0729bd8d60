"""The quick path looks at few lines and gives byte for byte what a look at every line gives."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.redact.lines import LineScrubber
from tests.redact.carriers import places
from tests.redact.kinds import KINDS
from tests.redact.test_stream import SOUP, TEXT

PLAIN = (
    'time="2024-06-03T09:12:11Z" level=info msg="https://gbl.his.arc.azure.com is available"',
    'time="2024-06-03T09:12:11Z" level=warning msg="Request token for audience" Status="keyless"',
    "Jun 03 09:12:11 srv01 himds[1234]: Token refreshed, next refresh in 3600 seconds",
)


def both_ways(text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    quick, slow = LineScrubber(), LineScrubber(every_line=True)
    assert quick.scrub(raw, last=True) == slow.scrub(raw, last=True)
    assert quick.removed == slow.removed


@settings(max_examples=200, deadline=None, derandomize=True)
@given(text=TEXT)
def test_lines_with_and_without_secrets(text: str) -> None:
    both_ways(text)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(lines=st.lists(st.one_of(SOUP, st.sampled_from(PLAIN)), max_size=8))
def test_any_soup(lines: list[str]) -> None:
    both_ways("\n".join(lines))


def test_every_kind_in_every_place() -> None:
    for kind in KINDS:
        for place in places(kind, kind.value(random.Random(kind.id)))[::4]:
            both_ways(f"{PLAIN[0]}\n{place.text}\n{PLAIN[1]}\n")
