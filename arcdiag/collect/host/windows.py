"""Raw values of a Windows machine: registry, service manager, file system; no output of a program is parsed."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from arcdiag.case.folder import open_regular
from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host import events, windows_accounts, windows_files
from arcdiag.collect.host import windows_registry as keys
from arcdiag.collect.host.command import run_command
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
from arcdiag.collect.host.policy import TOKEN_READERS
from arcdiag.collect.host.vm_agent import WINDOWS_LOGS, looks_like_azure_vm
from arcdiag.collect.host.win32 import library
from arcdiag.collect.host.windows_environment import environment_places
from arcdiag.collect.host.windows_keys import decoded_keys
from arcdiag.collect.host.windows_paths import (
    OLD_SERVICES,
    SERVICES,
    windows_logs,
    windows_paths,
    windows_volumes,
)
from arcdiag.collect.host.windows_registry import LiveRegistry, data_of, number_of, text_of
from arcdiag.collect.host.windows_resolver import read_resolver
from arcdiag.collect.host.windows_services import query_service
from arcdiag.collect.host.windows_version import read_host
from arcdiag.logs.values.azure_guest import SERVICES as OTHER_SERVICES
from arcdiag.logs.values.logon_right import RIGHT
from arcdiag.logs.values.registry import Registry
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading, absent, failed


class WindowsHost:
    """This machine; with a recorded registry, what that one tells."""

    os = "windows"

    def __init__(self, registry: Registry | None = None) -> None:
        self._registry: Registry = registry or LiveRegistry()
        # The service manager of Wine mixes up the handles of threads that ask at once; Windows loses nothing by this.
        self._one_at_a_time = threading.Lock()

    def where(self, path: str) -> Path:
        """The path itself."""
        return Path(path)

    def host(self) -> Reading[HostRaw]:
        """Names and versions."""
        return Reading.of(read_host(self._registry))

    def user(self) -> Reading[tuple[str, bool]]:
        """Name of the user, and whether the process is elevated."""
        try:
            elevated = bool(library("shell32").IsUserAnAdmin())
        except OSError:
            elevated = False
        return Reading.of((os.environ.get("USERNAME", "unknown"), elevated))

    def clock_synchronized(self, deadline: Deadline) -> Reading[bool]:
        """Windows tells this only in sentences."""
        return Reading(FactStatus.UNSUPPORTED, None, "Windows does not tell this without parsing w32tm's text")

    def systemd_running(self) -> Reading[bool]:
        """There is none."""
        return Reading(FactStatus.UNSUPPORTED, None, "Windows has no systemd")

    def services(self, deadline: Deadline) -> Mapping[str, Reading[ServiceRaw]]:
        """By the service manager."""
        found = {name: self._service(unit) for name, unit in SERVICES.items()}
        for name, unit in OLD_SERVICES.items():
            if found[name].status is FactStatus.ABSENT and (old := self._service(unit)).value is not None:
                found[name] = old
        return found

    def _service(self, unit: str) -> Reading[ServiceRaw]:
        with self._one_at_a_time:
            reading = query_service(unit)
        if reading.value is None:
            return Reading(reading.status, None, reading.reason)
        more = data_of(self._registry.values(rf"{keys.SERVICE}\{unit}"))
        delayed = "yes" if number_of(more, "DelayedAutostart") else "no"
        return Reading.of(ServiceRaw(unit, "scm", {**reading.value, "delayed": delayed}))

    def services_text(self) -> str | None:
        """The service manager gives no text."""
        return None

    def package(self, deadline: Deadline) -> Reading[tuple[str, str]]:
        """By the uninstall record."""
        products = self._registry.subkeys(keys.UNINSTALL)
        if not products.status.known:
            return Reading(products.status, None, products.reason)
        for product in products.value or ():
            values = data_of(self._registry.values(rf"{keys.UNINSTALL}\{product}"))
            if text_of(values, "DisplayName").startswith("Azure Connected Machine Agent"):
                return Reading.of((text_of(values, "DisplayVersion"), "uninstall record"))
        return absent("no uninstall record of the agent")

    def sources(self) -> Sequence[str]:
        """Registry keys and files that are read."""
        settings = (keys.MACHINE_ENVIRONMENT, keys.TCPIP, keys.WINHTTP, keys.WININET)
        machine = (keys.UNINSTALL, keys.CURRENT_VERSION, keys.PRODUCT, *decoded_keys())
        services = ", ".join((*SERVICES.values(), *OLD_SERVICES.values(), *OTHER_SERVICES))
        asked = (f"service manager: {services}", f"user right {RIGHT}", f"local group {TOKEN_READERS}")
        return (*dict.fromkeys((*settings, *machine)), *asked, self.hosts_file())

    def commands(self) -> Sequence[Sequence[str]]:
        """Every program that may be run."""
        questions = (("version",), ("show", "-j"), ("config", "list"))
        return (*((self.binary(), *question) for question in questions), *events.commands(self.event_tool()))

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
        return (*windows_logs(), *(WINDOWS_LOGS if looks_like_azure_vm(self) else ()))

    def trust_files(self) -> Sequence[str]:
        """None: Windows has a store of its own."""
        return ()

    def file(self, path: str) -> Reading[FileRaw]:
        """The entry of a file or of a named pipe."""
        return windows_files.entry(path)

    def read(self, path: str, cap: int) -> Reading[bytes]:
        """The beginning of a file."""
        try:
            with open_regular(path) as file:
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

    def environments(self) -> Sequence[tuple[str, Reading[EnvironmentRaw]]]:
        """Caller, machine environment (what the services get), WinHTTP and WinINET, which the agent never uses."""
        return environment_places(self._registry)

    def resolver(self) -> Reading[ResolverRaw]:
        """Name servers of all interfaces that have an address."""
        return read_resolver(self._registry)

    def hosts_file(self) -> str:
        """The hosts file."""
        return os.environ.get("SYSTEMROOT", r"C:\Windows") + r"\System32\drivers\etc\hosts"

    def listeners(self, port: int) -> Reading[Sequence[ListenerRaw]]:
        """Who listens on a port of this machine."""
        reading = local_listeners(port)
        if reading.value is None:
            return reading
        # The idle process owns no socket: 0 stands where the system does not tell the owner.
        return Reading.of([raw if raw.pid else ListenerRaw(raw.address, None, None) for raw in reading.value])

    def run(self, argv: Sequence[str], deadline: Deadline) -> Reading[CommandRaw]:
        """Run a program without a shell."""
        return run_command(argv, deadline)

    def other_services(self, deadline: Deadline) -> Mapping[str, Reading[ServiceRaw]]:
        """The Azure VM agent and Windows Update."""
        return {name: self._service(name) for name in OTHER_SERVICES}

    def up_seconds(self) -> Reading[float]:
        """By the time of the start that psutil tells."""
        import psutil

        if sys.platform != "win32":
            return Reading(FactStatus.UNSUPPORTED, None, "this is not Windows")
        try:
            return Reading.of(max(0.0, time.time() - psutil.boot_time()))
        except (OSError, psutil.Error) as error:
            return failed(error, "time of the start")

    def account(self, name: str) -> Reading[AccountRaw]:
        """The services run as virtual accounts, which are no users."""
        return Reading(FactStatus.UNSUPPORTED, None, "the agent has no user of its own on Windows")

    def event_tool(self) -> str:
        """wevtutil.exe of the system folder."""
        return os.environ.get("SYSTEMROOT", r"C:\Windows") + r"\System32\wevtutil.exe"

    def registry(self) -> Registry:
        """The registry of this machine."""
        return self._registry

    def right_holders(self, right: str) -> Reading[tuple[str, ...]]:
        """By the local security authority."""
        return windows_accounts.right_holders(right)

    def group_members(self, group: str) -> Reading[tuple[str, ...]]:
        """By the accounts database of the machine."""
        return windows_accounts.group_members(group)
