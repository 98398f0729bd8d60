"""What `systemctl show` prints, live or kept in a case, to the value of `service.state`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import service

PROPERTIES = (
    "Id",
    "LoadState",
    "ActiveState",
    "SubState",
    "UnitFileState",
    "Type",
    "Restart",
    "Result",
    "ExecMainCode",
    "ExecMainStatus",
    "NRestarts",
    "ActiveEnterTimestamp",
    "ActiveEnterTimestampMonotonic",
    "User",
    "Group",
    "FragmentPath",
    "DropInPaths",
    "ExecStart",
)
"""None of them can hold a secret; `Environment` could."""
UNITS: Mapping[str, str] = {
    "himdsd.service": "himds",
    "gcad.service": "gcad",
    "extd.service": "extd",
    "arcproxyd.service": "arcproxy",
}
"""Units and arcdiag's names of the services."""
LOOPING_RESTARTS = 3
LOOPING_SECONDS = 120
BOOT_SECONDS = 180
"""How long after the machine's own start a unit may still wait for its turn."""
_BY = "systemctl"
_STATES = {
    "active": "running",
    "reloading": "running",
    "inactive": "stopped",
    "failed": "failed",
    "activating": "starting",
    "deactivating": "stopping",
}
_START = {
    "enabled": "auto",
    "enabled-runtime": "auto",
    "static": "manual",
    "indirect": "manual",
    "generated": "auto",
    "masked-runtime": "masked",
}
# Exit codes that systemd itself sets before the program has run.
_START_FAILURES = {
    200: "200/CHDIR",
    201: "201/NICE",
    202: "202/FDS",
    203: "203/EXEC",
    204: "204/MEMORY",
    205: "205/LIMITS",
    208: "208/STDIN",
    209: "209/STDOUT",
    214: "214/SETSCHEDULER",
    216: "216/GROUP",
    217: "217/USER",
    218: "218/CAPABILITIES",
    219: "219/CGROUP",
    222: "222/STDERR",
    224: "224/PAM",
    225: "225/NETWORK",
    226: "226/NAMESPACE",
    228: "228/SECCOMP",
    229: "229/SELINUX_CONTEXT",
    231: "231/APPARMOR_PROFILE",
    233: "233/RUNTIME_DIRECTORY",
    238: "238/STATE_DIRECTORY",
    239: "239/CACHE_DIRECTORY",
    240: "240/LOGS_DIRECTORY",
    241: "241/CONFIGURATION_DIRECTORY",
    242: "242/NUMA_POLICY",
    243: "243/CREDENTIALS",
}
_EXITED = "1"
_PATH = re.compile(r"\bpath=([^\s;]{1,300})")


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


def systemctl_facts(text: str, source: str) -> list[Fact]:
    """`service.state` of the agent's units in a kept text; [] if it names none of them."""
    facts = []
    for unit, values in parse_systemctl_show(text).items():
        name = UNITS.get(unit)
        if name is None or "LoadState" not in values or "ActiveState" not in values:
            continue
        value = decode_systemd(unit, values)
        status = FactStatus.ABSENT if value is None else FactStatus.OK
        reason = f"{unit} is not installed" if value is None else None
        facts.append(Fact("service.state", service(name), status, value or {}, by=_BY, reason=reason, raw=source))
    return facts


def decode_systemd(
    unit: str, values: Mapping[str, str], now: float | None = None, up_seconds: float | None = None
) -> dict[str, Any] | None:
    """The value of `service.state`; None if systemd says that there is no such unit.

    `now`: the monotonic clock in seconds, `up_seconds`: since the machine's start; without them `active_seconds` is
    None and nothing counts as still starting but what systemd itself calls so.
    """
    load = values.get("LoadState", "")
    if load == "not-found":
        return None
    active, sub = values.get("ActiveState", ""), values.get("SubState", "")
    state = _state(active, sub)
    seconds = _active_seconds(values, now) if active == "active" else None
    restarts = _number(values.get("NRestarts"))
    start = "masked" if load == "masked" else values.get("UnitFileState", "")
    start = _START.get(start, start or "unknown")
    return {
        "unit": unit,
        "installed": True,
        "running": state == "running",
        "state": state,
        "manager_state": f"{active}/{sub}",
        "load_state": load,
        "start_type": start,
        "result": values.get("Result") or None,
        "exit_code": _number(values.get("ExecMainStatus")),
        "start_failure": _start_failure(values),
        "restarts": restarts,
        "active_seconds": seconds,
        "looping": _looping(sub, restarts, seconds),
        "settling": _settling(active, sub, values, start, up_seconds),
        "user": values.get("User") or None,
        "group": values.get("Group") or None,
        "program": _program(values.get("ExecStart", "")),
        "unit_file": values.get("FragmentPath") or None,
        "drop_ins": values.get("DropInPaths", "").split(),
    }


def _state(active: str, sub: str) -> str:
    state = _STATES.get(active, "unknown")
    # systemd calls a program that runs and one that has ended well both active.
    if state == "running" and sub in ("exited", "dead"):
        return "stopped"
    return state


def _active_seconds(values: Mapping[str, str], now: float | None) -> int | None:
    entered = _number(values.get("ActiveEnterTimestampMonotonic"))
    if now is None or not entered:
        return None
    return max(0, int(now - entered / 1_000_000))


def _start_failure(values: Mapping[str, str]) -> str | None:
    """Why systemd could not run the program (`203/EXEC`); None if it ran."""
    if values.get("Result") in ("", "success") or values.get("ExecMainCode") != _EXITED:
        return None
    return _START_FAILURES.get(_number(values.get("ExecMainStatus")) or 0)


def _looping(sub: str, restarts: int | None, seconds: int | None) -> bool:
    """Whether it starts and dies over and over; a look at a lucky moment sees it run, for some seconds."""
    if sub in ("auto-restart", "auto-restart-queued"):
        return True
    often = restarts is not None and restarts >= LOOPING_RESTARTS
    return often and seconds is not None and seconds < LOOPING_SECONDS


def _settling(active: str, sub: str, values: Mapping[str, str], start: str, up_seconds: float | None) -> bool:
    """Whether it is on its way up for the first time, or waits for its turn right after the machine's own start."""
    tried = _number(values.get("NRestarts")) or 0
    if active == "activating" and not sub.startswith("auto-restart") and tried < LOOPING_RESTARTS:
        return up_seconds is None or up_seconds < BOOT_SECONDS or values.get("Type") in ("notify", "forking")
    never = values.get("ActiveEnterTimestampMonotonic") == "0" and values.get("Result", "success") == "success"
    young = up_seconds is not None and up_seconds < BOOT_SECONDS
    return active == "inactive" and never and young and start == "auto"


def _program(text: str) -> str | None:
    match = _PATH.search(text)
    return match[1] if match else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.lstrip("-").isdigit() else None
