"""The agent's two configuration files: who it is (agentconfig.json) and how it works (localconfig.json)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from arcdiag.case.plain_json import NotPlainError, plain
from arcdiag.collect.host.platform import Host
from arcdiag.collect.host.proxy_url import parse_proxy, without_credentials
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker
from arcdiag.model.fact_maker import file as file_subject
from arcdiag.model.reading import Reading

CAP = 1024 * 1024
_LONG_NUMBER = 19
"""Digits from which on a whole number may not fit."""
_AGENT_KEYS = (
    "resourceName",
    "resourceGroup",
    "subscriptionId",
    "tenantId",
    "location",
    "cloud",
    "vmId",
    "vmUuid",
    "correlationId",
    "privateLinkScope",
    "privateLinkScopeResourceId",
    "gatewayId",
    "certificateThumbprint",
)
_LOCAL_PREFIXES = ("proxy.", "connection.", "config.", "extensions.", "incomingconnections.", "guestconfiguration.")

Settings = Mapping[str, Any]


def read_json(host: Host, path: str) -> Reading[Settings]:
    """A JSON object of a file; ERROR with `not valid JSON: ...` if it is none."""
    reading = host.read(path, CAP)
    if reading.value is None:
        return Reading(reading.status, None, reading.reason)
    return decode_json(reading.value)


def decode_json(data: bytes) -> Reading[Settings]:
    """An object out of bytes that may begin with a byte order mark."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
        if not text.strip("\0 \t\r\n"):
            return _invalid("the file is empty" if not data else "the file holds nothing but blanks or zero bytes")
        value = plain(json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_number))
    except UnicodeDecodeError:
        return _invalid("it is no UTF-8 text")
    except NotPlainError as error:
        return _invalid(str(error))
    except json.JSONDecodeError as error:
        return _invalid(f"line {error.lineno} column {error.colno}: {error.msg}")
    except RecursionError:
        return _invalid("nested too deeply")
    return Reading.of(value) if isinstance(value, dict) else _invalid("it is no object")


def _number(text: str) -> int | float:
    """A number as the agent's parser has it, which keeps none that does not fit and knows no NaN."""
    if len(text) < _LONG_NUMBER and text.lstrip("-").isdigit():
        return int(text)
    number = float(text)
    if not math.isfinite(number):
        raise NotPlainError(f"{text[:40]} is no number")
    return number


def _invalid(why: str) -> Reading[Settings]:
    return Reading(FactStatus.ERROR, None, f"not valid JSON: {why}")


def agent_fact(make: FactMaker, reading: Reading[Settings], raw: str | None) -> Fact:
    """`config.agent`: what the file says of the machine's place in Azure; keys that it lacks are left out."""
    subject, by = file_subject("agentconfig"), "host/config"
    if reading.value is None:
        return make.not_seen("config.agent", subject, reading.status, reading.reason, by, raw=raw)
    by_name = {key.lower(): value for key, value in reading.value.items()}
    value = {key: _plain(by_name[key.lower()]) for key in _AGENT_KEYS if key.lower() in by_name}
    return make.ok("config.agent", subject, value, by, raw)


def local_fact(make: FactMaker, reading: Reading[Settings], raw: str | None) -> Fact:
    """`config.local`: the agent's settings by their names (`proxy.url`, ...), without credentials."""
    subject, by = file_subject("localconfig"), "host/config"
    if reading.value is None:
        return make.not_seen("config.local", subject, reading.status, reading.reason, by, raw=raw)
    value = {
        key: _plain(setting)
        for key, setting in local_settings(reading.value).items()
        if key.startswith(_LOCAL_PREFIXES)
    }
    if value.get("proxy.url"):
        value["proxy.url"] = without_credentials(str(value["proxy.url"]))
    return make.ok("config.local", subject, value, by, raw)


def local_settings(document: Settings) -> dict[str, Any]:
    """Settings with their dotted names in lower case, whether the file nests them or not."""
    found: dict[str, Any] = {}
    stack: list[tuple[str, Any]] = [("", document)]
    while stack:
        prefix, value = stack.pop()
        if isinstance(value, dict):
            stack += [(f"{prefix}.{key}".lstrip("."), inner) for key, inner in reversed(value.items())]
        else:
            found[prefix.lower()] = value
    return found


def _plain(value: Any) -> Any:
    """Strings, numbers, truth values and flat lists as they are; anything else as JSON text."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list) and all(isinstance(v, str | int | float | bool) for v in value):
        return value
    return json.dumps(value, sort_keys=True)[:2000]


def text_setting(settings: Settings, name: str) -> str:
    """A setting as text, empty if it is not there; blanks around it stay, the agent does not take them away either."""
    value = settings.get(name)
    return value if isinstance(value, str) and value.strip() else ""


def list_setting(settings: Settings, name: str) -> tuple[str, ...]:
    """A setting that is a list or a text with commas."""
    value = settings.get(name)
    words = value if isinstance(value, list) else str(value or "").split(",")
    return tuple(str(w).strip() for w in words if str(w).strip())


def without_broken_login(data: bytes) -> bytes:
    """The file without the login of a proxy.url that is no address: nobody else would know it for a secret."""
    reading = decode_json(data)
    value = text_setting(local_settings(reading.value or {}), "proxy.url")
    if not value or parse_proxy(value).usable:
        return data
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        for ascii_only in (True, False):
            old = json.dumps(value, ensure_ascii=ascii_only)[1:-1].encode(encoding, "surrogatepass")
            new = json.dumps(without_credentials(value), ensure_ascii=ascii_only)[1:-1]
            data = data.replace(old, new.encode(encoding, "surrogatepass"))
    return data
