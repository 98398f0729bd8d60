"""Whether the agent's own account may read and write a file on Linux, by owner, group, mode, attribute and mount."""

from __future__ import annotations

from dataclasses import dataclass

from arcdiag.collect.host.mounts import Mount
from arcdiag.collect.host.platform import AccountRaw, FileRaw

_READ, _WRITE = 4, 2


@dataclass(frozen=True, slots=True)
class Access:
    """None = cannot be told. `why_not`: immutable, read-only-mount, mode (its own file), owner (another's file)."""

    read: bool | None
    write: bool | None
    why_not: str | None


def agent_access(entry: FileRaw, account: AccountRaw | None, mount: Mount | None) -> Access:
    """What `account` may do with a file, as far as mode and owner tell; access lists are not looked at."""
    if entry.mode is None or account is None:
        return Access(None, None, None)
    if account.uid == 0:
        return Access(True, not (entry.immutable or _fixed(mount)), _forbidden(entry, mount))
    mode = int(entry.mode, 8)
    own = entry.owner in (account.name, str(account.uid))
    shift = 6 if own else 3 if entry.group in account.groups else 0
    bits = mode >> shift
    forbidden = _forbidden(entry, mount) or (None if bits & _WRITE else "mode" if own else "owner")
    return Access(bool(bits & _READ), forbidden is None, forbidden)


def _forbidden(entry: FileRaw, mount: Mount | None) -> str | None:
    if entry.immutable:
        return "immutable"
    return "read-only-mount" if _fixed(mount) else None


def _fixed(mount: Mount | None) -> bool:
    return mount is not None and mount.has("ro")
