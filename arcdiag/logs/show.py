"""`azcmagent show`, as text or JSON and in every layout, to the facts that a live machine would give."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from arcdiag.logs.grammar import stands_alone
from arcdiag.logs.times import parse_time
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.record import Level, Record
from arcdiag.model.subject import Subject, SubjectKind

_ROW = re.compile(r"^ {0,4}([A-Za-z][\w ().,/-]{1,60}?)\s{0,60}:(?: (.*))?$")
_SERVICE = re.compile(r"\((himdsd?|arcproxyd?|extensionservice|extd|gcarcservice|gcad|gcservice)\)", re.I)
SERVICES = {
    "himds": "himds",
    "himdsd": "himds",
    "arcproxy": "arcproxy",
    "arcproxyd": "arcproxy",
    "extensionservice": "extd",
    "extd": "extd",
    "gcarcservice": "gcad",
    "gcservice": "gcad",
    "gcad": "gcad",
}
"""Real service and unit names to arcdiag's one name on both systems."""
_KEYS = {
    "resource_name": ("resourcename", "resource name"),
    "resource_group": ("resourcegroup", "resourcegroupname", "resource group name"),
    "resource_id": ("resourceid", "resource id"),
    "subscription_id": ("subscriptionid", "subscription id"),
    "tenant_id": ("tenantid", "tenant id"),
    "vm_id": ("vmid", "vm id"),
    "vm_uuid": ("vmuuid", "vm uuid"),
    "location": ("location",),
    "cloud": ("cloud",),
    "agent_version": ("agentversion", "agent version"),
    "status": ("status", "agentstatus", "agent status"),
    "last_heartbeat": ("lastheartbeat", "agentlastheartbeat", "agent last heartbeat"),
    "error_code": ("errorcode", "agenterrorcode", "agent error code"),
    "error_details": ("errordetails", "agenterrordetails", "agent error details"),
    "error_time": ("errortimestamp", "agenterrortimestamp", "agent error timestamp"),
    "https_proxy": ("httpsproxy", "using https proxy"),
    "proxy_bypass": ("proxybypass", "proxybypasslist", "proxy bypass list"),
    "upstream_proxy": ("upstreamproxy", "upstream proxy"),
    "gateway_url": ("gatewayurl", "gateway url"),
    "connection_type": ("connectiontype", "connection type"),
    "private_link_scope": ("privatelinkscope", "private link scope"),
}
_PADDED = re.compile(r"^ {0,4}[A-Za-z][\w ().,/-]{1,60}? :(?: |$)|^[A-Z][\w ]{2,40}$")
"""A row as the agent prints it, with a blank before the colon, or a heading between rows."""
# Columns of a window that breaks lines, at least.
_NARROWEST = 72
_PRINTED = frozenset({"agent status", "agent version", "resource name", "agent last heartbeat"})
_FIRST = frozenset({"resource name", "agent version", "agent status"})
_IDENTITY = ("resource_name", "resource_id", "subscription_id", "tenant_id", "vm_id")


def parse_show_text(text: str, source: str) -> list[Fact]:
    """Facts of the display form; [] if the text holds no line of it.

    Of several in one text (`for s in …; do ssh $s azcmagent show`) the one that most wants a look counts: of the same
    machine the newest, of several machines one that is not connected.
    """
    found = [block for block in _blocks(text) if not _PRINTED.isdisjoint(block.rows)]
    if not found:
        return []
    chosen = _chosen(found)
    return _facts(chosen.rows, chosen.services, source)


def machines_shown(text: str) -> list[str]:
    """The names of the machines that a text shows in the display form, in order."""
    return list(dict.fromkeys(name for block in _blocks(text) if (name := block.rows.get("resource name", ""))))


@dataclass
class _Block:
    """What one call of `azcmagent show` printed."""

    rows: dict[str, str] = field(default_factory=dict)
    services: list[tuple[str, str]] = field(default_factory=list)


def _blocks(text: str) -> list[_Block]:
    """The shows in a text: another begins where one of the keys that each of them prints once comes again."""
    blocks = [_Block()]
    for line in unwrapped(text, _value_goes_on):
        match = _ROW.match(line.rstrip())
        if not match:
            continue
        key, value = match[1].strip(), (match[2] or "").strip()
        service = _SERVICE.search(key)
        if service:
            blocks[-1].services.append((service[1].lower(), value))
            continue
        if key.lower() in _FIRST and key.lower() in blocks[-1].rows:
            blocks.append(_Block())
        blocks[-1].rows.setdefault(key.lower(), value)
    return blocks


def unwrapped(text: str, goes_on: Callable[[str, str], bool]) -> list[str]:
    """The lines of a text; what a narrow window broke is put together where `goes_on(line before, line)` says so.

    Only behind a full line: a window breaks all lines at one width, so none is longer than a full one.
    """
    given = text.splitlines()
    width = max(map(len, given), default=0)
    lines: list[str] = []
    full = False
    for line in given:
        if full and line.strip() and not stands_alone(line) and goes_on(lines[-1], line):
            lines[-1] += line
        else:
            lines.append(line)
        full = len(line) == width >= _NARROWEST
    return lines


