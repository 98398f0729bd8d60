"""Raw values of a Linux machine, as root and as an ordinary user."""

from __future__ import annotations

import os
import platform
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host import linux_paths, mounts, packages, protection
from arcdiag.collect.host.command import run_command
from arcdiag.collect.host.environment import parse_env_file
from arcdiag.collect.host.linux_environment import environment_places, unit_file
from arcdiag.collect.host.linux_files import file_entry, read_start, volume
from arcdiag.collect.host.linux_system import account, container_kind, up_seconds
from arcdiag.collect.host.linux_vm_agent import ASKED as VM_AGENT_ASKED
from arcdiag.collect.host.linux_vm_agent import vm_agent_service
from arcdiag.collect.host.listeners import local_listeners
from arcdiag.collect.host.platform import (
    AccountRaw,
    CommandRaw,
    DiskRaw,
    EnvironmentRaw,
    FileRaw,
    HostRaw,
    ListenerRaw,
    ResolverRaw,
    ServiceRaw,
)
from arcdiag.collect.host.resolver import STUBS, canonical_name, parse_resolv_conf
from arcdiag.collect.host.vm_agent import LINUX_LOGS, looks_like_azure_vm
from arcdiag.logs.values.systemctl import PROPERTIES, parse_systemctl_show
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading, absent

_COMMAND_SECONDS = 5.0
_CAP = 1024 * 1024
_TIMEDATECTL = ("/usr/bin/timedatectl", "show", "-p", "NTPSynchronized", "--value")
_SYSTEMCTL = ("/usr/bin/systemctl", "show", "-p", ",".join(PROPERTIES), *linux_paths.UNITS.values())
_PACKAGE_QUESTIONS = (
    ("dpkg", ("/usr/bin/dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", "azcmagent")),
    ("rpm", ("/usr/bin/rpm", "-q", "--qf", "installed %{VERSION}-%{RELEASE}", "azcmagent")),
)


