"""The agent's group `himds` on Linux: its members may read the keys of tokens, if the files' rights say so too."""

from __future__ import annotations

import os
import re
import sys

from arcdiag.collect.host.platform import Host

_GROUP_FILE_CAP = 1024 * 1024
_ACL = "system.posix_acl_access"
# Rights of the group and of others: to pass through a folder, and to read a file.
_PASS, _READ = (0o010, 0o001), (0o040, 0o004)


def group_number(host: Host) -> int | None:
    """The number of the group; None where there is none."""
    if host.os != "linux":
        return None
    groups = host.read("/etc/group", _GROUP_FILE_CAP).value
    found = re.search(rb"^himds:[^:\n]*:(\d{1,10}):", groups or b"", re.MULTILINE)
    return int(found[1]) if found else None


def caller_belongs(number: int) -> bool:
    """Whether this process has the group."""
    return sys.platform != "win32" and number in {os.getegid(), *os.getgroups()}


def members_can_read(host: Host, number: int | None, folder: str, key: str) -> bool | None:
    """Whether the rights of the folder and of the key let the group's members in; None where that cannot be seen."""
    if number is None:
        return None
    seen = (_lets_in(host, folder, number, _PASS), _lets_in(host, key, number, _READ))
    if False in seen:
        return False
    return None if None in seen else True


def _lets_in(host: Host, path: str, number: int, rights: tuple[int, int]) -> bool | None:
    try:
        entry = host.where(path).stat()
    except OSError:
        return None
    if _has_list(host, path):
        return None
    of_group, of_others = rights
    return bool(entry.st_mode & (of_group if entry.st_gid == number else of_others))


def _has_list(host: Host, path: str) -> bool:
    """Whether an access control list decides beside the mode, which then tells too little."""
    if sys.platform != "linux":
        return False
    try:
        os.getxattr(host.where(path), _ACL)
    except OSError:
        return False
    return True
