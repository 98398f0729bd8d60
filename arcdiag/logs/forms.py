"""Logs whose records each begin with the same bytes, so that records can be told apart without being read.

Only for these does the scanner jump from one interesting line to the next; all other files are read line by line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from arcdiag.logs.grammar import parse_start

_MOSTLY = 0.8
_LOOKED_AT = 4000


@dataclass(frozen=True, slots=True)
class LineForm:
    """`start`: how a line begins that begins a record. `errors`: one is, in lower case, in every record of an error.

    `key` splits such a line into its stamp and all else that its meaning depends on. `sure` matches only where a
    record begins; None if `start` alone proves it.
    """

    name: str
    start: bytes
    errors: tuple[bytes, ...]
    key: re.Pattern[bytes]
    sure: re.Pattern[bytes] | None = None

    def begins(self, data: bytes, at: int) -> bool:
        """Whether the line at `at` begins a record."""
        if not data.startswith(self.start, at):
            return False
        return self.sure is None or self.sure.match(data, at) is not None


_GC_HEAD = (
    rb"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)\] ?\[PID +\d+\] ?\[TID +\d+\] ?"
    rb"(\[[^\]\n]{0,80}\] ?\[\w{3,8}\])"
)
_BRACKETED_ERRORS = (b"[err", b"[fatal", b"[panic", b"[critical")
_LOGRUS_ERRORS = tuple(
    b"level=" + quote + word for word in (b"err", b"fatal", b"panic", b"critical") for quote in (b"", b'"')
)
_WAAPP_STAMP = rb"(?:\d{4}-\d\d-\d\dT[\d:]{8}Z|\d\d/\d\d/\d{4} [\d:.]{8,12})"
_WORDS = (b"error", b"fatal", b"panic", b"critical", *(sign + b"err" for sign in (b" ", b"[", b"|", b",", b":", b"-")))
FORMS = (
    LineForm("logrus", b'time="', _LOGRUS_ERRORS, re.compile(rb'time="([^"\\\n]{10,40})"([^\n]*)')),
    LineForm(
        "gc",
        b"[2",
        _BRACKETED_ERRORS,
        re.compile(_GC_HEAD + rb" ?(?:\[[0-9a-fA-F-]{0,36}\] ?)?([^\n]*)"),
        re.compile(_GC_HEAD),
    ),
    LineForm(
        "gc",
        b"<GCLOG>[2",
        _BRACKETED_ERRORS,
        re.compile(rb"<GCLOG>" + _GC_HEAD + rb" ?(?:\[[0-9a-fA-F-]{0,36}\] ?)?([^\n]*)"),
        re.compile(rb"<GCLOG>" + _GC_HEAD),
    ),
    LineForm(
        "waagent",
        b"20",
        _WORDS,
        re.compile(rb"(\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d\.\d+Z?)([^\n]*)"),
        re.compile(rb"\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d\.\d+Z? (?:INFO|WARNING|ERROR|VERBOSE)\s"),
    ),
    LineForm(
        "waappagent",
        b"[0",
        _BRACKETED_ERRORS,
        re.compile(rb"\[\d{4,10}\] \[?(" + _WAAPP_STAMP + rb")(\]? \[\w{4,8}\][^\n]*)"),
        re.compile(rb"\[\d{4,10}\] \[?" + _WAAPP_STAMP + rb"\]? \[\w{4,8}\]"),
    ),
)


def form_of(head: str) -> LineForm | None:
    """The form of a log by the beginning of its text; None if its records do not all begin alike."""
    lines = [line for line in head.split("\n")[:_LOOKED_AT] if line.strip()]
    for form in FORMS:
        start = form.start.decode()
        alike = [line for line in lines if line.startswith(start)]
        if len(alike) < len(lines) * _MOSTLY or not alike:
            continue
        first = parse_start(alike[0])
        if first is not None and first.form == form.name and form.begins(alike[0].encode(), 0):
            return form
    return None
