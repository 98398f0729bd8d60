"""Whether Linux sets addresses by DHCP, from the text of its network configuration, whichever program keeps it."""

from __future__ import annotations

import re
from collections.abc import Mapping

_STATIC = (
    re.compile(r"^\s{0,40}dhcp4:\s{1,8}[\"']?(?:no|false|off)\b", re.M | re.I),
    re.compile(r"^\s{0,8}BOOTPROTO\s{0,4}=\s{0,4}[\"']?(?:none|static)\b", re.M | re.I),
    re.compile(r"^\s{0,8}iface\s{1,8}(?!lo\b)\S{1,40}\s{1,8}inet\s{1,8}static\b", re.M),
    re.compile(r"^\s{0,4}method\s{0,4}=\s{0,4}manual\b", re.M),
    re.compile(r"^\s{0,4}Address\s{0,4}=\s{0,4}\d{1,3}\.", re.M),
)
_DHCP = (
    re.compile(r"^\s{0,40}dhcp4:\s{1,8}[\"']?(?:yes|true|on)\b", re.M | re.I),
    re.compile(r"^\s{0,8}BOOTPROTO\s{0,4}=\s{0,4}[\"']?dhcp", re.M | re.I),
    re.compile(r"^\s{0,8}iface\s{1,8}\S{1,40}\s{1,8}inet\s{1,8}dhcp\b", re.M),
    re.compile(r"^\s{0,4}method\s{0,4}=\s{0,4}auto\b", re.M),
    re.compile(r"^\s{0,4}DHCP\s{0,4}=\s{0,4}(?:yes|true|ipv4|both)\b", re.M | re.I),
)


def dhcp_of(files: Mapping[str, str]) -> tuple[bool, str] | None:
    """Whether DHCP is on, and the file that says so; one card with DHCP is enough. None if no file tells.

    `files`: path to text, of netplan, ifcfg, /etc/network/interfaces, NetworkManager or systemd-networkd.
    """
    for on, patterns in ((True, _DHCP), (False, _STATIC)):
        for path, text in files.items():
            if any(pattern.search(_without_comments(text)) for pattern in patterns):
                return on, path
    return None


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
