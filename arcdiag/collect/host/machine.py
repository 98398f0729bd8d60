"""Facts about the machine itself: names, user, clock, systemd, disks, resolver."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.platform import DiskRaw, Host, HostRaw
from arcdiag.collect.host.settings import MachineSettings
from arcdiag.model.fact import Fact
from arcdiag.model.fact_maker import MACHINE, FactMaker, file
from arcdiag.model.reading import Reading

_BY = "host/machine"
T = TypeVar("T")
# Letters, digits, - and _, no - or _ at the end: what Azure takes as the name of a machine, but for its length.
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\Z")


def machine_facts(make: FactMaker, host: Host, deadline: Deadline) -> Iterator[Fact]:
    """`machine.host`, `.name`, `.user`, `.uptime`, `.clock`, `.systemd`, and `machine.disk` of each volume."""
    names = host.host()
    yield _fact(make, "machine.host", names, lambda raw: _host(host.os, raw))
    yield _fact(make, "machine.name", names, lambda raw: name_value(raw.hostname, raw.fqdn))
    yield _fact(make, "machine.user", host.user(), lambda raw: {"name": raw[0], "elevated": raw[1]})
    synchronized = host.clock_synchronized(deadline).value
    clock = {"utc_offset_minutes": utc_offset_minutes(), "ntp_synchronized": synchronized}
    yield make.ok("machine.clock", MACHINE, clock, _BY)
    yield _fact(make, "machine.uptime", host.up_seconds(), lambda seconds: {"seconds": int(seconds)})
    if host.os == "linux":
        yield _fact(make, "machine.systemd", host.systemd_running(), lambda running: {"running": running})
    yield from disk_facts(make, host)


def _fact(make: FactMaker, name: str, reading: Reading[T], value: Callable[[T], dict[str, object]]) -> Fact:
    if reading.value is None:
        return make.not_seen(name, MACHINE, reading.status, reading.reason, _BY)
    return make.ok(name, MACHINE, value(reading.value), _BY)


def _host(os: str, raw: HostRaw) -> dict[str, object]:
    return {
        "hostname": raw.hostname,
        "fqdn": raw.fqdn,
        "os": os,
        "os_id": raw.os_id,
        "os_name": raw.os_name,
        "os_version": raw.os_version,
        "arch": raw.arch,
        "kernel": raw.kernel,
        "container": raw.container,
        "product": raw.product,
        "installation": raw.installation,
        "container_kind": raw.container_kind,
    }


def name_value(hostname: str, fqdn: str | None) -> dict[str, object]:
    """The value of `machine.name`: what is odd about the name under which Azure would know the machine."""
    short = hostname.partition(".")[0]
    return {
        "hostname": hostname,
        "fqdn": fqdn,
        "length": len(short),
        "local": short.lower() in ("localhost", "localhost6", "") or hostname.lower() == "localhost.localdomain",
        "upper_case": short != short.lower(),
        "legal": bool(_NAME.match(short)),
    }


def utc_offset_minutes() -> int:
    """Local time minus UTC, now."""
    return time.localtime().tm_gmtoff // 60


def disk_facts(make: FactMaker, host: Host) -> Iterator[Fact]:
    """`machine.disk` once for each volume, with the agent's paths that it holds."""
    volumes: dict[str, tuple[DiskRaw, list[str]]] = {}
    for path in host.volumes():
        reading = host.disk(path)
        if reading.value is None:
            yield make.not_seen("machine.disk", file(path), reading.status, reading.reason, _BY)
            continue
        volumes.setdefault(reading.value.mount, (reading.value, []))[1].append(path)
    for mount, (raw, paths) in volumes.items():
        yield make.ok("machine.disk", file(mount), _disk(raw, paths), _BY)


def _disk(raw: DiskRaw, paths: Sequence[str]) -> dict[str, object]:
    percent = round(100 * raw.free_bytes / raw.total_bytes, 1) if raw.total_bytes else 0.0
    return {
        "path": raw.mount,
        "free_bytes": raw.free_bytes,
        "total_bytes": raw.total_bytes,
        "free_percent": percent,
        "free_inodes_percent": raw.free_inodes_percent,
        "holds": list(paths),
    }


def dns_fact(make: FactMaker, settings: MachineSettings, planned_hosts: Sequence[str], raw: str | None) -> Fact:
    """`machine.dns`; of the hosts file only entries for hosts that the agent needs."""
    reading = settings.resolver
    if reading.value is None:
        return make.not_seen("machine.dns", MACHINE, reading.status, reading.reason, _BY, raw=raw)
    value = {
        "nameservers": list(reading.value.nameservers),
        "upstream": list(reading.value.upstream),
        "search": list(reading.value.search),
        "hosts_overrides": {name: settings.hosts[name][0] for name in planned_hosts if name in settings.hosts},
    }
    return make.ok("machine.dns", MACHINE, value, _BY, raw)
