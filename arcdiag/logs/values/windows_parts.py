"""Parts of Windows that the agent needs, as the registry names them: .NET, PowerShell, pending reboots, time source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from arcdiag.logs.values import keys
from arcdiag.logs.values.asked import Asked, Values
from arcdiag.logs.values.registry_data import number, text
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE

_NET = (
    (533320, "4.8.1"),
    (528040, "4.8"),
    (461808, "4.7.2"),
    (461308, "4.7.1"),
    (460798, "4.7"),
    (394802, "4.6.2"),
    (394254, "4.6.1"),
    (393295, "4.6"),
    (379893, "4.5.2"),
    (378675, "4.5.1"),
    (378389, "4.5"),
)
"""The least `Release` of each version of .NET Framework."""
_AGENT = "Azure Connected Machine Agent"


def part_facts(asked: Asked) -> Iterable[Fact]:
    """- `windows.dotnet`: `version` (of .NET Framework 4), `release` (number)
    - `windows.powershell`: `version`
    - `windows.pending-reboot`: `pending`, `reasons` (`servicing`, `windows-update`, `file-renames`)
    - `machine.time-source`: `type` (`NT5DS`, `NTP`, `NoSync`, ...), `servers` (as written)
    """
    yield from asked.fact("windows.dotnet", keys.NET_SETUP, _dotnet)
    yield from _powershell(asked)
    yield from _reboot(asked)
    yield from asked.fact("machine.time-source", keys.TIME, _time)


def _dotnet(values: Values) -> dict[str, Any] | None:
    release = values.get("release")
    if release is None:
        version = values.get("version")
        return {"version": text(version)} if version else None
    known = number(release)
    return {"version": next((name for least, name in _NET if known >= least), "older than 4.5"), "release": known}


def _powershell(asked: Asked) -> Iterable[Fact]:
    """Version 3 and later stand under a key of their own, beside the one of version 2."""
    found: list[Fact] = []
    for key in (keys.POWERSHELL, keys.POWERSHELL_OLD):
        found += asked.fact("windows.powershell", key, _version)
        if found and found[-1].status is FactStatus.OK:
            break
    yield from found[-1:]


def _version(values: Values) -> dict[str, Any] | None:
    value = values.get("powershellversion")
    return {"version": text(value)} if value else None


def _reboot(asked: Asked) -> Iterable[Fact]:
    """A key of a name that means a reboot, or files that wait for one. Only what was looked at counts."""
    reasons, looked = [], False
    for reason, key in (
        ("servicing", rf"{keys.CBS}\RebootPending"),
        ("windows-update", rf"{keys.WINDOWS_UPDATE}\RebootRequired"),
    ):
        reading = asked.registry.values(key)
        looked = looked or reading.status.known
        if reading.status is FactStatus.OK:
            reasons.append(reason)
    files = asked.registry.values(keys.SESSION_MANAGER)
    looked = looked or files.status.known
    if (files.value or {}).get("pendingfilerenameoperations"):
        reasons.append("file-renames")
    if looked:
        value = {"pending": bool(reasons), "reasons": reasons}
        yield asked.make.ok("windows.pending-reboot", MACHINE, value, asked.by, asked.raw)


def _time(values: Values) -> dict[str, Any] | None:
    kind, servers = values.get("type"), values.get("ntpserver")
    if kind is None and servers is None:
        return None
    return {"type": text(kind) if kind else None, "servers": text(servers) if servers else None}


def agent_facts(asked: Asked) -> list[Fact]:
    """`agent.version` by the uninstall record. A live machine has its own check for it."""
    listed = asked.registry.subkeys(keys.UNINSTALL)
    for name in listed.value or ():
        values = asked.registry.values(rf"{keys.UNINSTALL}\{name}").value or {}
        title, version = values.get("displayname"), values.get("displayversion")
        if title and version and isinstance(title.data, str) and title.data.startswith(_AGENT):
            value = {"version": str(version.data), "source": "uninstall record"}
            return [asked.make.ok("agent.version", MACHINE, value, asked.by, asked.raw)]
    return []