class LinuxHost:
    """Reads below `root`, which is `/` but for tests that lay out a machine in a folder."""

    os = "linux"

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root
        self._services_text: str | None = None

    def where(self, path: str) -> Path:
        """Where a path of this machine is to be opened."""
        return self._root / path.lstrip("/")

    def host(self) -> Reading[HostRaw]:
        """Names and versions."""
        release = parse_env_file(self._text("/etc/os-release") or self._text("/usr/lib/os-release"))
        hostname = socket.gethostname()
        kind = container_kind(self._root)
        return Reading.of(
            HostRaw(
                hostname=hostname,
                fqdn=canonical_name(hostname, self._text(self.hosts_file())),
                os_id=release.get("ID", "linux"),
                os_name=release.get("PRETTY_NAME") or release.get("NAME", "Linux"),
                os_version=release.get("VERSION_ID", ""),
                arch=platform.machine(),
                kernel=platform.release(),
                container=kind is not None,
                container_kind=kind,
            )
        )

    def user(self) -> Reading[tuple[str, bool]]:
        """Name of the user, and whether it is root."""
        if sys.platform == "win32":
            raise NotImplementedError
        import pwd

        uid = os.geteuid()
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            name = str(uid)
        return Reading.of((name, uid == 0))

    def clock_synchronized(self, deadline: Deadline) -> Reading[bool]:
        """What systemd's time service says; it sees the kernel's flag, so chrony and ntpd count too."""
        if not self._has_systemd():
            return Reading(FactStatus.UNSUPPORTED, None, "systemd does not run here")
        result = self._ask(_TIMEDATECTL, deadline)
        word = result.value.output.strip() if result.value else ""
        if word in ("yes", "no"):
            return Reading.of(word == "yes")
        return Reading(FactStatus.UNSUPPORTED, None, result.reason or "timedatectl does not tell")

    def systemd_running(self) -> Reading[bool]:
        """Whether systemd is process 1, by the folder that it makes for that purpose."""
        return Reading.of(self._has_systemd())

    def _has_systemd(self) -> bool:
        return (self._root / "run/systemd/system").is_dir()

    def services(self, deadline: Deadline) -> Mapping[str, Reading[ServiceRaw]]:
        """By `systemctl show`; without systemd only the absence of a unit file can be told."""
        units = linux_paths.UNITS
        if not self._has_systemd():
            return {name: self._unit_without_manager(unit) for name, unit in units.items()}
        result = self._ask(_SYSTEMCTL, deadline)
        if result.value is None or not result.value.output.strip():
            errors = result.value.errors.strip().splitlines() if result.value else []
            status = FactStatus.ERROR if result.value else result.status
            reason = result.reason or (errors[0] if errors else "systemctl printed nothing")
            return dict.fromkeys(units, Reading(status, None, reason))
        self._services_text = result.value.output
        blocks = parse_systemctl_show(result.value.output)
        missing: Reading[ServiceRaw] = Reading(FactStatus.ERROR, None, "systemctl did not name the unit")
        return {
            name: Reading.of(ServiceRaw(unit, "systemctl", blocks[unit])) if unit in blocks else missing
            for name, unit in units.items()
        }

    def _unit_without_manager(self, unit: str) -> Reading[ServiceRaw]:
        if unit_file(self._root, unit) is None:
            return absent(f"{unit} is not installed")
        return Reading(FactStatus.UNSUPPORTED, None, "systemd does not run here, so the unit has no state")

    def services_text(self) -> str | None:
        """What `systemctl show` printed."""
        return self._services_text

    def package(self, deadline: Deadline) -> Reading[tuple[str, str]]:
        """By dpkg, then rpm: a machine can have both programs, and only one of them knows the agent."""
        answer: Reading[tuple[str, str]] = Reading(FactStatus.UNSUPPORTED, None, "neither dpkg nor rpm is here")
        for source, argv in _PACKAGE_QUESTIONS:
            if not self.where(argv[0]).exists():
                continue
            result = self._ask(argv, deadline)
            if result.value is None:
                answer = Reading(result.status, None, result.reason)
                continue
            state, _, version = result.value.output.strip().partition(" ")
            # dpkg also remembers packages that are gone; a half-installed one is there, as its other parts will show.
            if result.value.code == 0 and state not in ("", "not-installed", "config-files") and version:
                return Reading.of((version, source))
            answer = absent("the package azcmagent is not installed")
        return answer

    def _ask(self, argv: Sequence[str], deadline: Deadline) -> Reading[CommandRaw]:
        return self.run([str(self.where(argv[0])), *argv[1:]], deadline.within(_COMMAND_SECONDS))

    def sources(self) -> Sequence[str]:
        """Settings of the system that are read."""
        return (*linux_paths.SOURCES, mounts.MOUNTINFO, *packages.SOURCES, *protection.SOURCES)

    def commands(self) -> Sequence[Sequence[str]]:
        """Every program that may be run."""
        own = ((self.binary(), "version"), (self.binary(), "show", "-j"), (self.binary(), "config", "list"))
        return (_SYSTEMCTL, VM_AGENT_ASKED, _TIMEDATECTL, *(argv for _, argv in _PACKAGE_QUESTIONS), *own)

    def paths(self) -> Mapping[str, str]:
        """Logical file names and where they are."""
        return linux_paths.FILES

    def binary(self) -> str:
        """Path of azcmagent."""
        return linux_paths.BINARY

    def volumes(self) -> Sequence[str]:
        """Data, extensions, programs, logs, temporary files."""
        return linux_paths.VOLUMES

    def log_globs(self) -> Sequence[tuple[str, str]]:
        """Where logs lie, with their kinds."""
        return (*linux_paths.LOGS, *(LINUX_LOGS if looks_like_azure_vm(self) else ()))

    def trust_files(self) -> Sequence[str]:
        """What the agent's own TLS reads."""
        return linux_paths.TRUST_FILES

    def file(self, path: str) -> Reading[FileRaw]:
        """The entry of a file, links followed."""
        return file_entry(self.where(path), path)

    def read(self, path: str, cap: int) -> Reading[bytes]:
        """The beginning of a regular file; a pipe or device is an error, never a wait."""
        return read_start(self.where(path), path, cap)

    def _text(self, path: str) -> str:
        return (self.read(path, _CAP).value or b"").decode("utf-8", "replace")

    def find(self, pattern: str) -> Sequence[str]:
        """Files that match a glob; a folder without rights gives none."""
        found = self._root.glob(pattern.lstrip("/"))
        try:
            return sorted("/" + p.relative_to(self._root).as_posix() for p in found if p.is_file())
        except OSError:
            return []

    def disk(self, path: str) -> Reading[DiskRaw]:
        """The volume of `path` or of its nearest parent that exists."""
        return volume(self.where(path), self._root, path)

    def environments(self) -> Sequence[tuple[str, Reading[EnvironmentRaw]]]:
        """Caller, /etc/environment, systemd's own settings, the units, the running services."""
        return environment_places(self._root, linux_paths.UNITS)

    def resolver(self) -> Reading[ResolverRaw]:
        """/etc/resolv.conf, and behind systemd-resolved the servers that it asks."""
        reading = self.read("/etc/resolv.conf", _CAP)
        if reading.value is None and reading.status is not FactStatus.ABSENT:
            return Reading(reading.status, None, reading.reason)
        raw = parse_resolv_conf((reading.value or b"").decode("utf-8", "replace"))
        if not set(raw.nameservers) & set(STUBS):
            return Reading.of(raw)
        behind = parse_resolv_conf(self._text("/run/systemd/resolve/resolv.conf")).nameservers
        return Reading.of(ResolverRaw(raw.nameservers, raw.search, tuple(s for s in behind if s != "127.0.0.1")))

    def hosts_file(self) -> str:
        """The hosts file."""
        return "/etc/hosts"

    def listeners(self, port: int) -> Reading[Sequence[ListenerRaw]]:
        """Who listens on a port of this machine."""
        return local_listeners(port)

    def run(self, argv: Sequence[str], deadline: Deadline) -> Reading[CommandRaw]:
        """Run a program without a shell."""
        return run_command(argv, deadline)

    def registry(self) -> None:
        """Linux has none."""

    def event_tool(self) -> None:
        """Linux has a journal."""

    def right_holders(self, right: str) -> Reading[tuple[str, ...]]:
        """Linux has no such rights."""
        return Reading(FactStatus.UNSUPPORTED, None, "Linux has no Windows user rights")

    def group_members(self, group: str) -> Reading[tuple[str, ...]]:
        """By /etc/group: those that have the group as their second one."""
        reading = self.read("/etc/group", _CAP)
        if reading.value is None:
            return Reading(reading.status, None, reading.reason)
        for line in reading.value.decode("utf-8", "replace").splitlines():
            name, _, rest = line.partition(":")
            if name == group:
                return Reading.of(tuple(member for member in rest.rpartition(":")[2].split(",") if member))
        return absent(f"the group {group} is not there")

    def other_services(self, deadline: Deadline) -> Mapping[str, Reading[ServiceRaw]]:
        """The Azure VM agent."""
        return vm_agent_service(self._root, self._has_systemd(), lambda argv: self._ask(argv, deadline))

    def up_seconds(self) -> Reading[float]:
        """The age of process 1."""
        return up_seconds()

    def account(self, name: str) -> Reading[AccountRaw]:
        """A local account."""
        return account(self._root, name)
