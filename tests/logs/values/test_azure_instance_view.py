"""The instance view of a virtual machine: agent, power, extensions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arcdiag.logs.values.azure_vm import parse_azure_vm_json

AT = "2025-04-08T06:20:11+00:00"


def view(code: str, shown: str, power: str | None = "running", version: str = "2.7.41491.1172") -> dict[str, Any]:
    statuses = [{"code": "ProvisioningState/succeeded"}]
    if power:
        statuses.append({"code": f"PowerState/{power}"})
    status = {"code": code, "displayStatus": shown, "message": "as it is", "time": AT}
    return {"vmAgent": {"vmAgentVersion": version, "statuses": [status]}, "statuses": statuses}


def instance(value: dict[str, Any]) -> dict[str, Any]:
    found = [f for f in parse_azure_vm_json(json.dumps(value), "view.json") if f.fact == "vm.instance"]
    assert len(found) == 1
    return dict(found[0].value)


@pytest.mark.parametrize(
    ("code", "shown", "ready"),
    [
        ("ProvisioningState/succeeded", "Ready", True),
        ("ProvisioningState/Unavailable", "Not Ready", False),
        ("ProvisioningState/succeeded", "Not Ready", False),
        ("", "", None),
    ],
)
def test_whether_the_agent_is_ready(code: str, shown: str, ready: bool | None) -> None:
    assert instance(view(code, shown))["agent_ready"] is ready


@pytest.mark.parametrize("outer", [lambda v: v, lambda v: {"name": "VM-1", "instanceView": v},
                                   lambda v: {"name": "VM-1", "properties": {"instanceView": v}}])  # fmt: skip
def test_all_places_of_the_view(outer: Any) -> None:
    value = instance(outer(view("ProvisioningState/succeeded", "Ready", "deallocated")))
    assert (value["power"], value["provisioning"], value["agent_version"]) == (
        "deallocated",
        "succeeded",
        "2.7.41491.1172",
    )
    assert value["agent_time"] == "2025-04-08T06:20:11Z"


def test_an_unknown_version_is_none() -> None:
    assert instance(view("ProvisioningState/Unavailable", "Not Ready", version="Unknown"))["agent_version"] is None


def test_the_fact_is_as_old_as_what_the_agent_said() -> None:
    (fact,) = parse_azure_vm_json(json.dumps(view("ProvisioningState/succeeded", "Ready")), "view.json")
    assert fact.at == "2025-04-08T06:20:11Z"


def test_powershell_with_numbers_for_levels() -> None:
    value = {
        "Name": "vm-1",
        "VMAgent": {
            "VmAgentVersion": "2.7.1",
            "Statuses": [{"Code": "ProvisioningState/succeeded", "Level": 0, "DisplayStatus": "Ready", "Time": AT}],
        },
        "Statuses": [{"Code": "PowerState/running", "Level": 0, "DisplayStatus": "VM running"}],
    }
    assert (instance(value)["agent_ready"], instance(value)["power"]) == (True, "running")


EXTENSIONS: dict[str, tuple[dict[str, Any], tuple[str, str, str]]] = {
    "instance view": (
        {
            "name": "MI",
            "type": "Microsoft.ManagedIdentity.ManagedIdentityExtensionForLinux",
            "typeHandlerVersion": "1.0.0.15",
            "statuses": [{"code": "ProvisioningState/failed/1", "message": "no name"}],
        },
        ("MI", "ManagedIdentityExtensionForLinux", "failed"),
    ),
    "az vm extension list": (
        {
            "name": "MI",
            "type": "Microsoft.Compute/virtualMachines/extensions",
            "publisher": "Microsoft.ManagedIdentity",
            "typePropertiesType": "ManagedIdentityExtensionForLinux",
            "typeHandlerVersion": "1.0",
            "provisioningState": "Succeeded",
        },
        ("MI", "ManagedIdentityExtensionForLinux", "succeeded"),
    ),
    "Get-AzVMExtension": (
        {
            "Name": "MI",
            "Publisher": "Microsoft.ManagedIdentity",
            "ExtensionType": "ManagedIdentityExtensionForLinux",
            "TypeHandlerVersion": "1.0",
            "ProvisioningState": "Succeeded",
        },
        ("MI", "ManagedIdentityExtensionForLinux", "succeeded"),
    ),
    "REST": (
        {
            "name": "MI",
            "type": "Microsoft.Compute/virtualMachines/extensions",
            "properties": {
                "publisher": "Microsoft.ManagedIdentity",
                "type": "ManagedIdentityExtensionForLinux",
                "typeHandlerVersion": "1.0",
                "provisioningState": "Failed",
            },
        },
        ("MI", "ManagedIdentityExtensionForLinux", "failed"),
    ),
}


@pytest.mark.parametrize("form", sorted(EXTENSIONS))
def test_extensions_of_all_tools(form: str) -> None:
    extension, expected = EXTENSIONS[form]
    value: Any = {"name": "vm-1", "instanceView": {"vmAgent": {}, "extensions": [extension]}}
    if form != "instance view":
        value = [extension]
    (fact,) = [f for f in parse_azure_vm_json(json.dumps(value), "x.json") if f.fact == "vm.extension"]
    assert fact.subject is not None
    assert (fact.subject.id, fact.value["kind"], fact.value["state"]) == expected
