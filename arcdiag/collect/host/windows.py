"""Raw values of a Windows machine: registry, service manager, file system; no output of a program is parsed."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host import windows_registry as registry
from arcdiag.collect.host.command import run_command
from arcdiag.collect.host.environment import selected
from arcdiag.collect.host.listeners import local_listeners
from arcdiag.collect.host.platform import (
    CommandRaw,
    DiskRaw,
    EnvironmentRaw,
    FileRaw,
    HostRaw,
    ListenerRaw,
    ResolverRaw,
    ServiceRaw,
)
from arcdiag.collect.host.windows_decode import decode_interfaces, decode_winhttp, https_part
from arcdiag.collect.host.windows_paths import PIPES, SERVICES, windows_logs, windows_paths, windows_volumes
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading, absent, failed

Place = tuple[str, Reading[EnvironmentRaw]]


class WindowsHost:
    """This machine."""

    os = "windows"

    def where(self, path: str) -> Path:
        """The path itself."""
        return Path(path)

    def host(self) -> Reading[HostRaw]:
        """Names and versions."""
        try:
            current = registry.key_values(registry.CURRENT_VERSION)
            tcpip = registry.key_values(registry.TCPIP)
        except OSError:
            current, tcpip = {}, {}
        hostname = socket.gethostname()
        domain = str(tcpip.get("Domain") or tcpip.get("DhcpDomain") or "")
        return Reading.of(
            HostRaw(
                hostname=hostname,
                fqdn=f"{hostname}.{domain}" if domain else None,
                os_id="windows",
                os_name=str(current.get("ProductName") or f"Windows {platform.release()}"),
                os_version=platform.version(),
                arch=platform.machine(),
                kernel=f"{current.get('CurrentBuild', '')}.{current.get('UBR', '')}".strip("."),
                container=bool(os.environ.get("CONTAINER_SANDBOX_MOUNT_POINT")),
            )
        )

    def user(self) -> Reading[tuple[str, bool]]:
        """Name of the user, and whether the process is elevated."""
        elevated = False
        if sys.platform == "win32":
            elevated = bool(ctypes.windll.shell32.IsUserAnAdmin())
        return Reading.of((os.environ.get("USERNAME", "unknown"), elevated))

    def clock_synchronized(self, deadline: Deadline) -> Reading[bool]:
        """Windows tells this only in sentences."""
        return Reading(FactStatus.UNSUPPORTED, None, "Windows does not tell this without parsing w32tm's text")

    def systemd_running(self) -> Reading[bool]:
        """There is none."""
        return Reading(FactStatus.UNSUPPORTED, None, "Windows has no systemd")

    def services(self, deadline: Deadline) -> Mapping[str, Reading[ServiceRaw]]:
        """By the service manager."""
        return {name: self._service(unit) for name, unit in SERVICES.items()}

    def _service(self, unit: str) -> Reading[ServiceRaw]:
        import psutil

        if sys.platform != "win32":
            return Reading(FactStatus.UNSUPPORTED, None, "this is not Windows")
        try:
            told = psutil.win_service_get(unit).as_dict()
        except psutil.NoSuchProcess:
            return absent(f"the service {unit} is not installed")
        except (psutil.Error, OSError) as error:
            return failed(error, unit)
        values = {key: str(told.get(key) or "") for key in ("status", "start_type", "username", "binpath")}
        code = registry.service_exit_code(unit)
        return Reading.of(ServiceRaw(unit, "scm", values | ({} if code is None else {"exit_code": str(code)})))

    def services_text(self) -> str | None:
        """The service manager gives no text."""
        return None

    def package(self, deadline: Deadline) -> Reading[tuple[str, str]]:
        """By the uninstall record."""
        try:
            for values in registry.sub_keys(registry.UNINSTALL):
                if str(values.get("DisplayName", "")).startswith("Azure Connected Machine Agent"):
                    return Reading.of((str(values.get("DisplayVersion", "")), "uninstall record"))
        except OSError as error:
            return failed(error, "uninstall records")
        return absent("no uninstall record of the agent")

    def sources(self) -> Sequence[str]:
        """Registry keys and files that are read."""
        settings = (registry.MACHINE_ENVIRONMENT, registry.TCPIP, registry.WINHTTP)
        keys = (*settings, registry.UNINSTALL, registry.CURRENT_VERSION)
        own = ("HKCU\\" + registry.WININET, "service manager: " + ", ".join(SERVICES.values()), self.hosts_file())
        return (*("HKLM\\" + key for key in keys), *own)

    def commands(self) -> Sequence[Sequence[str]]:
        """Every program that may be run."""
        return ((self.binary(), "version"), (self.binary(), "show", "-j"))

    def paths(self) -> Mapping[str, str]:
        """Logical file names and where they are."""
        return windows_paths()

    def binary(self) -> str:
        """Path of azcmagent.exe."""
        return windows_paths()["azcmagent"]

    def volumes(self) -> Sequence[str]:
        """Data, programs, temporary files, the system drive."""
        return windows_volumes()

    def log_globs(self) -> Sequence[tuple[str, str]]:
        """Where logs lie, with their kinds."""
        return windows_logs()

    def trust_files(self) -> Sequence[str]:
        """None: Windows has a store of its own."""
        return ()

    def file(self, path: str) -> Reading[FileRaw]:
        """The entry of a file, or of a named pipe by the list of pipes, which does not open it."""
        try:
            if path.startswith(PIPES):
                if all(entry.name != path.removeprefix(PIPES) for entry in os.scandir(PIPES)):
                    return absent(f"{path}: not there")
                return Reading.of(FileRaw(path, 0, None, None, "socket", True))
            entry = Path(path).stat()
        except OSError as error:
            return failed(error, path)
        kind = "folder" if Path(path).is_dir() else "file"
        return Reading.of(FileRaw(path, entry.st_size, None, None, kind, os.access(path, os.R_OK)))

    def read(self, path: str, cap: int) -> Reading[bytes]:
        """The beginning of a file."""
        try:
            with Path(path).open("rb") as file:
                return Reading.of(file.read(cap))
        except OSError as error:
            return failed(error, path)

    def find(self, pattern: str) -> Sequence[str]:
        """Files that match a glob in the last part of the path."""
        folder, _, name = pattern.rpartition("\\")
        try:
            return sorted(str(p) for p in Path(folder).glob(name) if p.is_file())
        except OSError:
            return []

    def disk(self, path: str) -> Reading[DiskRaw]:
        """The drive of a path."""
        anchor = Path(path).anchor or path
        try:
            usage = shutil.disk_usage(anchor)
        except OSError as error:
            return failed(error, path)
        return Reading.of(DiskRaw(anchor, usage.total, usage.free, None))

    def environments(self) -> Sequence[Place]:
        """Caller, machine environment (what the services get), WinHTTP and WinINET, which the agent never uses."""
        return [
            ("process", _variables("process", "process", dict(os.environ))),
            ("machine environment", self._machine_environment()),
            ("WinHTTP", self._winhttp()),
            ("WinINET", self._wininet()),
        ]

    def _machine_environment(self) -> Reading[EnvironmentRaw]:
        try:
            values = registry.key_values(registry.MACHINE_ENVIRONMENT)
        except OSError as error:
            return failed(error, "machine environment")
        return _variables("machine environment", "service", {k: str(v) for k, v in values.items()})

    def _winhttp(self) -> Reading[EnvironmentRaw]:
        try:
            blob = registry.key_values(registry.WINHTTP).get("WinHttpSettings")
        except OSError as error:
            return failed(error, "WinHTTP")
        proxy = decode_winhttp(blob) if isinstance(blob, bytes) else None
        variables = {"HTTPS_PROXY": https_part(proxy[0]), "NO_PROXY": proxy[1]} if proxy else {}
        return _variables("WinHTTP", "desktop", variables)

    def _wininet(self) -> Reading[EnvironmentRaw]:
        try:
            values = registry.key_values(registry.WININET, of_user=True)
        except OSError as error:
            return failed(error, "WinINET")
        on = values.get("ProxyEnable") == 1
        return _variables(
            "WinINET", "desktop", {"HTTPS_PROXY": https_part(str(values.get("ProxyServer", "")))} if on else {}
        )

    def resolver(self) -> Reading[ResolverRaw]:
        """Name servers of all interfaces that have an address."""
        try:
            servers = decode_interfaces(registry.sub_keys(registry.INTERFACES))
            tcpip = registry.key_values(registry.TCPIP)
        except OSError as error:
            return failed(error, "network interfaces")
        search = str(tcpip.get("SearchList") or tcpip.get("Domain") or "").replace(",", " ").split()
        return Reading.of(ResolverRaw(servers, tuple(search)))

    def hosts_file(self) -> str:
        """The hosts file."""
        return os.environ.get("SYSTEMROOT", r"C:\Windows") + r"\System32\drivers\etc\hosts"

    def listeners(self, port: int) -> Reading[Sequence[ListenerRaw]]:
        """Who listens on a port of this machine."""
        return local_listeners(port)

    def run(self, argv: Sequence[str], deadline: Deadline) -> Reading[CommandRaw]:
        """Run a program without a shell."""
        return run_command(argv, deadline)


def _variables(place: str, kind: str, variables: Mapping[str, str]) -> Reading[EnvironmentRaw]:
    kept = selected(variables)
    if not kept:
        return absent("no proxy is set here")
    return Reading.of(EnvironmentRaw(place, kind, kept))
