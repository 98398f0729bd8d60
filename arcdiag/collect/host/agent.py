"""Facts about the agent itself: is it installed, and which version."""

from __future__ import annotations

import re
from collections.abc import Mapping

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.platform import Host, ServiceRaw
from arcdiag.collect.host.services import decode_service
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker
from arcdiag.model.reading import Reading

VERSION_SECONDS = 10.0
_BY = "host/agent"
_VERSION = re.compile(r"\b\d{1,3}\.\d{1,4}(?:\.\d{1,6}){0,3}(?:-\d{1,6})?\b")

Package = Reading[tuple[str, str]]


def package_fact(make: FactMaker, host: Host, package: Package, services: Mapping[str, Reading[ServiceRaw]]) -> Fact:
    """`agent.package`: ABSENT only if neither package, program nor service is there; `parts` shows what is.

    A part that could not be looked at is None.
    """
    parts: dict[str, bool | None] = {
        "package": _there(package.status),
        "binary": _there(host.file(host.binary()).status),
    }
    for name, reading in services.items():
        parts[name] = _there(reading.status)
        if reading.value is not None:
            parts[name] = decode_service(reading.value) is not None
        elif reading.status is FactStatus.UNSUPPORTED:
            # A unit file lies there, only its state cannot be asked for.
            parts[name] = True
    if not any(parts.values()):
        unknown = sorted(name for name, there in parts.items() if there is None)
        if unknown:
            reason = f"could not be told: {', '.join(unknown)} ({package.reason})"
            return make.not_seen("agent.package", MACHINE, FactStatus.UNSUPPORTED, reason, _BY)
        reason = "no package, program or service of the agent is here"
        return make.not_seen("agent.package", MACHINE, FactStatus.ABSENT, reason, _BY)
    version, source = package.value or (None, None)
    value = {"installed": True, "version": version, "source": source, "parts": parts, "complete": _complete(parts)}
    return make.ok("agent.package", MACHINE, value, _BY)


def _there(status: FactStatus) -> bool | None:
    return {FactStatus.OK: True, FactStatus.ABSENT: False}.get(status)


def _complete(parts: Mapping[str, bool | None]) -> bool | None:
    """Whether every part is there; the local proxy came later and counts not. None if a part is unknown."""
    needed = [there for name, there in parts.items() if name != "arcproxy"]
    if False in needed:
        return False
    return None if None in needed else True


def version_fact(make: FactMaker, host: Host, package: Package, deadline: Deadline) -> Fact:
    """`agent.version`: what `azcmagent version` prints, else the package's version; ABSENT without the program."""
    binary = host.binary()
    entry = host.file(binary)
    result = None
    if entry.status is FactStatus.OK:
        result = host.run([str(host.where(binary)), "version"], deadline.within(VERSION_SECONDS))
        match = _VERSION.search(result.value.output) if result.value else None
        if match:
            return make.ok("agent.version", MACHINE, {"version": match[0], "source": "azcmagent version"}, _BY)
    if package.value is not None:
        return make.ok("agent.version", MACHINE, {"version": package.value[0], "source": package.value[1]}, _BY)
    if result is not None:
        status = FactStatus.ERROR if result.value else result.status
        return make.not_seen("agent.version", MACHINE, status, result.reason or "azcmagent printed no version", _BY)
    return make.not_seen("agent.version", MACHINE, entry.status, entry.reason, _BY)
