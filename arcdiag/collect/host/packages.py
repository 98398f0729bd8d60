"""The package manager of Linux: the state of the agent's package, locks that are held, Microsoft's repository."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from typing import Any

from arcdiag.collect.host.platform import Host
from arcdiag.logs.values.repository import decode_repositories
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker, file
from arcdiag.model.reading import failed

DPKG_STATUS = "/var/lib/dpkg/status"
PROC_LOCKS = "/proc/locks"
LOCKS = (
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
    "/run/zypp.pid",
    "/var/lib/rpm/.rpm.lock",
)
REPOSITORIES = (
    "/etc/apt/sources.list",
    "/etc/apt/sources.list.d/*.list",
    "/etc/apt/sources.list.d/*.sources",
    "/etc/yum.repos.d/*.repo",
    "/etc/zypp/repos.d/*.repo",
)
SOURCES = (DPKG_STATUS, PROC_LOCKS, *REPOSITORIES)
_STATUS_CAP = 32 * 1024 * 1024
_CAP = 1024 * 1024
_LOCK = re.compile(r"^\d+: (?:FLOCK|POSIX|OFDLCK)\s+\S+\s+WRITE (-?\d+) ([0-9a-f]+):([0-9a-f]+):(\d+) ", re.M)
_BY = "host/packages"


def package_manager_facts(make: FactMaker, host: Host) -> Iterator[Fact]:
    """`package.state`, `package.lock` of each lock that is held, `package.repository`. Linux only."""
    if host.os != "linux":
        return
    yield _state(make, host)
    yield from _locks(make, host)
    yield _repository(make, host)


def _state(make: FactMaker, host: Host) -> Fact:
    reading = host.read(DPKG_STATUS, _STATUS_CAP)
    if reading.value is None:
        # Only dpkg keeps half-installed packages; where rpm rules there is nothing to miss.
        absent = reading.status is FactStatus.ABSENT
        reason = "dpkg does not manage the packages of this machine" if absent else reading.reason
        return make.not_seen("package.state", MACHINE, reading.status, reason, _BY)
    words = dpkg_state(reading.value.decode("utf-8", "replace"), "azcmagent")
    if words is None:
        return make.not_seen("package.state", MACHINE, FactStatus.ABSENT, "dpkg does not know azcmagent", _BY)
    wanted, flag, state = words
    value = {"manager": "dpkg", "state": state, "wanted": wanted, "flag": flag}
    return make.ok("package.state", MACHINE, value, _BY)


def dpkg_state(text: str, package: str) -> tuple[str, str, str] | None:
    """The three words of `Status:` (wanted, flag, state) of a package in dpkg's list; None if it is not listed."""
    start = re.search(rf"^Package: {re.escape(package)}$", text, re.M)
    if start is None:
        return None
    stanza = text[start.start() :].split("\n\n", 1)[0]
    status = re.search(r"^Status: (\S+) (\S+) (\S+)$", stanza, re.M)
    return (status[1], status[2], status[3]) if status else None


def _locks(make: FactMaker, host: Host) -> Iterator[Fact]:
    if sys.platform == "win32":
        raise NotImplementedError
    reading = host.read(PROC_LOCKS, _CAP)
    if reading.value is None:
        yield make.not_seen("package.lock", MACHINE, reading.status, reading.reason, _BY)
        return
    held = {(int(m[2], 16), int(m[3], 16), int(m[4])): int(m[1]) for m in _LOCK.finditer(reading.value.decode())}
    for path in LOCKS:
        try:
            entry = host.where(path).stat()
        except FileNotFoundError:
            # That of another package manager.
            continue
        except OSError as error:
            reading = failed(error, path)
            yield make.not_seen("package.lock", file(path), reading.status, reading.reason, _BY)
            continue
        pid = held.get((os.major(entry.st_dev), os.minor(entry.st_dev), entry.st_ino))
        if pid is not None:
            yield make.ok("package.lock", file(path), {"held": True, **_holder(host, pid)}, _BY)


def _holder(host: Host, pid: int) -> dict[str, Any]:
    name = host.read(f"/proc/{pid}/comm", 64).value if pid > 0 else None
    return {"pid": pid if pid > 0 else None, "process": name.decode("utf-8", "replace").strip() if name else None}


def _repository(make: FactMaker, host: Host) -> Fact:
    texts = {}
    unread = []
    for pattern in REPOSITORIES:
        for path in host.find(pattern):
            reading = host.read(path, _CAP)
            if reading.value is None:
                unread.append(path)
            else:
                texts[path] = reading.value.decode("utf-8", "replace")
    value = decode_repositories(texts)
    if value is not None:
        return make.ok("package.repository", MACHINE, value, _BY)
    if unread:
        reason = f"permission denied: {', '.join(unread[:3])}"
        return make.not_seen("package.repository", MACHINE, FactStatus.DENIED, reason, _BY)
    reason = "no repository of packages.microsoft.com is set up"
    return make.not_seen("package.repository", MACHINE, FactStatus.ABSENT, reason, _BY)
