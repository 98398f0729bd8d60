"""Lays out the agent on a Windows machine of the lab: programs, files, services, uninstall record."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.lab.windows.wine import Machine

VERSION = "1.66.03478.3130"
OLD_VERSION = "1.23.02146.1000"
PIPE = r"\\.\pipe\himds"
DATA = "ProgramData/AzureConnectedMachineAgent"
PROGRAMS = "Program Files/AzureConnectedMachineAgent"
UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{6B0C7C1E-0000-4000-8000-000000000001}"
_SERVICES = {"GCArcService": "gc_arc_service.exe", "ExtensionService": "gc_extension_service.exe"}
_LOG = 'time="2024-10-01T09:00:00Z" level=info msg="Agent Version: {version}"\n'


def install(machine: Machine, version: str = VERSION, running: bool = True) -> None:
    """An agent that is connected, on Windows Server 2022; its services run unless that is not wanted."""
    windows_server(machine)
    _programs(machine, version)
    _data(machine, version)
    _record(machine, version)
    program = rf'"C:\{PROGRAMS}\himds.exe" serve 40342 {PIPE}'.replace("/", "\\")
    create(machine, "himds", program, "start=", "auto", "obj=", r"NT SERVICE\himds")
    for service, name in _SERVICES.items():
        create(machine, service, rf'"C:\{PROGRAMS}\{name}" run'.replace("/", "\\"), "start=", "auto")
    for service in ("himds", *_SERVICES) if running else ():
        machine.done("sc", "start", service)


def windows_server(machine: Machine) -> None:
    """The machine calls itself Windows Server 2022."""
    key = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
    texts = {"ProductName": "Windows Server 2022 Standard", "CurrentBuild": "20348", "CurrentBuildNumber": "20348"}
    for name, text in (texts | {"InstallationType": "Server"}).items():
        machine.reg(key, name, "REG_SZ", text)
    for name, number in {"CurrentMajorVersionNumber": "10", "CurrentMinorVersionNumber": "0", "UBR": "2762"}.items():
        machine.reg(key, name, "REG_DWORD", number)
    machine.reg(r"HKLM\SYSTEM\CurrentControlSet\Control\ProductOptions", "ProductType", "REG_SZ", "ServerNT")


def create(machine: Machine, service: str, program: str, *settings: str) -> None:
    """A service that is not started yet."""
    machine.done("sc", "create", service, "binPath=", program, *settings)


def _programs(machine: Machine, version: str) -> None:
    folder = machine.drive / PROGRAMS
    folder.mkdir(parents=True)
    for name in ("himds.exe", *_SERVICES.values()):
        shutil.copy(machine.python / "service.exe", folder / name)
    shutil.copy(machine.python / "azcmagent.exe", folder / "azcmagent.exe")
    (folder / "version.txt").write_text(f"azcmagent version {version}\n")
    show(machine, {"status": "Connected", "agentVersion": version})
    (folder / "config.txt").write_text("Local Configuration Settings\n  config.mode : full\n  proxy.url :\n")


def show(machine: Machine, values: Mapping[str, object]) -> None:
    """What `azcmagent show -j` prints from now on."""
    beat = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    known = {"resourceName": "web01", "location": "eastus", "lastHeartbeat": beat, "vmId": "v-1", "tenantId": "t-1"}
    (machine.drive / PROGRAMS / "show.txt").write_text(json.dumps(known | dict(values)))


def _data(machine: Machine, version: str) -> None:
    data = machine.drive / DATA
    for name in ("Config", "Certs", "Tokens", "Log"):
        (data / name).mkdir(parents=True)
    config = {"resourceName": "web01", "location": "eastus", "cloud": "AzureCloud", "vmId": "v-1", "tenantId": "t-1"}
    (data / "Config/agentconfig.json").write_text(json.dumps(config))
    (data / "Config/localconfig.json").write_text("{}")
    (data / "Certs/myCert.cer").write_bytes(certificate("web01", days=60))
    for name in ("himds.log", "azcmagent.log"):
        (data / "Log" / name).write_text(_LOG.format(version=version))


def _record(machine: Machine, version: str) -> None:
    machine.reg(UNINSTALL, "DisplayName", "REG_SZ", "Azure Connected Machine Agent")
    machine.reg(UNINSTALL, "DisplayVersion", "REG_SZ", version)


def certificate(name: str, days: int) -> bytes:
    """A certificate of its own issue in DER, that ends in so many days."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin, end = now - timedelta(days=30), now + timedelta(days=days)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = builder.serial_number(7).not_valid_before(begin).not_valid_after(end).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)


def data_folder(machine: Machine) -> Path:
    """Where the agent keeps its data."""
    return machine.drive / DATA
