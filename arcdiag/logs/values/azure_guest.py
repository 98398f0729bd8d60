r"""What a Windows machine's registry tells about an Azure virtual machine and its guest agent, live or recorded.

Facts: `vm.chassis` (is it one), `vm.service` (how the agent's services and Windows Update are set up; whether they run
is not in a registry), `vm.adapter` (is DHCP on), `vm.prerequisite` (.NET, version of Windows).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from arcdiag.logs.values.registry import Registry, RegistryValue
from arcdiag.logs.values.smbios import chassis_tag
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker, service
from arcdiag.model.subject import Subject, SubjectKind

AZURE_CHASSIS_TAG = "7783-7084-3265-9085-8269-3286-77"
"""The asset tag that Azure gives to every one of its virtual machines."""
SERVICES = ("RdAgent", "WindowsAzureGuestAgent", "wuauserv")
"""Services of the Azure VM agent, and Windows Update, which guest patching needs."""

_BY = "registry"
_SMBIOS = r"HKLM\SYSTEM\CurrentControlSet\Services\mssmbios\Data"
_SERVICE = r"HKLM\SYSTEM\CurrentControlSet\Services"
_INTERFACES = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces"
_DOTNET = r"HKLM\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full"
_DOTNET_SWITCH = r"HKLM\SOFTWARE\Microsoft\.NETFramework"
_WINDOWS = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_START = {0: "boot", 1: "system", 2: "auto", 3: "manual", 4: "disabled"}
_NONE = frozenset({"", "0.0.0.0"})

Values = Mapping[str, RegistryValue]


def azure_guest_facts(make: FactMaker, registry: Registry, raw: str | None = None) -> list[Fact]:
    """All of the above that this registry holds; what lies outside a recording gives no fact. `raw`: its file."""
    found = [chassis_fact(make, registry, raw), prerequisite_fact(make, registry, raw)]
    found += start_facts(make, registry, raw)
    found += adapter_facts(make, registry, raw)
    return [fact for fact in found if fact is not None]


def chassis_of(tag: str | None) -> dict[str, Any]:
    """The value of `vm.chassis`; the tag itself is shown only if it is Azure's, others may be an owner's inventory."""
    azure = tag == AZURE_CHASSIS_TAG
    return {"azure": azure, "tag": tag if azure else None}


def chassis_fact(make: FactMaker, registry: Registry, raw: str | None = None) -> Fact | None:
    """`vm.chassis` {azure}; None if the registry does not hold the machine's description."""
    reading = registry.values(_SMBIOS)
    blob = (reading.value or {}).get("smbiosdata")
    if blob is None or not isinstance(blob.data, bytes):
        return None
    return make.ok("vm.chassis", MACHINE, chassis_of(chassis_tag(blob.data)), _BY, raw)


def start_facts(make: FactMaker, registry: Registry, raw: str | None = None) -> Iterator[Fact]:
    """`vm.service` of each service: `installed`, `start_type`; ABSENT if the registry has no such service."""
    for name in SERVICES:
        reading = registry.values(rf"{_SERVICE}\{name}")
        if reading.value is not None:
            start = _number(reading.value, "start")
            value = {
                "unit": name,
                "installed": True,
                "start_type": _START.get(-1 if start is None else start, "unknown"),
            }
            yield make.ok("vm.service", service(name), value, _BY, raw)
        elif reading.status is not FactStatus.UNSUPPORTED:
            yield make.not_seen("vm.service", service(name), reading.status, reading.reason, _BY, raw=raw)


def adapter_facts(make: FactMaker, registry: Registry, raw: str | None = None) -> Iterator[Fact]:
    """`vm.adapter` of each interface that has an address and a gateway: the ones that lead to the host."""
    for key in registry.subkeys(_INTERFACES).value or ():
        values = registry.values(rf"{_INTERFACES}\{key}").value
        if not values:
            continue
        dhcp = _number(values, "enabledhcp") == 1
        addresses = _texts(values, "dhcpipaddress" if dhcp else "ipaddress")
        gateways = _texts(values, "dhcpdefaultgateway" if dhcp else "defaultgateway")
        if addresses and gateways:
            server = _texts(values, "dhcpserver") if dhcp else []
            value = {"dhcp": dhcp, "addresses": addresses, "dhcp_server": server[0] if server else None}
            yield make.ok("vm.adapter", Subject(SubjectKind.MACHINE, key), value, _BY, raw)


def prerequisite_fact(make: FactMaker, registry: Registry, raw: str | None = None) -> Fact | None:
    """`vm.prerequisite`: .NET Framework 4, whether it is switched to 32 bit, the build of Windows.

    None if the registry holds nothing of it; what it does not hold is None.
    """
    dotnet = registry.values(_DOTNET)
    switch = registry.values(_DOTNET_SWITCH).value or {}
    windows = registry.values(_WINDOWS).value or {}
    build = windows.get("currentbuild") or windows.get("currentbuildnumber")
    known = dotnet.status in (FactStatus.OK, FactStatus.ABSENT)
    if not known and "enable64bit" not in switch and build is None:
        return None
    digits = str(build.data) if build else ""
    value = {
        "dotnet4": _number(dotnet.value or {}, "install") == 1 if known else None,
        "dotnet_release": _number(dotnet.value or {}, "release"),
        "dotnet_32bit": _number(switch, "enable64bit") == 0,
        "windows_build": int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else None,
    }
    return make.ok("vm.prerequisite", MACHINE, value, _BY, raw)


def _number(values: Values, name: str) -> int | None:
    value = values.get(name)
    return value.data if value is not None and isinstance(value.data, int) else None


def _texts(values: Values, name: str) -> list[str]:
    """Addresses of a value that is one text or several; a card without any has an empty text or 0.0.0.0."""
    value = values.get(name)
    data = value.data if value is not None else ()
    several = (data,) if isinstance(data, str) else data if isinstance(data, tuple) else ()
    return [text.strip() for text in several if text.strip() not in _NONE]
