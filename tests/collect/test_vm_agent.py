"""The checks of the Azure VM agent, of guest patching and of managed identity on laid-out machines."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.host.managed_identity import managed_identity_facts
from arcdiag.collect.host.patching import patching_facts
from arcdiag.collect.host.vm_agent import CHASSIS, looks_like_azure_vm, vm_agent_facts
from arcdiag.collect.host.windows import WindowsHost
from arcdiag.logs.values.azure_guest import AZURE_CHASSIS_TAG
from arcdiag.logs.values.token_source import EXTENSION_PORT
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker
from tests.collect.machine import block, systemctl, with_agent, with_system, write
from tests.collect.test_ordinary_user import as_nobody
from tests.logs.values.test_azure_guest import INTERFACES, POLICY, SERVICES, registry, smbios

MAKE = FactMaker("2026-01-01T00:00:00Z", "tester")
MI = "/var/lib/waagent/Microsoft.ManagedIdentity.ManagedIdentityExtensionForLinux-1.0.0.15"
PATCH = "/var/lib/waagent/Microsoft.CPlat.Core.LinuxPatchExtension-1.6.50"


def by_name(facts: Iterable[Fact]) -> dict[str, Fact]:
    return {f"{f.fact} {f.subject.id}".strip() if f.subject else f.fact: f for f in facts}


def agent_of(root: Path) -> dict[str, Fact]:
    return by_name(vm_agent_facts(MAKE, LinuxHost(root), Deadline.after(20)))


def on_azure(root: Path) -> Path:
    with_system(root)
    write(root, CHASSIS, AZURE_CHASSIS_TAG + "\n")
    return root


@pytest.mark.parametrize("unit", ["walinuxagent.service", "waagent.service"])
def test_a_healthy_linux_vm(unit: str, tmp_path: Path) -> None:
    on_azure(tmp_path)
    systemctl(tmp_path, [block(unit)])
    write(tmp_path, "/run/systemd/netif/leases/2", "ADDRESS=10.0.0.4\nSERVER_ADDRESS=168.63.129.16\n")
    found = agent_of(tmp_path)
    assert dict(found["vm.chassis"].value) == {"azure": True, "tag": AZURE_CHASSIS_TAG}
    assert (found["vm.service waagent"].value["running"], found["vm.service waagent"].value["unit"]) == (True, unit)
    assert found["vm.adapter"].value["dhcp"] is True
    assert looks_like_azure_vm(LinuxHost(tmp_path)) is True


def test_an_agent_that_is_masked_and_an_address_by_hand(tmp_path: Path) -> None:
    on_azure(tmp_path)
    systemctl(tmp_path, [block("walinuxagent.service", load="masked", active="inactive", sub="dead", start="masked")])
    write(tmp_path, "/etc/netplan/01.yaml", "network:\n  ethernets:\n    eth0:\n      dhcp4: no\n")
    found = agent_of(tmp_path)
    state = found["vm.service waagent"].value
    assert (state["running"], state["start_type"]) == (False, "masked")
    assert dict(found["vm.adapter"].value) == {"dhcp": False, "told_by": "/etc/netplan/01.yaml"}


def test_no_agent_and_no_word_about_dhcp(tmp_path: Path) -> None:
    on_azure(tmp_path)
    gone = {"load": "not-found", "active": "inactive", "sub": "dead", "start": ""}
    systemctl(tmp_path, [block("walinuxagent.service", **gone), block("waagent.service", **gone)])
    found = agent_of(tmp_path)
    assert found["vm.service waagent"].status is FactStatus.ABSENT
    assert found["vm.adapter"].status is FactStatus.UNSUPPORTED


def test_a_machine_outside_azure_is_left_in_peace(tmp_path: Path) -> None:
    with_system(tmp_path)
    write(tmp_path, CHASSIS, "INV-0042\n")
    systemctl(tmp_path, [block("himdsd.service")])
    assert {name: dict(f.value) for name, f in agent_of(tmp_path).items()} == {
        "vm.chassis": {"azure": False, "tag": None}
    }
    assert looks_like_azure_vm(LinuxHost(tmp_path)) is False


def test_an_image_of_azure_elsewhere_shows_its_agent(tmp_path: Path) -> None:
    with_system(tmp_path)
    write(tmp_path, CHASSIS, "\n")
    systemctl(tmp_path, [block("walinuxagent.service", active="inactive", sub="dead")])
    assert sorted(agent_of(tmp_path)) == ["vm.chassis", "vm.service waagent"]


def test_without_a_description_of_the_hardware_nothing_is_claimed(tmp_path: Path) -> None:
    with_system(tmp_path)
    systemctl(tmp_path, [])
    assert agent_of(tmp_path)["vm.chassis"].status is FactStatus.ABSENT
    assert looks_like_azure_vm(LinuxHost(tmp_path)) is False


def test_without_systemd_a_unit_file_has_no_state(tmp_path: Path) -> None:
    write(tmp_path, CHASSIS, AZURE_CHASSIS_TAG)
    write(tmp_path, "/lib/systemd/system/waagent.service", "[Service]\nExecStart=/bin/true\n")
    assert agent_of(tmp_path)["vm.service waagent"].status is FactStatus.UNSUPPORTED


def windows(**more: dict[str, object]) -> WindowsHost:
    keys = {
        SERVICES + r"\mssmbios\Data": {"SMBiosData": smbios()},
        INTERFACES: {},
        INTERFACES + r"\{a}": {"EnableDHCP": 0, "IPAddress": ("10.0.0.9",), "DefaultGateway": ("10.0.0.1",)},
        r"HKLM\SOFTWARE\Microsoft\.NETFramework": {"Enable64Bit": 0},
        POLICY + r"\AU": {"NoAutoUpdate": 1},
        r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment": {
            "MSI_ENDPOINT": "http://localhost:50342/oauth2/token"
        },
        **more,
    }
    return WindowsHost(registry(keys))  # type: ignore[arg-type]


def test_a_windows_vm_is_read_from_its_registry() -> None:
    found = by_name(vm_agent_facts(MAKE, windows(), Deadline.after(20)))
    assert found["vm.chassis"].value["azure"] is True
    assert found["vm.adapter {a}"].value["dhcp"] is False
    assert found["vm.prerequisite"].value["dotnet_32bit"] is True
    assert {"vm.service RdAgent", "vm.service WindowsAzureGuestAgent"} <= found.keys()
    assert looks_like_azure_vm(windows()) is True


def test_a_windows_without_a_description_of_its_hardware_is_unknown() -> None:
    assert looks_like_azure_vm(windows(**{SERVICES + r"\mssmbios\Data": {"Other": 1}})) is None


def test_update_settings_of_a_windows_vm() -> None:
    found = by_name(patching_facts(MAKE, windows(), Deadline.after(20)))
    assert found["policy.windows-update"].value["no_auto_update"] is True
    assert {"vm.service wuauserv", "patch.extension"} <= found.keys()


def test_token_variables_of_a_windows_vm() -> None:
    found = by_name(managed_identity_facts(MAKE, windows()))
    assert found["identity.variable machine environment"].value["target"] == "extension"


@pytest.mark.parametrize(("path", "name"), [(MI, "identity.extension"), (PATCH, "patch.extension")])
def test_extensions_by_their_folders(path: str, name: str, tmp_path: Path) -> None:
    with_system(tmp_path)
    write(tmp_path, f"{path}/HandlerManifest.json", "[]")
    host = LinuxHost(tmp_path)
    facts = [*managed_identity_facts(MAKE, host), *patching_facts(MAKE, host, Deadline.after(5))]
    found = by_name(facts)
    assert dict(found[name].value) == {"installed": True, "path": path, "version": path.rpartition("-")[2]}
    assert found[{"identity.extension": "patch.extension"}.get(name, "identity.extension")].status is FactStatus.ABSENT


def test_a_folder_that_may_not_be_read_is_denied() -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        with_system(root)
        with_agent(root)
        (root / "var/lib/waagent").mkdir(parents=True, mode=0o700)
        (root / "var/lib/waagent").chmod(0)
        facts = as_nobody(root)["facts"]
        (root / "var/lib/waagent").chmod(0o700)
    assert isinstance(facts, dict)
    assert {facts["identity.extension "][0], facts["patch.extension "][0]} == {"denied"}


def test_variables_of_linux_and_who_listens_on_the_old_port(tmp_path: Path) -> None:
    with_system(tmp_path)
    write(tmp_path, "/etc/environment", 'PATH="/bin"\nMSI_ENDPOINT=http://localhost:50342/oauth2/token\n')
    write(
        tmp_path,
        "/usr/lib/systemd/system.conf.d/azcmagent.conf",
        '[Manager]\nDefaultEnvironment="IDENTITY_ENDPOINT=http://localhost:40342/metadata/identity/oauth2/token" '
        '"IMDS_ENDPOINT=http://localhost:40342"\n',
    )
    with socket.create_server(("127.0.0.1", EXTENSION_PORT)):
        facts = list(managed_identity_facts(MAKE, LinuxHost(tmp_path)))
    variables = {(f.value["variable"], f.value["target"]) for f in facts if f.fact == "identity.variable"}
    assert variables == {("MSI_ENDPOINT", "extension"), ("IDENTITY_ENDPOINT", "arc"), ("IMDS_ENDPOINT", "arc")}
    (listener,) = [f for f in facts if f.fact == "identity.listener"]
    assert listener.value["pid"] == os.getpid()


def test_logs_of_the_vm_agent_are_collected_on_an_azure_vm_only(tmp_path: Path) -> None:
    on_azure(tmp_path)
    assert ("/var/log/waagent.log*", "waagent-log") in LinuxHost(tmp_path).log_globs()
    write(tmp_path, CHASSIS, "INV-0042\n")
    assert all(kind != "waagent-log" for _, kind in LinuxHost(tmp_path).log_globs())
    assert any("WaAppAgent" in glob for glob, _ in windows().log_globs())
