"""Is this an Azure virtual machine, and what does its guest agent need: service, DHCP, .NET."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.platform import Host, ServiceRaw
from arcdiag.collect.host.services import decode_service
from arcdiag.logs.values.azure_guest import adapter_facts, chassis_fact, chassis_of, prerequisite_fact
from arcdiag.logs.values.linux_network import dhcp_of
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker, service
from arcdiag.model.reading import Reading

CHASSIS = "/sys/class/dmi/id/chassis_asset_tag"
AGENTS = frozenset({"waagent", "RdAgent", "WindowsAzureGuestAgent"})
"""Services of the Azure VM agent by their logical names."""
LEASES = (
    "/run/systemd/netif/leases/*",
    "/var/lib/dhcp/dhclient*.lease*",
    "/var/lib/dhclient/*.lease*",
    "/var/lib/NetworkManager/*.lease",
    "/var/lib/wicked/lease-*",
)
NETWORKS = (
    "/etc/netplan/*.yaml",
    "/etc/sysconfig/network-scripts/ifcfg-*",
    "/etc/sysconfig/network/ifcfg-*",
    "/etc/network/interfaces",
    "/etc/network/interfaces.d/*",
    "/etc/NetworkManager/system-connections/*.nmconnection",
    "/etc/systemd/network/*.network",
)
LINUX_LOGS = (("/var/log/waagent.log*", "waagent-log"),)
WINDOWS_LOGS = (
    (r"C:\WindowsAzure\Logs\WaAppAgent*.log", "waappagent-log"),
    (r"C:\WindowsAzure\Logs\TransparentInstaller*.log", "waappagent-log"),
)
_BY = "host/vm-agent"
_CAP = 64 * 1024
_FILES = 20


def looks_like_azure_vm(host: Host) -> bool | None:
    """Whether the hardware describes itself as an Azure virtual machine; None if that cannot be read."""
    fact = _chassis(FactMaker("", None), host)
    return fact.value.get("azure") is True if fact.status.known else None


def vm_agent_facts(make: FactMaker, host: Host, deadline: Deadline) -> Iterator[Fact]:
    """`vm.chassis` of every machine; `vm.service`, `vm.adapter`, `vm.prerequisite` where it is an Azure VM.

    The services are looked at too where one of them is installed elsewhere, as on a machine that left Azure.
    """
    chassis = _chassis(make, host)
    yield chassis
    azure = chassis.value.get("azure") is True
    services = {name: raw for name, raw in host.other_services(deadline).items() if name in AGENTS}
    if azure or any(reading.value is not None for reading in services.values()):
        yield from state_facts(make, services)
    if azure:
        yield from _adapters(make, host)
        yield from _prerequisite(make, host)


def state_facts(make: FactMaker, services: Mapping[str, Reading[ServiceRaw]]) -> Iterator[Fact]:
    """`vm.service` of each: the values of `service.state`; ABSENT if its manager does not know it."""
    for name, reading in services.items():
        value = decode_service(reading.value) if reading.value is not None else None
        if value is not None:
            yield make.ok("vm.service", service(name), value, _BY)
        elif reading.value is not None:
            reason = f"{reading.value.unit} is not installed"
            yield make.not_seen("vm.service", service(name), FactStatus.ABSENT, reason, _BY)
        else:
            yield make.not_seen("vm.service", service(name), reading.status, reading.reason, _BY)


def _chassis(make: FactMaker, host: Host) -> Fact:
    registry = host.registry()
    if registry is not None:
        unknown = "the registry holds no description of the machine"
        fact = chassis_fact(make, registry)
        return fact or make.not_seen("vm.chassis", MACHINE, FactStatus.UNSUPPORTED, unknown, _BY)
    reading = host.read(CHASSIS, _CAP)
    if reading.value is None:
        return make.not_seen("vm.chassis", MACHINE, reading.status, reading.reason, _BY)
    return make.ok("vm.chassis", MACHINE, chassis_of(reading.value.decode("ascii", "replace").strip()), _BY)


def _adapters(make: FactMaker, host: Host) -> Iterator[Fact]:
    """On Linux one fact for the machine: a lease is proof of DHCP, else the configuration tells."""
    registry = host.registry()
    if registry is not None:
        yield from adapter_facts(make, registry)
        return
    lease = next((path for pattern in LEASES for path in host.find(pattern)), None)
    told = (True, lease) if lease else dhcp_of(_network_files(host))
    if told is None:
        reason = "no lease and no network configuration could be read"
        yield make.not_seen("vm.adapter", MACHINE, FactStatus.UNSUPPORTED, reason, _BY)
    else:
        yield make.ok("vm.adapter", MACHINE, {"dhcp": told[0], "told_by": told[1]}, _BY)


def _network_files(host: Host) -> dict[str, str]:
    paths = [path for pattern in NETWORKS for path in host.find(pattern)][:_FILES]
    return {path: (host.read(path, _CAP).value or b"").decode("utf-8", "replace") for path in paths}


def _prerequisite(make: FactMaker, host: Host) -> Iterator[Fact]:
    registry = host.registry()
    fact = prerequisite_fact(make, registry) if registry is not None else None
    if fact is not None:
        yield fact
