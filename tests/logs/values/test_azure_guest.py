"""The registry of an Azure virtual machine: hardware, services, addresses, .NET, update policy, token variables."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

import pytest

from arcdiag.logs.values.azure_guest import AZURE_CHASSIS_TAG, azure_guest_facts
from arcdiag.logs.values.registry import Data, RecordedRegistry, RegistryValue
from arcdiag.logs.values.smbios import chassis_tag
from arcdiag.logs.values.token_source import token_source_facts, variable_facts
from arcdiag.logs.values.windows_update import windows_update_facts
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker

MAKE = FactMaker("2026-01-01T00:00:00Z", "tester")
SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
INTERFACES = SERVICES + r"\Tcpip\Parameters\Interfaces"
POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate"
KINDS = {int: "REG_DWORD", str: "REG_SZ", tuple: "REG_MULTI_SZ", bytes: "REG_BINARY"}


def registry(keys: Mapping[str, Mapping[str, Data]]) -> RecordedRegistry:
    return RecordedRegistry.of(
        {
            key: [RegistryValue(name, KINDS[type(data)], data) for name, data in values.items()]
            for key, values in keys.items()
        }
    )


def structure(kind: int, fields: bytes, *texts: str) -> bytes:
    body = struct.pack("<BBH", kind, 4 + len(fields), 0) + fields
    return body + (b"".join(text.encode() + b"\0" for text in texts) or b"\0") + b"\0"


def smbios(tag: str | None = AZURE_CHASSIS_TAG) -> bytes:
    system = structure(1, bytes([1, 2]), "Microsoft Corporation", "Virtual Machine")
    fields = bytes([1, 3, 2, 3, 4 if tag else 0])
    chassis = structure(3, fields, "Microsoft Corporation", "7.0", "0000-0008-1234", *([tag] if tag else []))
    table = system + chassis + structure(127, b"")
    return struct.pack("<BBBBI", 0, 2, 8, 0, len(table)) + table


@pytest.mark.parametrize("tag", [AZURE_CHASSIS_TAG, "INV-0042", None])
def test_the_tag_of_the_chassis(tag: str | None) -> None:
    assert chassis_tag(smbios(tag)) == tag


@pytest.mark.parametrize("cut", range(0, len(smbios()), 7))
def test_a_damaged_table_has_no_tag_or_the_right_one(cut: int) -> None:
    assert chassis_tag(smbios()[:cut]) in (None, AZURE_CHASSIS_TAG)


@pytest.mark.parametrize("blob", [b"", b"\0" * 4096, b"\xff" * 4096, smbios()[:8] + b"\x03\x04\0\0\0\0" * 5000])
def test_a_hostile_table_has_no_tag(blob: bytes) -> None:
    assert chassis_tag(blob) is None


def guest(keys: Mapping[str, Mapping[str, Data]]) -> dict[tuple[str, str], Fact]:
    found = azure_guest_facts(MAKE, registry(keys), "x.reg")
    return {(f.fact, f.subject.id if f.subject else ""): f for f in found}


@pytest.mark.parametrize(("tag", "azure"), [(AZURE_CHASSIS_TAG, True), ("INV-0042", False), (None, False)])
def test_only_azures_tag_makes_an_azure_machine_and_no_other_is_shown(tag: str | None, azure: bool) -> None:
    found = guest({SERVICES + r"\mssmbios\Data": {"SMBiosData": smbios(tag)}})
    assert dict(found["vm.chassis", ""].value) == {"azure": azure, "tag": tag if azure else None}


def test_start_types_of_the_services() -> None:
    found = guest({SERVICES: {}, SERVICES + r"\RdAgent": {"Start": 4}, SERVICES + r"\wuauserv": {"Start": 3}})
    assert found["vm.service", "RdAgent"].value["start_type"] == "disabled"
    assert "running" not in found["vm.service", "RdAgent"].value
    assert found["vm.service", "wuauserv"].value["start_type"] == "manual"
    assert found["vm.service", "WindowsAzureGuestAgent"].status is FactStatus.ABSENT


def test_what_was_not_recorded_gives_no_fact() -> None:
    assert guest({r"HKLM\SOFTWARE\Contoso": {"x": 1}}) == {}


@pytest.mark.parametrize("start", [99, "4", b"\x04"])
def test_a_start_type_of_the_wrong_kind_is_unknown(start: Data) -> None:
    found = guest({SERVICES + r"\RdAgent": {"Start": start}})
    assert found["vm.service", "RdAgent"].value["start_type"] == "unknown"


def test_only_cards_that_lead_somewhere_are_adapters() -> None:
    found = guest(
        {
            INTERFACES: {},
            INTERFACES + r"\{dhcp}": {
                "EnableDHCP": 1, "DhcpIPAddress": "10.0.0.4", "DhcpServer": "168.63.129.16",
                "DhcpDefaultGateway": ("10.0.0.1",),
            },
            INTERFACES + r"\{static}": {
                "EnableDHCP": 0, "IPAddress": ("10.0.0.5", ""), "DefaultGateway": ("10.0.0.1",), "DhcpServer": "1.1.1.1",
            },
            INTERFACES + r"\{loop}": {"EnableDHCP": 0, "IPAddress": ("127.0.0.1",)},
            INTERFACES + r"\{off}": {"EnableDHCP": 1, "DhcpIPAddress": "0.0.0.0", "DhcpDefaultGateway": ("10.0.0.1",)},
            INTERFACES + r"\{odd}": {"EnableDHCP": "1", "IPAddress": b"\0\0"},
        }
    )  # fmt: skip
    adapters = {subject: dict(fact.value) for (name, subject), fact in found.items() if name == "vm.adapter"}
    assert adapters == {
        "{dhcp}": {"dhcp": True, "addresses": ["10.0.0.4"], "dhcp_server": "168.63.129.16"},
        "{static}": {"dhcp": False, "addresses": ["10.0.0.5"], "dhcp_server": None},
    }


NDP = r"HKLM\SOFTWARE\Microsoft\NET Framework Setup\NDP"
NET = r"HKLM\SOFTWARE\Microsoft\.NETFramework"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({NDP + r"\v4\Full": {"Install": 1, "Release": 528372}}, (True, 528372, False)),
        ({NDP: {}}, (False, None, False)),
        ({NET: {"Enable64Bit": 0}}, (None, None, True)),
        ({NET: {"Enable64Bit": 1}}, (None, None, False)),
        ({NDP + r"\v4\Full": {"Install": "1"}}, (False, None, False)),
    ],
)
def test_dotnet(keys: Mapping[str, Mapping[str, Data]], expected: tuple[Any, ...]) -> None:
    value = guest(keys)["vm.prerequisite", ""].value
    assert (value["dotnet4"], value["dotnet_release"], value["dotnet_32bit"]) == expected


@pytest.mark.parametrize(("build", "expected"), [("20348", 20348), ("²", None), ("9" * 50, None), ("", None)])
def test_the_build_of_windows(build: str, expected: int | None) -> None:
    found = guest({r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion": {"CurrentBuild": build}})
    assert found["vm.prerequisite", ""].value["windows_build"] == expected


def policy(keys: Mapping[str, Mapping[str, Data]]) -> Fact:
    (fact,) = windows_update_facts(MAKE, registry(keys), "x.reg")
    return fact


def test_a_wsus_server_that_is_used() -> None:
    value = policy(
        {
            POLICY: {"WUServer": "https://user:secret@wsus.contoso.example:8531", "WUStatusServer": "http://wsus"},
            POLICY + r"\AU": {"UseWUServer": 1, "NoAutoUpdate": 1, "AUOptions": 3},
        }
    ).value
    assert (value["uses_wsus"], value["wsus"], value["status_server"]) == (True, "wsus.contoso.example:8531", "wsus:80")
    assert (value["no_auto_update"], value["au_options"]) == (True, "download")
    assert "secret" not in str(value)


def test_a_server_that_is_named_and_not_used() -> None:
    value = policy({POLICY: {"WUServer": "http://wsus:8530"}, POLICY + r"\AU": {"UseWUServer": 0}}).value
    assert (value["uses_wsus"], value["wsus"], value["wsus_set_unused"]) == (False, None, True)


def test_windows_update_switched_off_by_policy() -> None:
    value = policy({POLICY: {"DisableWindowsUpdateAccess": 1}}).value
    assert (value["access_disabled"], value["no_auto_update"]) == (True, None)


@pytest.mark.parametrize("server", ["", "http://[::1", "user:secret@host", "x" * 5000, "http://h:99999"])
def test_an_odd_server_is_survived_and_gives_no_secret(server: str) -> None:
    value = policy({POLICY: {"WUServer": server}, POLICY + r"\AU": {"UseWUServer": 1, "NoAutoUpdate": "1"}}).value
    assert "secret" not in str(value)
    assert value["no_auto_update"] is None


def test_no_policy_is_absent_and_an_unknown_one_no_fact() -> None:
    assert policy({r"HKLM\SOFTWARE\Policies\Microsoft\Windows": {}}).status is FactStatus.ABSENT
    assert windows_update_facts(MAKE, registry({r"HKLM\SOFTWARE\Contoso": {"x": 1}})) == []


@pytest.mark.parametrize(
    ("name", "text", "target"),
    [
        ("MSI_ENDPOINT", "http://localhost:50342/oauth2/token", "extension"),
        ("msi_endpoint", "http://127.0.0.1:50342", "extension"),
        ("IDENTITY_ENDPOINT", "http://localhost:40342/metadata/identity/oauth2/token", "arc"),
        ("IMDS_ENDPOINT", "http://[::1]:40342", "arc"),
        ("IDENTITY_ENDPOINT", "http://169.254.169.254/metadata/identity/oauth2/token", "imds"),
        ("MSI_ENDPOINT", "http://127.0.0.1:41741/MSI/token/", "other"),
        ("MSI_ENDPOINT", "http://elsewhere:50342/", "other"),
        ("MSI_ENDPOINT", "http://[", "other"),
    ],
)
def test_where_a_variable_points(name: str, text: str, target: str) -> None:
    (fact,) = variable_facts(MAKE, "/etc/environment", {name: text, "PATH": "/bin"})
    assert (fact.value["variable"], fact.value["target"]) == (name.upper(), target)


def test_secrets_beside_are_not_looked_at() -> None:
    environment = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
    keys = {environment: {"MSI_ENDPOINT": "http://u:p@localhost:50342/?secret=s3", "MSI_SECRET": "s3", "N": 1}}
    (fact,) = token_source_facts(MAKE, registry(keys))
    assert dict(fact.value) == {"variable": "MSI_ENDPOINT", "target": "extension", "address": "localhost:50342"}
