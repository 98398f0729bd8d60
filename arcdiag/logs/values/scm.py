"""What the Windows service control manager says of a service, to the value of `service.state`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_STATES = {
    "start_pending": "starting",
    "continue_pending": "starting",
    "stop_pending": "stopping",
    "pause_pending": "stopping",
    "paused": "stopped",
}
# 1077: nobody has tried to start it since the machine came up. Codes that are not here belong to a program that ended.
_RESULTS = {
    0: "success",
    1053: "start-timeout",
    1058: "disabled",
    1068: "dependency-failed",
    1069: "logon-failed",
    1075: "dependency-missing",
    1077: "never-started",
    1297: "privilege-missing",
    1385: "logon-failed",
}
_OWN_CODE = 1066
_START = {"automatic": "auto", "auto": "auto", "manual": "manual", "disabled": "disabled"}


def decode_scm(unit: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The value of `service.state`. `values`: `status`, `start_type`, `username`, `binpath` as psutil names them,

    `exit_code` (Win32) and `service_exit_code` of the last end, `delayed` (yes or no), `dependencies` with commas.
    """
    status = values.get("status", "").lower()
    state = _STATES.get(status, status or "unknown")
    code = _number(values.get("exit_code"))
    return {
        "unit": unit,
        "installed": True,
        "running": state == "running",
        "state": state,
        "manager_state": status,
        "load_state": "loaded",
        "start_type": _START.get(values.get("start_type", "").lower(), "unknown"),
        "result": _RESULTS.get(code, "exit-code") if code is not None else None,
        "exit_code": code,
        "service_exit_code": _number(values.get("service_exit_code")) if code == _OWN_CODE else None,
        "restarts": None,
        "settling": state == "starting",
        "user": values.get("username") or None,
        "program": values.get("binpath") or None,
        "delayed_start": {"yes": True, "no": False}.get(values.get("delayed", "")),
        "dependencies": [name for name in values.get("dependencies", "").split(",") if name],
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and text.lstrip("-").isdigit() else None
