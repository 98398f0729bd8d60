"""Where the agent keeps its things on Windows."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType

PIPES = "\\\\.\\pipe\\"
SERVICES: Mapping[str, str] = MappingProxyType(
    {"himds": "himds", "gcad": "GCArcService", "extd": "ExtensionService", "arcproxy": "arcproxy"}
)
OLD_SERVICES: Mapping[str, str] = MappingProxyType({"gcad": "gcservice"})
"""Names that older agents gave them."""


def _data() -> str:
    return os.environ.get("PROGRAMDATA", r"C:\ProgramData")


def windows_paths() -> Mapping[str, str]:
    """Logical names and paths."""
    agent = _data() + r"\AzureConnectedMachineAgent"
    guest = _data() + r"\GuestConfig"
    programs = os.environ.get("PROGRAMW6432") or os.environ.get("PROGRAMFILES", r"C:\Program Files")
    return {
        "agentconfig": agent + r"\Config\agentconfig.json",
        "localconfig": agent + r"\Config\localconfig.json",
        "certs": agent + r"\Certs",
        "tokens": agent + r"\Tokens",
        "himds.sock": PIPES + "himds",
        "azcmagent": programs + r"\AzureConnectedMachineAgent\azcmagent.exe",
        "himds.log": agent + r"\Log\himds.log",
        "azcmagent.log": agent + r"\Log\azcmagent.log",
        "arcproxy.log": agent + r"\Log\arcproxy.log",
        "gc_ext.log": guest + r"\ext_mgr_logs\gc_ext.log",
        "gc_agent.log": guest + r"\arc_policy_logs\gc_agent.log",
    }


def windows_volumes() -> Sequence[str]:
    """Paths whose drives matter."""
    temp = os.environ.get("TEMP", r"C:\Windows\Temp")
    system = os.environ.get("SYSTEMDRIVE", "C:") + "\\"
    return (_data(), os.environ.get("PROGRAMFILES", r"C:\Program Files"), temp, system)


def windows_logs() -> Sequence[tuple[str, str]]:
    """Glob patterns of logs with their kinds."""
    agent = _data() + r"\AzureConnectedMachineAgent\Log"
    guest = _data() + r"\GuestConfig"
    return (
        (agent + r"\azcmagent*.log*", "azcmagent-log"),
        (agent + r"\himds*.log*", "himds-log"),
        (agent + r"\arcproxy*.log*", "arcproxy-log"),
        (guest + r"\ext_mgr_logs\gc_ext*.log*", "gc-ext-log"),
        (guest + r"\arc_policy_logs\gc_agent*.log*", "gc-agent-log"),
    )