def _value_goes_on(row: str, line: str) -> bool:
    return bool(_PADDED.match(row)) and not _PADDED.match(line)


def _chosen(blocks: list[_Block]) -> _Block:
    if len({block.rows.get("resource name", "") for block in blocks}) > 1:
        return max(blocks, key=lambda b: (_trouble(b), bool(b.rows.get("agent error details"))))
    beats = [(parse_time(block.rows.get("agent last heartbeat", "")), block) for block in blocks]
    dated = [(time.in_utc(None).at.replace(tzinfo=None), block) for time, block in beats if time is not None]
    if len(dated) == len(blocks):
        return max(dated, key=lambda pair: pair[0])[1]
    merged = _Block(services=[pair for block in blocks for pair in block.services])
    for block in blocks:
        merged.rows = {**block.rows, **merged.rows}
    return merged


def _trouble(block: _Block) -> bool:
    status = next((block.rows[key] for key in ("agent status", "agentstatus", "status") if key in block.rows), "")
    return status.lower() in ("disconnected", "expired")


def parse_show_json(text: str, source: str) -> list[Fact]:
    """Facts of `show -j`; [] if the text holds no object of that form (the program can print other text beside it)."""
    found = []
    for data in json_objects(text):
        rows = {re.sub(r"[\s_]", "", key).lower(): _scalar(value) for key, value in data.items()}
        if not {"agentversion", "lastheartbeat", "agentstatus"} & rows.keys():
            continue
        services = [
            (str(s.get("serviceName", "")).lower(), str(s.get("status", "")))
            for s in data.get("services") or []
            if isinstance(s, dict)
        ]
        found.append(_Block({k: v for k, v in rows.items() if v is not None}, services))
    several = len({block.rows.get("resourcename", "") for block in found}) > 1
    chosen = max(found, key=_trouble) if several else found[0] if found else None
    return _facts(chosen.rows, chosen.services, source) if chosen else []


def json_objects(text: str, limit: int = 20) -> Iterable[dict[str, Any]]:
    """The JSON objects in a text, in order; what stands between them is skipped. Damaged or too deep ones end it."""
    decoder = json.JSONDecoder(strict=False)
    at = text.find("{")
    while at >= 0 and limit:
        limit -= 1
        try:
            data, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        if isinstance(data, dict):
            yield data
        at = text.find("{", end)


def _scalar(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int | float) else None


def show_value(rows: Mapping[str, str]) -> dict[str, Any]:
    """The value of `agent.show` from keys as they are printed, in lower case; keys that were not printed are left out.

    `never_connected`: the keys of the machine's identity were printed, and all of them are empty.
    """
    squeezed = {re.sub(r"[\s_]", "", key): value for key, value in rows.items()}
    value: dict[str, Any] = {}
    for name, keys in _KEYS.items():
        found = next((squeezed[k] for key in keys if (k := key.replace(" ", "")) in squeezed), None)
        if found is not None:
            value[name] = found
    whole = sum(name in value for name in _IDENTITY) >= 2
    value["never_connected"] = whole and not any(value.get(name) for name in _IDENTITY)
    return value


def _facts(rows: Mapping[str, str], services: list[tuple[str, str]], source: str) -> list[Fact]:
    value = show_value(rows)
    at = _at(value)
    facts = [Fact("agent.show", None, FactStatus.OK, value, at=at, by="show", raw=source)]
    if value.get("agent_version"):
        facts.append(
            Fact("agent.version", None, FactStatus.OK, {"version": value["agent_version"]}, by="show", raw=source)
        )
    for name, state in services:
        logical = SERVICES.get(name)
        if logical and state:
            running = state.lower() in ("running", "active")
            subject = Subject(SubjectKind.SERVICE, logical)
            facts.append(_service(subject, name, state, running, source, at))
    return facts


def _at(value: Mapping[str, Any]) -> str | None:
    """When it was shown, as far as it says: a connected machine's last heartbeat is at most some minutes old."""
    key = "last_heartbeat" if str(value.get("status", "")).lower() == "connected" else "error_time"
    time = parse_time(str(value.get(key, "")))
    return time.iso() if time else None


def _service(subject: Subject, name: str, state: str, running: bool, source: str, at: str | None) -> Fact:
    if state.lower() in ("unknown", "n/a"):
        return Fact("service.state", subject, FactStatus.UNSUPPORTED, by="show", reason=f"shown as {state}", raw=source)
    value = {"unit": name, "state": state.lower(), "running": running, "installed": True}
    return Fact("service.state", subject, FactStatus.OK, value, at=at, by="show", raw=source)


def error_record(fact: Fact, line: int = 1) -> Record | None:
    """What himds itself says of its last error, as a record to search; None without one or on a connected machine."""
    value = fact.value
    details = " ".join(str(value.get(key, "")) for key in ("error_code", "error_details")).strip()
    if not details or str(value.get("status", "")).lower() == "connected":
        return None
    time = parse_time(str(value.get("error_time", ""))) or parse_time(str(value.get("last_heartbeat", "")))
    return Record(line, line, time, Level.ERROR, details, "show")
