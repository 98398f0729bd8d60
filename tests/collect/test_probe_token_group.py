from __future__ import annotations

import os
from pathlib import Path

import pytest

from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.probe.token_group import caller_belongs, group_number, members_can_read
from tests.collect.machine import write

TOKENS, KEY = "/var/opt/azcmagent/tokens", "/var/opt/azcmagent/tokens/a.key"
OWN = os.getegid()
OTHERS = 4_000_000


def machine(root: Path, group: int, folder: int = 0o750, key: int = 0o440) -> LinuxHost:
    """A machine whose group himds has the number `group`; all files belong to the caller's own group."""
    write(root, "/etc/group", f"root:x:0:\nhimds:x:{group}:\n")
    write(root, KEY, "secret").chmod(key)
    (root / TOKENS.lstrip("/")).chmod(folder)
    return LinuxHost(root)


@pytest.mark.parametrize(
    ("group", "folder", "key", "wanted"),
    [
        (OWN, 0o750, 0o440, True),
        (OWN, 0o750, 0o400, False),
        (OWN, 0o700, 0o440, False),
        (OWN, 0o705, 0o440, False),
        (OTHERS, 0o750, 0o440, False),
        (OTHERS, 0o755, 0o440, False),
        (OTHERS, 0o755, 0o444, True),
    ],
)
def test_the_rights_say_who_may_read(tmp_path: Path, group: int, folder: int, key: int, wanted: bool) -> None:
    host = machine(tmp_path, group, folder, key)
    assert members_can_read(host, group_number(host), TOKENS, KEY) is wanted


def test_what_cannot_be_seen_is_not_known(tmp_path: Path) -> None:
    host = machine(tmp_path, OWN)
    assert members_can_read(host, None, TOKENS, KEY) is None
    assert members_can_read(host, OWN, TOKENS, f"{TOKENS}/gone.key") is None
    assert group_number(LinuxHost(tmp_path / "elsewhere")) is None


def test_beside_an_access_control_list_the_mode_tells_too_little(tmp_path: Path) -> None:
    host = machine(tmp_path, OTHERS)
    # Version 2; owner rw-, user 4,000,000 r--, group r--, mask r--, others ---.
    entries = ((0x01, 6, -1), (0x02, 4, 4_000_000), (0x04, 4, -1), (0x10, 4, -1), (0x20, 0, -1))
    listed = b"".join(
        kind.to_bytes(2, "little") + right.to_bytes(2, "little") + (number & 0xFFFFFFFF).to_bytes(4, "little")
        for kind, right, number in entries
    )
    os.setxattr(tmp_path / KEY.lstrip("/"), "system.posix_acl_access", (2).to_bytes(4, "little") + listed)
    (tmp_path / TOKENS.lstrip("/")).chmod(0o755)
    assert members_can_read(host, OTHERS, TOKENS, KEY) is None


def test_the_callers_own_groups() -> None:
    assert caller_belongs(OWN)
    assert not caller_belongs(OTHERS)
