"""What is mounted where the agent has its programs and data, and with which options."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from arcdiag.collect.host.platform import Host
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker, file
from arcdiag.model.reading import Reading

MOUNTINFO = "/proc/self/mountinfo"
PATHS = (
    "/opt/azcmagent",
    "/opt/GC_Ext",
    "/opt/GC_Service",
    "/var/opt/azcmagent",
    "/var/lib/GuestConfig",
    "/var/lib/waagent",
    "/tmp",
)
_CAP = 4 * 1024 * 1024
_OCTAL = re.compile(r"\\([0-7]{3})")
_BY = "host/mounts"


@dataclass(frozen=True, slots=True)
class Mount:
    """`options` of the mount itself and of the file system behind it."""

    point: str
    fs_type: str
    source: str
    options: tuple[str, ...]

    def has(self, option: str) -> bool:
        """Whether an option is set."""
        return option in self.options


def read_mounts(host: Host) -> Reading[Sequence[Mount]]:
    """The mounts as this process sees them, in the order in which they were made."""
    if host.os != "linux":
        return Reading(FactStatus.UNSUPPORTED, None, "only Linux has a mount table")
    reading = host.read(MOUNTINFO, _CAP)
    if reading.value is None:
        return Reading(reading.status, None, reading.reason)
    return Reading.of(parse_mountinfo(reading.value.decode("utf-8", "replace")))


def parse_mountinfo(text: str) -> tuple[Mount, ...]:
    """Lines of /proc/self/mountinfo; those that do not parse are left out."""
    found = []
    for line in text.splitlines():
        own, _, behind = line.partition(" - ")
        words, rest = own.split(), behind.split()
        if len(words) < 6 or len(rest) < 2:
            continue
        # `ro` of the file system makes the mount read-only too; its other options have names of their own.
        options = dict.fromkeys([*words[5].split(","), *(rest[2].split(",") if len(rest) > 2 else ())])
        if "ro" in options:
            options.pop("rw", None)
        found.append(Mount(_plain(words[4]), rest[0], _plain(rest[1]), tuple(options)))
    return tuple(found)


def _plain(text: str) -> str:
    return _OCTAL.sub(lambda m: chr(int(m[1], 8)), text)


def mount_of(mounts: Sequence[Mount], path: str) -> Mount | None:
    """The mount that holds `path`: the deepest one, and of two on one place the later."""
    best: Mount | None = None
    for mount in mounts:
        inside = path == mount.point or path.startswith(mount.point.rstrip("/") + "/")
        if inside and (best is None or len(mount.point) >= len(best.point)):
            best = mount
    return best


def mount_facts(make: FactMaker, reading: Reading[Sequence[Mount]]) -> Iterator[Fact]:
    """`machine.mount` of each path of the agent, whether the path is there yet or not. Linux only."""
    if reading.value is None:
        if reading.status is not FactStatus.UNSUPPORTED:
            yield make.not_seen("machine.mount", file(MOUNTINFO), reading.status, reading.reason, _BY)
        return
    for path in PATHS:
        mount = mount_of(reading.value, path)
        if mount is not None:
            value = {
                "mount": mount.point,
                "fs_type": mount.fs_type,
                "source": mount.source,
                "options": sorted(option for option in mount.options if "=" not in option),
                "noexec": mount.has("noexec"),
                "read_only": mount.has("ro"),
            }
            yield make.ok("machine.mount", file(path), value, _BY)
