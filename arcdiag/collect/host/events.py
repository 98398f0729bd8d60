"""The events of Windows that concern the agent, kept as the XML in which the system gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.platform import CommandRaw, Host
from arcdiag.collect.raw import RawFiles
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker, file
from arcdiag.model.reading import Reading

SECONDS = 8.0
MOST_EVENTS = 400
_BY = "host/events"
_DENIED = 5
# The query language takes few conditions: ranges, and without 7036, which tells of every start and stop.
_SERVICES = (
    "Provider[@Name='Service Control Manager'] and ((EventID>=7000 and EventID<=7034) or EventID=7038 or EventID=7041)"
)
_TLS = "Provider[@Name='Schannel'] and EventID>=36871 and EventID<=36888"
_BOOT = "Provider[@Name='Microsoft-Windows-Kernel-General'] and EventID=12"
_PROFILES = "Provider[@Name='Microsoft-Windows-User Profiles Service']"
QUESTIONS: tuple[tuple[str, str, str], ...] = (
    ("services", "System", f"*[System[{_SERVICES}]]"),
    ("tls", "System", f"*[System[{_TLS}]]"),
    ("boot", "System", f"*[System[{_BOOT}]]"),
    ("profiles", "Application", f"*[System[{_PROFILES}]]"),
)
"""Name, log and query of each kind of events."""


def commands(tool: str) -> Sequence[Sequence[str]]:
    """Every call of `tool` (wevtutil.exe) that may be made."""
    return (_any(tool), *(_call(tool, log, query) for _, log, query in QUESTIONS))


def event_facts(make: FactMaker, host: Host, raw: RawFiles, deadline: Deadline) -> Iterator[Fact]:
    """`event.log` of each kind of events: `log`, `count` and whether that is all (`whole`); nothing without such logs.

    UNSUPPORTED where the tool gives no event of the system's log at all: no machine is without one.
    """
    tool = host.event_tool()
    if tool is None:
        return
    limit = deadline.within(SECONDS)
    able = _read(host.run(_any(tool), limit))
    for name, log, query in QUESTIONS:
        reading = able
        if able.value:
            reading = _read(host.run(_call(tool, log, query), limit))
        elif able.value == "":
            reading = Reading(FactStatus.UNSUPPORTED, None, "this system gives no events")
        if reading.value is None:
            yield make.not_seen("event.log", file(name), reading.status, reading.reason, _BY)
            continue
        count = reading.value.count("</Event>")
        kept = raw.add(f"events-{name}.xml", "event-xml", reading.value, "logs") if count else None
        yield make.ok("event.log", file(name), {"log": log, "count": count, "whole": count < MOST_EVENTS}, _BY, kept)


def _any(tool: str) -> Sequence[str]:
    return (tool, "qe", "System", "/c:1", "/f:xml")


def _call(tool: str, log: str, query: str) -> Sequence[str]:
    """The newest events; the tool's own words are in no language, as XML is asked for."""
    return (tool, "qe", log, f"/q:{query}", f"/c:{MOST_EVENTS}", "/rd:true", "/f:xml")


def _read(told: Reading[CommandRaw]) -> Reading[str]:
    """Whole events only, as the output may have been cut; empty if there are none."""
    if told.value is None:
        return Reading(told.status, None, told.reason)
    if told.value.code == _DENIED:
        return Reading(FactStatus.DENIED, None, "the event log may not be read")
    if told.value.code:
        return Reading(FactStatus.ERROR, None, f"the event log could not be asked (code {told.value.code})")
    events, end, _ = told.value.output.rpartition("</Event>")
    return Reading.of((events + end).strip())
