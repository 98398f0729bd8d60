"""Facts about the agent's files, its backups and its accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from arcdiag.collect.host.access import agent_access
from arcdiag.collect.host.mounts import Mount, mount_of
from arcdiag.collect.host.platform import AccountRaw, FileRaw, Host
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker, file, service
from arcdiag.model.reading import Reading

ACCOUNTS = ("himds", "arcproxy")
"""Linux accounts that the package makes, named as the services that run under them."""
TOKEN_READERS = "himds"
"""The Linux group whose members may read the agent's token keys."""
_CONFIGS = ("agentconfig", "localconfig")
_BY = "host/files"


def file_facts(
    make: FactMaker, host: Host, mounts: Sequence[Mount] = (), account: Reading[AccountRaw] | None = None
) -> Iterator[Fact]:
    """`file.state` of each logical file; ABSENT if it is not there, DENIED if its folder may not be searched.

    `account` is the agent's own: with it the configuration files say whether it may read and write them.
    """
    for name, path in host.paths().items():
        reading = host.file(path)
        if reading.value is None:
            yield make.not_seen("file.state", file(name), reading.status, reading.reason, _BY)
            continue
        value = _value(reading.value)
        if name in _CONFIGS and account is not None:
            access = agent_access(reading.value, account.value, mount_of(mounts, path))
            value |= {
                "agent_may_read": access.read,
                "agent_may_write": access.write,
                "agent_may_not_write_because": access.why_not,
            }
        yield make.ok("file.state", file(name), value, _BY)


def _value(raw: FileRaw) -> dict[str, Any]:
    return {
        "path": raw.path,
        "size": raw.size,
        "mode": raw.mode,
        "owner": raw.owner,
        "group": raw.group,
        "kind": raw.kind,
        "readable": raw.readable,
        "read_only": raw.read_only,
        "immutable": raw.immutable,
        "modified": raw.modified,
    }


def backup_facts(make: FactMaker, host: Host) -> Iterator[Fact]:
    """`config.backup` of each configuration file: copies of it beside it; ABSENT if there are none."""
    for name in _CONFIGS:
        path = host.paths()[name]
        folder, separator, own = path.rpartition("\\" if host.os == "windows" else "/")
        entry = host.file(folder)
        if entry.value is None or not entry.value.readable:
            status = FactStatus.DENIED if entry.value is not None else entry.status
            yield make.not_seen(
                "config.backup", file(name), status, entry.reason or f"{folder}: permission denied", _BY
            )
            continue
        copies = [found for found in host.find(f"{folder}{separator}{name}*") if found != path]
        if copies:
            yield make.ok("config.backup", file(name), {"files": copies[:8]}, _BY)
        else:
            reason = f"no copy of {own} beside it"
            yield make.not_seen("config.backup", file(name), FactStatus.ABSENT, reason, _BY)


def temp_fact(make: FactMaker, host: Host) -> Iterator[Fact]:
    """`machine.temp`: may everybody write /tmp, as installers and extensions expect. Linux only."""
    if host.os != "linux":
        return
    entry = host.file("/tmp")
    if entry.value is None or entry.value.mode is None:
        yield make.not_seen("machine.temp", file("/tmp"), entry.status, entry.reason, _BY)
        return
    mode = int(entry.value.mode, 8)
    value = {"path": "/tmp", "mode": entry.value.mode, "open": mode & 0o777 == 0o777, "sticky": bool(mode & 0o1000)}
    yield make.ok("machine.temp", file("/tmp"), value, _BY)


def account_facts(make: FactMaker, host: Host) -> Iterator[Fact]:
    """`account.state` of the agent's Linux accounts, and `account.token-readers`; ABSENT if one is not there."""
    if host.os != "linux":
        return
    for name in ACCOUNTS:
        reading = host.account(name)
        if reading.value is None:
            yield make.not_seen("account.state", service(name), reading.status, reading.reason, _BY)
        else:
            value = {"name": name, "uid": reading.value.uid, "groups": list(reading.value.groups)}
            yield make.ok("account.state", service(name), value, _BY)
    readers = host.group_members(TOKEN_READERS)
    if readers.value is None:
        yield make.not_seen("account.token-readers", MACHINE, readers.status, readers.reason, _BY)
    else:
        value = {"group": TOKEN_READERS, "members": sorted(readers.value)}
        yield make.ok("account.token-readers", MACHINE, value, _BY)
