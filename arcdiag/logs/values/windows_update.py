r"""Where a Windows machine gets its updates from, and whether it installs them by itself: registry or policy file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from arcdiag.logs.values.registry import Registry, RegistryValue
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker

_BY = "registry"
_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate"
_AU = _POLICY + r"\AU"
# Windows' own words for the numbers of AUOptions.
_AU_OPTIONS = {2: "notify", 3: "download", 4: "install", 5: "local-choice", 7: "notify-restart"}

Values = Mapping[str, RegistryValue]


def windows_update_facts(make: FactMaker, registry: Registry, raw: str | None = None) -> list[Fact]:
    r"""`policy.windows-update`; ABSENT if no policy is set, [] if the recording does not hold the key.

    `no_auto_update`: None if the policy does not say. `wsus`: host and port of the update server if the machine is told
    to use one. `access_disabled`: Windows Update is switched off for this machine.
    """
    policy, automatic = registry.values(_POLICY), registry.values(_AU)
    readings = (policy, automatic)
    if all(r.status is FactStatus.UNSUPPORTED for r in readings):
        return []
    if all(r.value is None for r in readings):
        first = next(r for r in readings if r.status is not FactStatus.UNSUPPORTED)
        return [make.not_seen("policy.windows-update", MACHINE, first.status, first.reason, _BY, raw=raw)]
    return [make.ok("policy.windows-update", MACHINE, _value(policy.value or {}, automatic.value or {}), _BY, raw)]


def _value(policy: Values, automatic: Values) -> dict[str, Any]:
    uses = _flag(automatic, "usewuserver")
    server = _server(policy, "wuserver")
    options = _number(automatic, "auoptions")
    return {
        "no_auto_update": _flag(automatic, "noautoupdate"),
        "uses_wsus": bool(uses and server),
        "wsus": server if uses else None,
        "wsus_set_unused": bool(server and not uses),
        "status_server": _server(policy, "wustatusserver") if uses else None,
        "au_options": _AU_OPTIONS.get(-1 if options is None else options, options),
        "access_disabled": _flag(policy, "disablewindowsupdateaccess") or False,
        "no_internet_locations": _flag(policy, "donotconnecttowindowsupdateinternetlocations") or False,
    }


def _flag(values: Values, name: str) -> bool | None:
    number = _number(values, name)
    return None if number is None else number != 0


def _number(values: Values, name: str) -> int | None:
    value = values.get(name)
    return value.data if value is not None and isinstance(value.data, int) else None


def _server(values: Values, name: str) -> str | None:
    """Host and port of a URL; the text itself, without what stands before an @, if it is none."""
    value = values.get(name)
    text = value.data.strip() if value is not None and isinstance(value.data, str) else ""
    try:
        parts = urlsplit(text)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return f"{parts.hostname}:{port}" if parts.hostname else text.rpartition("@")[2] or None
    except ValueError:
        return text.rpartition("@")[2] or None
