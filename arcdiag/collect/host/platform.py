"""What a machine must be able to tell; one adapter per operating system implements it with raw values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from arcdiag.collect.deadline import Deadline
from arcdiag.logs.values.registry import Registry
from arcdiag.model.reading import Reading


@dataclass(frozen=True, slots=True)
class HostRaw:
    """Names and versions as the system tells them; `fqdn` is None where it is not known without asking DNS.

    `os_id` is the short name of the distribution (`debian`, `windows`). `container_kind` names what the system runs in
    (`docker`, `systemd-nspawn`, `wsl`), None for a machine or where it cannot be told. Of Windows alone: `product` is
    client, server or domain-controller; `installation` Server, Server Core, Client as Windows writes it.
    """

    hostname: str
    fqdn: str | None
    os_id: str
    os_name: str
    os_version: str
    arch: str
    kernel: str
    container: bool
    container_kind: str | None = None
    product: str | None = None
    installation: str | None = None


@dataclass(frozen=True, slots=True)
class FileRaw:
    """A file's entry: `size` in bytes, `mode` octal (`0640`) or None, `owner` by name or number, `kind` file,

    folder, socket or other; `readable` for the user who collects. `read_only`: nobody but root may write it, by its
    mode or an attribute; `immutable`: not even root. `modified` is ISO 8601 UTC. None = cannot be told.
    """

    path: str
    size: int
    mode: str | None
    owner: str | None
    kind: str
    readable: bool
    read_only: bool | None = None
    group: str | None = None
    immutable: bool | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class DiskRaw:
    """The volume that holds a path; `free_bytes` is what an ordinary user may still write."""

    mount: str
    total_bytes: int
    free_bytes: int
    free_inodes_percent: int | None


@dataclass(frozen=True, slots=True)
class ServiceRaw:
    """One service as its manager tells it: `form` is `systemctl` (properties of `systemctl show`) or `scm` (psutil)."""

    unit: str
    form: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EnvironmentRaw:
    """The proxy and trust variables of one place. Values may hold credentials: never put them into a fact.

    `kind`: `process` (the caller), `system` (other programs), `manager` (all services), `service` (one of the agent's
    services as configured), `running` (one of them as it runs), `desktop` (WinINET, WinHTTP). `service`: logical name.
    """

    place: str
    kind: str
    variables: Mapping[str, str] = field(repr=False)
    service: str | None = None


@dataclass(frozen=True, slots=True)
class ResolverRaw:
    """`nameservers` are asked in this order; `upstream` are those behind a local stub, if they can be seen."""

    nameservers: tuple[str, ...]
    search: tuple[str, ...]
    upstream: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListenerRaw:
    """Who listens on a local port; `process` is None if it cannot be seen."""

    address: str
    pid: int | None
    process: str | None


@dataclass(frozen=True, slots=True)
class AccountRaw:
    """A local account: `groups` by name, its own first."""

    name: str
    uid: int
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommandRaw:
    """A command that ended: `output` and `errors` are capped text."""

    code: int
    output: str
    errors: str


class Host(Protocol):
    """Raw values only; nothing here decides what they mean. No method asks the network."""

    os: str

    def host(self) -> Reading[HostRaw]:
        """Names and versions."""

    def user(self) -> Reading[tuple[str, bool]]:
        """Name of the user who collects, and whether they have all rights (root, elevated)."""

    def clock_synchronized(self, deadline: Deadline) -> Reading[bool]:
        """Whether the system says that its clock follows a time source."""

    def systemd_running(self) -> Reading[bool]:
        """Whether systemd is the manager of this machine."""

    def services(self, deadline: Deadline) -> Mapping[str, Reading[ServiceRaw]]:
        """The agent's services by logical name (himds, gcad, extd, arcproxy)."""

    def services_text(self) -> str | None:
        """The text from which `services` came, for the case; None if there is none."""

    def package(self, deadline: Deadline) -> Reading[tuple[str, str]]:
        """Version of the agent's package and where it was read (`dpkg`, `rpm`, `uninstall key`)."""

    def paths(self) -> Mapping[str, str]:
        """Logical file names (agentconfig, certs, himds.sock, ...) and where they are on this system."""

    def binary(self) -> str:
        """Path of azcmagent, whether it is there or not."""

    def sources(self) -> Sequence[str]:
        """Settings of the system that are read: files and registry keys, as people name them."""

    def commands(self) -> Sequence[Sequence[str]]:
        """Every program that may be run, with its arguments."""

    def volumes(self) -> Sequence[str]:
        """Paths of data, logs, programs and temporary files of the agent."""

    def log_globs(self) -> Sequence[tuple[str, str]]:
        """Glob patterns of the agent's logs, each with the kind of file that it finds."""

    def where(self, path: str) -> Path:
        """Where a path of this machine is to be opened."""

    def file(self, path: str) -> Reading[FileRaw]:
        """The entry of a file."""

    def read(self, path: str, cap: int) -> Reading[bytes]:
        """The first `cap` bytes of a regular file."""

    def find(self, pattern: str) -> Sequence[str]:
        """Files that match a glob, sorted."""

    def disk(self, path: str) -> Reading[DiskRaw]:
        """The volume that holds `path` or its nearest parent that exists."""

    def environments(self) -> Sequence[tuple[str, Reading[EnvironmentRaw]]]:
        """The places where a proxy may be set, each with what was read there, without running a command."""

    def resolver(self) -> Reading[ResolverRaw]:
        """Name servers and search domains as the system uses them."""

    def trust_files(self) -> Sequence[str]:
        """Files and folders of trusted certificates, first choice first; empty if the system has its own store."""

    def hosts_file(self) -> str:
        """Path of the hosts file."""

    def listeners(self, port: int) -> Reading[Sequence[ListenerRaw]]:
        """Who listens on a local TCP port; an empty list means nobody."""

    def run(self, argv: Sequence[str], deadline: Deadline) -> Reading[CommandRaw]:
        """Run a program without a shell; ended at the deadline (status TIMEOUT)."""

    def up_seconds(self) -> Reading[float]:
        """Seconds since the machine was started; in a container, since the container was."""

    def account(self, name: str) -> Reading[AccountRaw]:
        """A local account of Linux; ABSENT if there is none of this name."""

    def registry(self) -> Registry | None:
        """The Windows registry; None on a system that has none."""

    def right_holders(self, right: str) -> Reading[tuple[str, ...]]:
        """SIDs of the accounts that hold a Windows user right (`SeServiceLogonRight`); UNSUPPORTED elsewhere."""

    def group_members(self, group: str) -> Reading[tuple[str, ...]]:
        """Accounts in a local group, as the system names them; ABSENT if there is no such group."""

    def other_services(self, deadline: Deadline) -> Mapping[str, Reading[ServiceRaw]]:
        """Services of other systems that land on the same desk: the Azure VM agent's, Windows Update's."""

    def event_tool(self) -> str | None:
        """Path of the program that gives Windows' events as XML; None on a system without such."""
