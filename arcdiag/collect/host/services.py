"""Decodes what a service manager says into the words that rules use, the same for Windows and Linux."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from arcdiag.collect.host.platform import ServiceRaw
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker, service
from arcdiag.model.reading import Reading

PROPERTIES = (
    "Id",
    "LoadState",
    "ActiveState",
    "SubState",
    "UnitFileState",
    "Result",
    "ExecMainCode",
    "ExecMainStatus",
    "NRestarts",
    "ActiveEnterTimestamp",
)
_BY = "host/services"
_LINUX_STATES = {
    "active": "running",
    "reloading": "running",
    "inactive": "stopped",
    "failed": "failed",
    "activating": "starting",
    "deactivating": "stopping",
}
_LINUX_START = {
    "enabled": "auto",
    "enabled-runtime": "auto",
    "static": "manual",
    "indirect": "manual",
    "generated": "auto",
    "masked-runtime": "masked",
}
_WINDOWS_STATES = {
    "start_pending": "starting",
    "continue_pending": "starting",
    "stop_pending": "stopping",
    "pause_pending": "stopping",
    "paused": "stopped",
}
# 1077: nobody has tried to start it since the machine came up.
_WINDOWS_RESULTS = {0: "success", 1077: "never-started"}
_WINDOWS_START = {"automatic": "auto", "auto": "auto", "manual": "manual", "disabled": "disabled"}


def parse_systemctl_show(text: str) -> dict[str, dict[str, str]]:
    """Blocks of `Name=value` lines with an empty line between them, by their `Id`; a block without one is left out."""
    blocks: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in [*text.splitlines(), ""]:
        name, sign, value = line.partition("=")
        if sign:
            current[name.strip()] = value.strip()
        elif not line.strip() and current:
            if "Id" in current:
                blocks[current["Id"]] = current
            current = {}
    return blocks


def service_facts(make: FactMaker, readings: Mapping[str, Reading[ServiceRaw]], raw: str | None) -> Iterator[Fact]:
    """`service.state` of each service; ABSENT if its manager does not know it. `raw`: the case file behind it."""
    for name, reading in readings.items():
        subject = service(name)
        if reading.value is None:
            yield make.not_seen("service.state", subject, reading.status, reading.reason, _BY)
            continue
        value = decode_service(reading.value)
        if value is None:
            reason = f"{reading.value.unit} is not installed"
            yield make.not_seen("service.state", subject, FactStatus.ABSENT, reason, _BY, raw=raw)
        else:
            yield make.ok("service.state", subject, value, _BY, raw)


def decode_service(raw: ServiceRaw) -> dict[str, Any] | None:
    """The value of `service.state`; None if the manager says that there is no such service."""
    return _systemd(raw) if raw.form == "systemctl" else _windows(raw)


def _systemd(raw: ServiceRaw) -> dict[str, Any] | None:
    values = raw.values
    load = values.get("LoadState", "")
    if load == "not-found":
        return None
    active = values.get("ActiveState", "")
    state = _LINUX_STATES.get(active, "unknown")
    # systemd calls a program that runs and one that has ended well both active.
    if state == "running" and values.get("SubState") in ("exited", "dead"):
        state = "stopped"
    start = "masked" if load == "masked" else values.get("UnitFileState", "")
    return {
        "unit": raw.unit,
        "installed": True,
        "running": state == "running",
        "state": state,
        "manager_state": f"{active}/{values.get('SubState', '')}",
        "load_state": load,
        "start_type": _LINUX_START.get(start, start or "unknown"),
        "result": values.get("Result") or None,
        "exit_code": _number(values.get("ExecMainStatus")),
        "restarts": _number(values.get("NRestarts")),
    }


def _windows(raw: ServiceRaw) -> dict[str, Any]:
    values = raw.values
    status = values.get("status", "").lower()
    state = _WINDOWS_STATES.get(status, status or "unknown")
    code = _number(values.get("exit_code"))
    return {
        "unit": raw.unit,
        "installed": True,
        "running": state == "running",
        "state": state,
        "manager_state": status,
        "load_state": "loaded",
        "start_type": _WINDOWS_START.get(values.get("start_type", "").lower(), "unknown"),
        "result": _WINDOWS_RESULTS.get(code, "exit-code") if code is not None else None,
        "exit_code": code,
        "restarts": None,
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and text.lstrip("-").isdigit() else None
