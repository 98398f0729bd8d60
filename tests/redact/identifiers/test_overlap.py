"""Of identifiers that overlap nothing is left: the first and longer one is replaced, and what the other has behind it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arcdiag.redact.identifiers.replace import Identifiers

_TOKENS = re.compile(r"«[a-z-]+:[0-9a-f.]+»")
LEARNT = """
user=jane-doe
login=doe-smith
Resource Name : smith-web01
USERDNSDOMAIN=corp.zzz
Machine Name: kilo.corp.zzz.branch
HOSTNAME=branch-x.de
tenant_id=72f988bf-1111-2222-3333-2d7cd011db47
COMPUTERNAME=2d7cd011db47-vm
"""


def twice(text: str, learnt: str = "") -> tuple[str, str]:
    """`text` redacted, and what is redacted redacted again."""
    ids = Identifiers(key=b"key")
    ids.learn(f"{learnt}\n{text}\n")
    once = ids.replace(text)
    return once, ids.replace(once)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("fe80::1%eth0user@corp.example", "corp"),
        ("fe80::1%25ethan.miller@corp.example", "miller"),
        ("x jane-doe-smith y", "smith"),
        ("x jane-doe-smith-web01 y", "web01"),
        ("x kilo.corp.zzz.branch-x.de y", "x.de"),
        ("x 72f988bf-1111-2222-3333-2d7cd011db47-vm y", "vm"),
        ("10.1.2.3-jane-doe-smith", "smith"),
        ("https://10.1.2.3.corp.zzz/jane-doe-smith", "zzz"),
        ("C:\\Users\\jane-doe-smith\\kilo.corp.zzz.branch-x.de", "x.de"),
        ("00:15:5d:01:02:03-smith-web01", "web01"),
    ],
)
def test_the_tail_of_the_second_is_replaced(text: str, gone: str) -> None:
    once, again = twice(text, LEARNT)
    assert gone not in _TOKENS.sub("", once)
    assert again == once


_PIECES = st.sampled_from(
    ("jane-doe", "-smith", "-web01", "doe-", "kilo", ".corp.zzz", ".branch", "-x.de", "10.1.2.3", "fe80::1%", "user@", "corp.example",
     "72f988bf-1111-2222-3333-", "2d7cd011db47", "-vm", ".", "-", " ", "\\", "/")
)  # fmt: skip


@given(st.lists(_PIECES, max_size=7).map("".join))
def test_what_is_replaced_is_replaced_whole(text: str) -> None:
    once, again = twice(text, LEARNT)
    assert again == once
