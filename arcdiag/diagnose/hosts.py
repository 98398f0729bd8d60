"""Files that tell of several machines: a central syslog, the output of Ansible, a console that goes from host to host.

Each machine gets a reading of its own, so that what went well on one closes nothing on another.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from arcdiag.diagnose.machines import like_hosts
from arcdiag.diagnose.reader import Reader
from arcdiag.diagnose.reading import Reading
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.logs.scan import Hit

MOST = 40
"""Machines of one file that are told apart; all further ones share a reading."""
_TOLD = re.compile(
    r"^(?:ok|changed|fatal|failed|skipping|unreachable): \[(?P<play>[\w.-]{1,120})\]"
    r"|^(?P<adhoc>[\w.-]{1,120}) \| (?:CHANGED|SUCCESS|FAILED|UNREACHABLE)\b"
    r"|^\[(?P<remote>[\w.-]{1,120})\]: (?:PS|\[)"
    r"|^(?P<nobody>(?:PLAY|TASK|RUNNING HANDLER)\b.{0,200}\*{3})",
    re.MULTILINE,
)
_LINE_END = re.compile(r"\n")
_HEADING = re.compile(r"^\s{0,3}[=#*-]{2,40}\s{0,4}(?P<name>[A-Za-z][\w.-]{1,62})\s{0,4}[=#*:-]{0,40}\s{0,4}$", re.M)
_JOURNAL = re.compile(
    r"^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} {1,2}\d{1,2} [\d:]{8}|\d{4}-\d\d-\d\dT\S{8,24}) (\S{1,255}) \S{1,64}: ",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Hosts:
    """Of which machine a hit of a file is: `of` gives "" for one that is of none in particular."""

    of: Callable[[Hit], str]


def hosts_of(kind: str, head: str) -> Hosts | None:
    """How to tell the machines of a file apart by the beginning of its text; None where it is of one."""
    if kind == "journal":
        named = {short(match[1]) for match in _JOURNAL.finditer(head)} - {"localhost", ""}
        return Hosts(_journal_host) if len(named) > 1 else None
    if kind != "console":
        return None
    marks = _marks(head)
    if len({host for _, host in marks if host}) < 2:
        return None
    lines = [line for line, _ in marks]
    return Hosts(lambda hit: _host_at(marks, lines, hit.record.line))


def read_apart(rules: RuleSet, path: str, kind: str, hosts: Hosts, hits: Iterable[Hit]) -> list[Reading]:
    """A reading for each machine of a file; `source` names the machine behind the path."""
    readers: dict[str, Reader] = {}
    for hit in hits:
        host = hosts.of(hit)
        if host not in readers:
            host = host if len(readers) < MOST else ""
            readers.setdefault(host, Reader(rules, f"{path} [{host}]" if host else path, kind))
        readers[host].take(hit)
    found = []
    for host, reader in readers.items():
        reading = reader.finish()
        reading.host = host
        found.append(reading)
    return found or [Reader(rules, path, kind).finish()]


def short(host: str) -> str:
    """A host's own name, in lower case, without its domain."""
    return host.lower().partition(".")[0]


def _journal_host(hit: Hit) -> str:
    host = short(dict(hit.record.fields).get("host", ""))
    return "" if host == "localhost" else host


def _marks(head: str) -> list[tuple[int, str]]:
    """Lines from which on the text is of a machine, "" where it is again of none."""
    ends = [end.start() for end in _LINE_END.finditer(head)]
    found: list[tuple[int, str]] = []
    for match in _TOLD.finditer(head):
        host = match["play"] or match["adhoc"] or match["remote"] or ""
        found.append((bisect_left(ends, match.start()) + 1, short(host)))
    named = [(bisect_left(ends, m.start("name")) + 1, m["name"].lower()) for m in _HEADING.finditer(head)]
    machines = like_hosts(name for _, name in named)
    found += [(line, short(name)) for line, name in named if name in machines]
    return sorted(found)


def _host_at(marks: list[tuple[int, str]], lines: list[int], line: int) -> str:
    at = bisect_right(lines, line)
    return marks[at - 1][1] if at else ""
