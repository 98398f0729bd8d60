"""Linux protections that can deny the agent something: SELinux, AppArmor, fapolicyd, FIPS, and what they denied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from arcdiag.collect.host.platform import Host
from arcdiag.logs.values.audit import decode_denials
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker, file
from arcdiag.model.reading import Reading, failed

AUDIT_LOG = "/var/log/audit/audit.log"
ENFORCE = "/sys/fs/selinux/enforce"
SELINUX_CONFIG = "/etc/selinux/config"
APPARMOR = "/sys/module/apparmor/parameters/enabled"
PROFILES = "/sys/kernel/security/apparmor/profiles"
FIPS = "/proc/sys/crypto/fips_enabled"
FAPOLICYD = "/run/fapolicyd/fapolicyd.pid"
SOURCES = (ENFORCE, SELINUX_CONFIG, APPARMOR, PROFILES, FIPS, FAPOLICYD, f"{AUDIT_LOG} (its last 4 MiB)")
_TAIL = 4 * 1024 * 1024
_CAP = 1024 * 1024
_HOURS = 24
_BY = "host/protection"
_AGENT_WORDS = ("azcmagent", "himds", "arcproxy", "gc_linux_service", "gc_ext", "gc_service")


def protection_facts(make: FactMaker, host: Host, now: float) -> Iterator[Fact]:
    """`machine.selinux`, `machine.apparmor`, `machine.fapolicyd`, `machine.fips`, `security.denied`. Linux only.

    `now` in seconds since 1970; denials of the last day count.
    """
    if host.os != "linux":
        return
    yield _selinux(make, host)
    yield _apparmor(make, host)
    there = host.file(FAPOLICYD).status is FactStatus.OK
    yield _known(make, "machine.fapolicyd", {"running": True} if there else None, "fapolicyd does not run")
    fips = _line(host, FIPS)
    value = {"enabled": fips.value == "1"} if fips.value is not None else None
    yield _known(make, "machine.fips", value, "this kernel has no FIPS mode")
    yield _denied(make, host, now)


def _known(make: FactMaker, name: str, value: dict[str, Any] | None, reason: str) -> Fact:
    if value is None:
        return make.not_seen(name, MACHINE, FactStatus.ABSENT, reason, _BY)
    return make.ok(name, MACHINE, value, _BY)


def _line(host: Host, path: str) -> Reading[str]:
    reading = host.read(path, _CAP)
    if reading.value is None:
        return Reading(reading.status, None, reading.reason)
    return Reading.of(reading.value.decode("utf-8", "replace").strip())


def _selinux(make: FactMaker, host: Host) -> Fact:
    mode = _line(host, ENFORCE)
    if mode.value is None:
        if mode.status is not FactStatus.ABSENT:
            return make.not_seen("machine.selinux", MACHINE, mode.status, mode.reason, _BY)
        return make.not_seen("machine.selinux", MACHINE, FactStatus.ABSENT, "SELinux is off", _BY)
    settings = (_line(host, SELINUX_CONFIG).value or "").splitlines()
    configured = next((s.partition("=")[2].strip() for s in settings if s.startswith("SELINUX=")), None)
    value = {"mode": "enforcing" if mode.value == "1" else "permissive", "configured": configured}
    return make.ok("machine.selinux", MACHINE, value, _BY)


def _apparmor(make: FactMaker, host: Host) -> Fact:
    if (_line(host, APPARMOR).value or "N").upper() != "Y":
        return make.not_seen("machine.apparmor", MACHINE, FactStatus.ABSENT, "AppArmor is off", _BY)
    profiles = _line(host, PROFILES)
    mine = None
    if profiles.value is not None:
        mine = sorted(line for line in profiles.value.splitlines() if any(word in line for word in _AGENT_WORDS))
    value = {"enabled": True, "agent_profiles": mine, "profiles_seen": profiles.value is not None}
    return make.ok("machine.apparmor", MACHINE, value, _BY)


def _denied(make: FactMaker, host: Host, now: float) -> Fact:
    subject = file(AUDIT_LOG)
    text = _tail(host.where(AUDIT_LOG))
    if text.value is None:
        return make.not_seen("security.denied", subject, text.status, text.reason, _BY)
    value = decode_denials(text.value, now - _HOURS * 3600)
    return make.ok("security.denied", subject, {**value, "hours": _HOURS}, _BY)


def _tail(path: Path) -> Reading[str]:
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - _TAIL))
            return Reading.of(stream.read(_TAIL).decode("utf-8", "replace"))
    except OSError as error:
        return failed(error, AUDIT_LOG)
