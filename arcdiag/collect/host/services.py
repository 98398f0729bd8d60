"""The agent's services: their state, the program behind each, and who listens on their ports."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from arcdiag.collect.host.mounts import Mount, mount_of
from arcdiag.collect.host.platform import Host, ListenerRaw, ServiceRaw
from arcdiag.logs.values.scm import decode_scm
from arcdiag.logs.values.systemctl import decode_systemd
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker, service
from arcdiag.model.reading import Reading
from arcdiag.model.subject import Subject, SubjectKind

PORTS: Mapping[int, str] = {40342: "himds", 40343: "arcproxy"}
"""The agent's local ports and who listens there."""
_BY = "host/services"


def service_facts(
    make: FactMaker, readings: Mapping[str, Reading[ServiceRaw]], raw: str | None, up_seconds: float | None = None
) -> Iterator[Fact]:
    """`service.state` of each service; ABSENT if its manager does not know it. `raw`: the case file behind it."""
    for name, reading in readings.items():
        subject = service(name)
        if reading.value is None:
            yield make.not_seen("service.state", subject, reading.status, reading.reason, _BY)
            continue
        value = decode_service(reading.value, up_seconds)
        if value is None:
            reason = f"{reading.value.unit} is not installed"
            yield make.not_seen("service.state", subject, FactStatus.ABSENT, reason, _BY, raw=raw)
        else:
            yield make.ok("service.state", subject, value, _BY, raw)


def decode_service(raw: ServiceRaw, up_seconds: float | None = None) -> dict[str, Any] | None:
    """The value of `service.state`; None if the manager says that there is no such service."""
    if raw.form == "systemctl":
        return decode_systemd(raw.unit, raw.values, time.monotonic(), up_seconds)
    return decode_scm(raw.unit, raw.values)


def program_facts(make: FactMaker, host: Host, states: Sequence[Fact], mounts: Sequence[Mount]) -> Iterator[Fact]:
    """`service.program` of each Linux service: is its program there, may it run; ABSENT if it is gone."""
    for state in states:
        path = state.value.get("program")
        if host.os != "linux" or not isinstance(path, str) or not path.startswith("/") or state.subject is None:
            continue
        entry = host.file(path)
        if entry.value is None:
            yield make.not_seen("service.program", state.subject, entry.status, entry.reason, _BY)
            continue
        mount = mount_of(mounts, path)
        mode = int(entry.value.mode, 8) if entry.value.mode else None
        value = {
            "path": path,
            "mode": entry.value.mode,
            "executable": entry.value.kind == "file" and bool(mode & 0o111) if mode is not None else None,
            "noexec": mount.has("noexec") if mount else None,
            "mount": mount.point if mount else None,
        }
        yield make.ok("service.program", state.subject, value, _BY)


def listener_facts(make: FactMaker, host: Host) -> Iterator[Fact]:
    """`port.listener` of the agent's local ports; `owner_is_agent` is None if the owner cannot be seen."""
    for port, owner in PORTS.items():
        subject = Subject(SubjectKind.ENDPOINT, f"localhost:{port}")
        reading = host.listeners(port)
        if reading.value is None:
            yield make.not_seen("port.listener", subject, reading.status, reading.reason, _BY)
        else:
            yield make.ok("port.listener", subject, _listener(reading.value, owner), _BY)


def _listener(found: Sequence[ListenerRaw], owner: str) -> dict[str, Any]:
    named = [raw for raw in found if raw.process]
    # One foreign socket is enough: the agent cannot bind beside it.
    foreign = [raw for raw in named if program_name(raw.process) != owner]
    chosen = next(iter((*foreign, *named, *found)), None)
    return {
        "listening": bool(found),
        "process": chosen.process if chosen else None,
        "pid": chosen.pid if chosen else None,
        "owner_is_agent": not foreign if named else None,
    }


def program_name(process: str | None) -> str:
    """A process's name in lower case, without the ending that Windows gives it."""
    return (process or "").lower().removesuffix(".exe")
