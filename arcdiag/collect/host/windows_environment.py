"""Where a Windows machine keeps proxies: machine environment (the services' own), WinHTTP and WinINET."""

from __future__ import annotations

import os
from collections.abc import Mapping

from arcdiag.collect.host.environment import selected
from arcdiag.collect.host.platform import EnvironmentRaw
from arcdiag.collect.host.windows_registry import MACHINE_ENVIRONMENT, WINHTTP, WININET, data_of, number_of, text_of
from arcdiag.logs.values.registry import Registry
from arcdiag.logs.values.winhttp import decode_winhttp, https_part
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading, absent

Place = tuple[str, Reading[EnvironmentRaw]]


def environment_places(registry: Registry) -> list[Place]:
    """Caller, machine environment, and the two settings of the system that the agent never uses."""
    return [
        ("process", _variables("process", "process", dict(os.environ))),
        ("machine environment", _machine(registry)),
        ("WinHTTP", _winhttp(registry)),
        ("WinINET", _wininet(registry)),
    ]


def _machine(registry: Registry) -> Reading[EnvironmentRaw]:
    reading = registry.values(MACHINE_ENVIRONMENT)
    if not reading.status.known:
        return Reading(reading.status, None, reading.reason)
    variables = {v.name: v.data for v in (reading.value or {}).values() if isinstance(v.data, str)}
    return _variables("machine environment", "service", variables)


def _winhttp(registry: Registry) -> Reading[EnvironmentRaw]:
    reading = registry.values(WINHTTP)
    if not reading.status.known:
        return Reading(reading.status, None, reading.reason)
    blob = data_of(reading).get("winhttpsettings")
    proxy = decode_winhttp(blob) if isinstance(blob, bytes) else None
    variables = {"HTTPS_PROXY": https_part(proxy[0]), "NO_PROXY": proxy[1]} if proxy else {}
    return _variables("WinHTTP", "desktop", variables)


def _wininet(registry: Registry) -> Reading[EnvironmentRaw]:
    reading = registry.values(WININET)
    if not reading.status.known:
        return Reading(reading.status, None, reading.reason)
    values = data_of(reading)
    on = number_of(values, "ProxyEnable") == 1
    server, bypass = text_of(values, "ProxyServer"), text_of(values, "ProxyOverride")
    return _variables("WinINET", "desktop", {"HTTPS_PROXY": https_part(server), "NO_PROXY": bypass} if on else {})


def _variables(place: str, kind: str, variables: Mapping[str, str]) -> Reading[EnvironmentRaw]:
    kept = selected(variables)
    if not kept:
        return absent("no proxy is set here")
    return Reading(FactStatus.OK, EnvironmentRaw(place, kind, kept))
