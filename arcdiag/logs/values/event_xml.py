"""Events of Windows as XML (`wevtutil qe /f:xml`, `Get-WinEvent ... ToXml`): numbers and parameters, no sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from arcdiag.logs.times import parse_time
from arcdiag.logs.values.logon_right import service_sid
from arcdiag.logs.values.xml_parts import DamagedXmlError, Node, parts
from arcdiag.model.fact import Fact
from arcdiag.model.fact_maker import MACHINE, FactMaker
from arcdiag.model.record import Level, Record
from arcdiag.model.stamp import Stamp

MAX_EVENTS = 500_000
_MAX_PARAMETER = 300
_MAX_PARAMETERS = 20
_LEVELS = {1: Level.FATAL, 2: Level.ERROR, 3: Level.WARNING}
SERVICE_EVENTS = frozenset({7000, 7001, 7003, 7009, 7011, 7022, 7023, 7024, 7031, 7032, 7034, 7038, 7041})
SERVICES = frozenset(
    {
        "himds",
        "azure hybrid instance metadata service",
        "gcarcservice",
        "guest configuration arc service",
        "machine configuration arc service",
        "extensionservice",
        "guest configuration extension service",
        "machine configuration extension service",
        "arcproxy",
        "azure arc proxy",
        "rdagent",
        "windowsazureguestagent",
        "windows azure guest agent",
        "wuauserv",
        "windows update",
    }
)
"""Services whose events are evidence, by short and by display name."""
TLS_EVENTS = frozenset({36871, 36874, 36887, 36888})
_PROFILES = "microsoft-windows-user profiles service"
_BOOTS = {("microsoft-windows-kernel-general", 12), ("eventlog", 6005)}


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `parameters`: name (empty if it has none) and value, as they stand in it."""

    id: int
    provider: str
    level: int
    time: Stamp | None
    channel: str
    parameters: tuple[tuple[str, str], ...]
    line: int

    @property
    def values(self) -> tuple[str, ...]:
        """The parameters without names."""
        return tuple(value for _, value in self.parameters)


def read_events(blocks: Iterable[str]) -> Iterator[Event]:
    """The events of a file, in its order. Raises DamagedXmlError where it cannot be read further."""
    for count, (_, node) in enumerate(parts(blocks, frozenset({"Event"}))):
        if count >= MAX_EVENTS:
            raise DamagedXmlError(f"more than {MAX_EVENTS:,} events; the rest is not read")
        event = _event(node)
        if event:
            yield event


def _event(node: Node) -> Event | None:
    system = node.child("System")
    number = system.value("EventID") if system else ""
    if system is None or not re.fullmatch(r"\d{1,6}", number):
        return None
    provider, created = system.child("Provider"), system.child("TimeCreated")
    level = system.value("Level")
    # Older providers stand under the name of their source.
    name = (provider.attributes.get("EventSourceName") or provider.attributes.get("Name", "")) if provider else ""
    return Event(
        id=int(number),
        provider=name[:200],
        level=int(level) if re.fullmatch(r"\d{1,3}", level) else 0,
        time=parse_time(created.attributes.get("SystemTime", "")) if created else None,
        channel=system.value("Channel")[:200],
        parameters=tuple(_parameters(node))[:_MAX_PARAMETERS],
        line=node.line,
    )


def _parameters(node: Node) -> Iterator[tuple[str, str]]:
    data = node.child("EventData")
    for item in data.children if data else ():
        if item.name == "Data":
            yield item.attributes.get("Name", "")[:100], item.text[:_MAX_PARAMETER]
    user = node.child("UserData")
    for item in user.children[0].children if user and user.children else ():
        yield item.name, item.text[:_MAX_PARAMETER]


def record_of(event: Event) -> Record | None:
    """An event of one of the agent's services as a record to search; None for all others.

    Its text is the number and the parameters: `Service Control Manager event 7000: himds; %%1069`.
    """
    if event.provider.lower() != "service control manager" or event.id not in SERVICE_EVENTS:
        return None
    if not any(value.lower() in SERVICES for value in event.values):
        return None
    text = f"{event.provider} event {event.id}: {'; '.join(v for v in event.values if v)}"
    return Record(event.line, event.line, event.time, _LEVELS.get(event.level, Level.INFO), text, "event")


@dataclass
class EventFacts:
    """Counts what is worth a fact while the events go by."""

    boots: list[str] = field(default_factory=list)
    tls: dict[str, Any] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    policy: dict[str, Any] = field(default_factory=dict)

    def note(self, event: Event) -> None:
        """Take one event."""
        provider, at = event.provider.lower(), event.time.iso() if event.time else None
        if (provider, event.id) in _BOOTS and at:
            self.boots.append(at)
            del self.boots[:-20]
        elif provider == "schannel" and event.id in TLS_EVENTS:
            self._tls(event, at)
        elif provider == _PROFILES and service_sid("himds") in " ".join(event.values):
            self.profile = _counted(self.profile, event.id, at)
        elif provider == "microsoft-windows-grouppolicy" and event.channel.lower() == "system":
            key = "failed" if event.level in (1, 2, 3) else "applied"
            self.policy[key] = _counted(self.policy.get(key, {}), event.id, at)

    def _tls(self, event: Event, at: str | None) -> None:
        self.tls = _counted(self.tls, event.id, at)
        named = {name.lower(): value for name, value in event.parameters}
        alert = named.get("alertdesc", "")
        if re.fullmatch(r"\d{1,3}", alert):
            self.tls["alerts"] = sorted({*self.tls.get("alerts", []), int(alert)})

    def facts(self, make: FactMaker, raw: str) -> list[Fact]:
        """- `event.boot`: `times` (ISO 8601), the newest 20
        - `event.schannel`, `event.himds-profile`: `ids`, `count`, `last`; of Schannel also `alerts` (numbers of TLS)
        - `event.group-policy`: `applied` and `failed`, each with the same keys
        """
        found: list[tuple[str, dict[str, Any]]] = [
            ("event.boot", {"times": sorted(set(self.boots))} if self.boots else {}),
            ("event.schannel", self.tls),
            ("event.himds-profile", self.profile),
            ("event.group-policy", self.policy),
        ]
        return [make.ok(name, MACHINE, value, "event-xml", raw) for name, value in found if value]


def _counted(known: dict[str, Any], number: int, at: str | None) -> dict[str, Any]:
    last = max((t for t in (known.get("last"), at) if t), default=None)
    ids = sorted({*known.get("ids", []), number})
    return {**known, "ids": ids, "count": known.get("count", 0) + 1, "last": last}
