"""Secrets in the configuration of routers, switches and daemons: communities of SNMP, keys of RADIUS and TACACS."""

from __future__ import annotations

import re

from arcdiag.redact.judge import is_blank_value, is_prose
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span
from arcdiag.redact.values import read_value

# What stands before the sign, and what is between it and the secret; an encrypted one has its form's number there.
_FORM = r"(?:[ \t]{1,4}\d{1,2}(?=[ \t]))?[ \t]{1,8}(?=\S)"
_COMMANDS = {
    "community": (("snmp-server ", "snmp ", "ro", "rw"), re.compile(r"6?" + _FORM)),
    "s-server ": (
        ("radiu", "tacac"),
        re.compile(r"(?:host[ \t]{1,4}\S{1,80}[ \t]{1,4}(?:[a-z-]{3,16}[ \t]{1,4}\d{1,5}[ \t]{1,4}){0,4})?key" + _FORM),
    ),
    "com2sec": (("",), re.compile(r"6?(?:[ \t]{1,8}\S{1,80}){2}[ \t]{1,8}(?=\S)")),
    "pre-shared-key ": (("",), re.compile(r"(?:(?:ascii-text|hexadecimal|local|remote)[ \t]{1,4})?(?=[\"'])")),
    "isakmp key ": (("",), re.compile(r"(?:\d[ \t]{1,4})?(?=\S{1,128}[ \t]{1,4}(?:address|hostname)[ \t])")),
    "psksecret ": (("",), re.compile(r"(?=\S{6})")),
    "radius server key ": (("",), re.compile(r"(?=\S{6})")),
    " password 0 ": (("",), re.compile(r"(?=\S{6})")),
    " secret 0 ": (("",), re.compile(r"(?=\S{6})")),
    " password 7 ": (("",), re.compile(r"(?=[0-9A-F]{6})")),
}
DEVICES = tuple(_COMMANDS)
"""A sign of such a line, in lower case."""
_WITH_LEADS = (b"community", b"s-server ")
_LEADS = (b"snmp-server ", b"snmp ", b"ro", b"rw", b"radiu", b"tacac")
_BEFORE = 12
_KNOWN = frozenset(("public", "private", "string", "name"))
_LEAST = 4


def may_be_device(low: bytes, at: int) -> bool:
    """Whether the sign at `at` of a text in lower case can stand in such a line."""
    return not low.startswith(_WITH_LEADS, at) or low[max(0, at - _BEFORE) : at].endswith(_LEADS)


def find_device_secret(line: Line, hit: int) -> list[Span]:
    """The secret of the line of configuration whose sign is at `hit`."""
    sign = next(sign for sign in DEVICES if line.low.startswith(sign, hit))
    leads, pattern = _COMMANDS[sign]
    match = pattern.match(line.text, hit + len(sign))
    if match is None or not line.low[max(0, hit - _BEFORE) : hit].endswith(leads):
        return []
    value = read_value(line.text, match.end())
    word = line.text[value.start : value.end]
    if len(word) < _LEAST or is_blank_value(word) or is_prose(word) or "«" in word or word.lower() in _KNOWN:
        return []
    return [Span(value.start, value.end, SecretKind.PASSWORD, hit)]
