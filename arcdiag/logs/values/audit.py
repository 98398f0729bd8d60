"""Lines of the Linux audit log in which a protection denied one of the agent's programs something."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

_EVENT = re.compile(r"\baudit\((\d{1,12})\.(\d{1,6}:\d{1,12})\)")
_DENIAL = re.compile(
    r'\btype=AVC\b.{0,80}\bdenied\b|apparmor="DENIED"|\btype=(?:FANOTIFY|UNKNOWN\[1331\])\b.{0,200}\bresp=2\b'
)
_AGENT = re.compile(
    r'comm="\(?(?:himds|azcmagent|arcproxy|gc_linux_servic\w?|gc_worker|gc_ext\w{0,10})\)?"|/opt/(?:azcmagent|GC_Ext|GC_Service)/'
)
_COMMAND = re.compile(r'\bcomm="([^"]{1,64})"')
_EXAMPLES = 3


def decode_denials(text: str, since: float = 0.0) -> dict[str, Any]:
    """The value of `security.denied`: denials of the agent's programs from `since` (seconds since 1970) on.

    `count` are those that denied, `permissive` those that were only reported; `last` is ISO 8601 UTC.
    """
    found = [event for event in _events(text) if event[0] >= since and _concerns(event[1])]
    real = [(at, lines) for at, lines in found if not any("permissive=1" in line for line in lines)]
    lines = [line for _, event in real for line in event]
    last = max((at for at, _ in real), default=0.0)
    return {
        "count": len(real),
        "permissive": len(found) - len(real),
        "last": datetime.fromtimestamp(last, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if last else None,
        "programs": sorted({name for line in lines for name in _COMMAND.findall(line)})[:8],
        "by": sorted({_kind(line) for line in lines if _DENIAL.search(line)}),
        "examples": [line.strip()[:400] for line in lines if _DENIAL.search(line)][-_EXAMPLES:],
    }


def _events(text: str) -> list[tuple[float, list[str]]]:
    """Lines by event, with its time in seconds since 1970: an event is written as several records with one number."""
    events: dict[str, tuple[float, list[str]]] = {}
    for line in text.splitlines():
        match = _EVENT.search(line)
        if match:
            events.setdefault(match[0], (float(match[1]), []))[1].append(line)
    return list(events.values())


def _concerns(lines: list[str]) -> bool:
    return any(_DENIAL.search(line) for line in lines) and any(_AGENT.search(line) for line in lines)


def _kind(line: str) -> str:
    if 'apparmor="DENIED"' in line:
        return "apparmor"
    return "selinux" if "type=AVC" in line else "fapolicyd"
