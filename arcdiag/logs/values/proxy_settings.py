"""`proxy.env` of the places where Windows keeps proxies, from a recorded registry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from arcdiag.logs.values import keys
from arcdiag.logs.values.asked import Asked, Values
from arcdiag.logs.values.registry_data import number, shown, text
from arcdiag.logs.values.winhttp import https_part, winhttp_setting
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import file

_URL = re.compile(r"(?:([a-z][a-z0-9+.-]{0,15})://)?(?:(.*)@)?([^@/\s:]{1,253}):(\d{1,5})/?\Z", re.I)


def proxy_settings(asked: Asked) -> Iterable[Fact]:
    """`proxy.env` for `machine environment` (kind `service`), `WinHTTP` and `WinINET` (`desktop`).

    Values: `place`, `kind`, `url` without credentials, `host`, `port`, `has_credentials`, `no_proxy`. `port` is None
    and `problem` says so where the setting is no `host:port`.
    """
    for place, kind, key, decode in (
        ("machine environment", "service", keys.ENVIRONMENT, _environment),
        ("WinHTTP", "desktop", keys.WINHTTP, _winhttp),
        ("WinINET", "desktop", keys.WININET, _wininet),
    ):
        reading = asked.registry.values(key)
        if reading.status is FactStatus.UNSUPPORTED:
            continue
        try:
            found = decode(reading.value or {})
        except ValueError as error:
            yield asked.make.not_seen("proxy.env", file(place), FactStatus.ERROR, f"{key}: {error}", asked.by)
            continue
        if found is None:
            status = FactStatus.ABSENT if reading.status is FactStatus.OK else reading.status
            yield asked.make.not_seen("proxy.env", file(place), status, "no proxy is set here", asked.by)
        else:
            value = {"place": place, "kind": kind, **found}
            yield asked.make.ok("proxy.env", file(place), value, asked.by, asked.raw)


def _environment(values: Values) -> dict[str, Any] | None:
    proxy, bypass = values.get("https_proxy"), values.get("no_proxy")
    if proxy is None and bypass is None:
        return None
    return {**_url(text(proxy) if proxy else ""), "no_proxy": text(bypass) if bypass else None}


def _winhttp(values: Values) -> dict[str, Any] | None:
    value = values.get("winhttpsettings")
    if value is None:
        return None
    if not isinstance(value.data, bytes):
        raise ValueError(f"WinHttpSettings is no bytes: {shown(value)}")
    try:
        found = winhttp_setting(value.data)
    except ValueError as error:
        raise ValueError(f"WinHttpSettings {error}") from error
    return None if found is None else {**_url(https_part(found[0])), "no_proxy": found[1] or None}


def _wininet(values: Values) -> dict[str, Any] | None:
    on, server = values.get("proxyenable"), values.get("proxyserver")
    if on is None or number(on) == 0 or server is None:
        return None
    bypass = values.get("proxyoverride")
    return {**_url(https_part(text(server))), "no_proxy": text(bypass) if bypass else None}


def _url(setting: str) -> dict[str, Any]:
    if not setting:
        return {"url": None, "host": None, "port": None, "has_credentials": False, "problem": None}
    match = _URL.match(setting.strip())
    port = int(match[4]) if match else 0
    if match is None or not 0 < port < 65536:
        return {
            "url": setting.rpartition("@")[2],
            "host": None,
            "port": None,
            "has_credentials": "@" in setting,
            "problem": "no host and port",
        }
    url = f"{match[1] or 'http'}://{match[3]}:{port}".lower()
    return {
        "url": url,
        "host": match[3].lower(),
        "port": port,
        "has_credentials": match[2] is not None,
        "problem": None,
    }
