"""JSON of Azure virtual machines: what Azure CLI, PowerShell and the REST interface print, and what an attacker would."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.logs.read import FileReader
from arcdiag.logs.scan import Scanner
from arcdiag.logs.values.azure_json import documents
from arcdiag.logs.values.azure_vm import machines_in, parse_azure_vm_json, speaks_of_a_vm
from arcdiag.model.fact import Fact, FactStatus

IMAGE = {"publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2019-Datacenter"}
GALLERY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g1/images/i/versions/1.0.0"


def machine(name: str = "vm-1", **windows: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": "Microsoft.Compute/virtualMachines",
        "location": "westeurope",
        "provisioningState": "Succeeded",
        "osProfile": {
            "computerName": name.upper(),
            "allowExtensionOperations": False,
            "windowsConfiguration": {
                "provisionVMAgent": True,
                "enableAutomaticUpdates": True,
                "patchSettings": {"patchMode": "AutomaticByOS", "assessmentMode": "ImageDefault"},
                **windows,
            },
        },
        "storageProfile": {"imageReference": dict(IMAGE), "osDisk": {"osType": "Windows"}},
    }


def model(text: str) -> dict[str, Any]:
    found = [f for f in parse_azure_vm_json(text, "vm.json") if f.fact == "vm.model"]
    assert len(found) == 1
    return dict(found[0].value)


def pascal(value: Any) -> Any:
    if isinstance(value, dict):
        return {key[:1].upper() + key[1:]: pascal(inner) for key, inner in value.items()}
    return [pascal(inner) for inner in value] if isinstance(value, list) else value


def rest(value: dict[str, Any]) -> dict[str, Any]:
    outer = {key: value[key] for key in ("name", "type", "location")}
    return {**outer, "properties": {key: inner for key, inner in value.items() if key not in outer}}


FORMS = {
    "az vm show": json.dumps(machine(), indent=2),
    "on one line": json.dumps(machine()),
    "PowerShell": json.dumps(pascal(machine()), indent=4),
    "REST": json.dumps(rest(machine())),
    "list of one": json.dumps([machine()]),
    "REST list": json.dumps({"value": [rest(machine())], "nextLink": None}),
    "behind a warning": "WARNING: The behavior of this command has changed.\n" + json.dumps(machine(), indent=2),
    "in a console": f"PS C:\\> az vm show -g rg -n vm-1\n{json.dumps(machine(), indent=2)}\nPS C:\\> exit\n",
}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_all_tools_give_the_same_model(form: str) -> None:
    assert model(FORMS[form]) == {
        "provision_vm_agent": True,
        "allow_extension_operations": False,
        "automatic_updates": True,
        "patch_mode": "AutomaticByOS",
        "assessment_mode": "ImageDefault",
        "reboot_setting": None,
        "own_schedule": None,
        "image": "microsoftwindowsserver:windowsserver:2019-datacenter",
        "custom_image": False,
        "os": "windows",
        "has_os_profile": True,
        "provisioning_state": "succeeded",
        "computer_name": "VM-1",
        "vm_id": None,
        "resource_id": None,
        "location": "westeurope",
    }


def test_the_subject_is_the_machine_in_lower_case() -> None:
    facts = parse_azure_vm_json(json.dumps([machine("VM-A"), machine("vm-b")]), "list.json")
    assert [f.subject.id for f in facts if f.subject] == ["vm-a", "vm-b"]
    assert machines_in(facts) == {"vm-a", "vm-b"}


def test_a_terminal_that_wraps_does_not_matter() -> None:
    text = json.dumps(machine(), indent=2)
    wrapped = "\n".join(line[i : i + 20] for line in text.split("\n") for i in range(0, len(line) or 1, 20))
    assert model(wrapped) == model(text)


def test_the_configuration_alone_is_a_model() -> None:
    inner = machine()["osProfile"]["windowsConfiguration"]
    assert model(json.dumps(inner))["patch_mode"] == "AutomaticByOS"


def test_the_misspelt_mode_of_the_old_documentation() -> None:
    value = model(json.dumps(machine(patchSettings={"patchMode": "AutomaticByPlatfom"})))
    assert value["patch_mode"] == "AutomaticByPlatform"


def test_truth_values_that_a_template_wrote_as_text() -> None:
    assert model(json.dumps(machine(provisionVmAgent="false", provisionVMAgent="False")))["provision_vm_agent"] is False


def test_a_linux_machine_from_a_gallery() -> None:
    value = machine("lnx")
    value["osProfile"]["linuxConfiguration"] = {
        "patchSettings": {"patchMode": "ImageDefault"},
        "provisionVMAgent": True,
    }
    value["osProfile"]["windowsConfiguration"] = None
    value["storageProfile"] = {"imageReference": {"id": GALLERY}, "osDisk": {"osType": 1}}
    found = model(json.dumps(value))
    assert (found["os"], found["custom_image"], found["image"], found["automatic_updates"]) == (
        "linux",
        True,
        None,
        None,
    )


def test_a_machine_from_a_disk_has_no_profile() -> None:
    value = machine()
    value["osProfile"] = None
    found = model(json.dumps(value))
    assert (found["has_os_profile"], found["allow_extension_operations"]) == (False, None)


@pytest.mark.parametrize("where", ["whole", "inside"])
def test_what_convertto_json_cut_off_is_said(where: str) -> None:
    value = pascal(machine())
    if where == "whole":
        value["OSProfile"] = "Microsoft.Azure.Management.Compute.Models.OSProfile"
        del value["OsProfile"], value["StorageProfile"]
    else:
        value["OsProfile"]["WindowsConfiguration"] = "@{ProvisionVMAgent=True; EnableAutomaticUpdates=True}"
    (fact,) = parse_azure_vm_json(json.dumps(value), "get-azvm.json")
    assert fact.status is FactStatus.ERROR
    assert "-Depth" in (fact.reason or "")


@pytest.mark.parametrize(
    "value",
    [
        {"name": "arc-1", "type": "Microsoft.HybridCompute/machines", "osProfile": {"windowsConfiguration": {}}},
        {"agentVersion": "1.61", "status": "Connected", "osProfile": {"windowsConfiguration": {}}},
        {"$schema": "https://schema.management.azure.com/x", "contentVersion": "1.0.0.0", "resources": [machine()]},
        {"name": "img", "type": "Microsoft.Compute/images", "storageProfile": {"osDisk": {"osType": "Windows"}}},
        {"name": "nothing"},
        {"osProfile": ["no object"], "storageProfile": 7, "instanceView": "text"},
    ],
)
def test_what_is_no_azure_machine_gives_nothing(value: dict[str, Any]) -> None:
    assert parse_azure_vm_json(json.dumps(value), "x.json") == []


def deep(levels: int) -> str:
    return '{"osProfile":' * levels + "1" + "}" * levels


HOSTILE = {
    "empty": "",
    "deep objects": deep(100_000),
    "deep lists": "[" * 200_000,
    "a long number": '{"osProfile": ' + "9" * 100_000 + "}",
    "damaged": '{"osProfile": {"windowsConfiguration": {"provisionVMAgent": tru',
    "many openings": "{\n" * 5_000,
    "wrong types": json.dumps({"name": 5, "osProfile": {"allowExtensionOperations": [], "windowsConfiguration": {
        "provisionVMAgent": {}, "enableAutomaticUpdates": 1, "patchSettings": [{"patchMode": 1}]}},
        "storageProfile": {"imageReference": {"publisher": [], "offer": {}, "sku": 3}, "osDisk": {"osType": {}}},
        "instanceView": {"vmAgent": {"statuses": {"code": 5}, "vmAgentVersion": []}, "statuses": [[], 1, None],
        "patchStatus": {"availablePatchSummary": {"status": 4, "error": {"details": "x"}}}, "extensions": {"name": 4}}}),
    "not a number": '{"osProfile": {"x": NaN, "allowExtensionOperations": true}}',
    "two of a name": '{"osProfile": {"allowExtensionOperations": true}, "OSPROFILE": {"allowExtensionOperations": false}}',
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_json_gives_facts_or_none(name: str) -> None:
    for fact in parse_azure_vm_json(HOSTILE[name], "x.json"):
        json.dumps(dict(fact.value), allow_nan=False)


def test_a_list_that_is_cut_off_gives_its_whole_machines() -> None:
    text = json.dumps([machine("vm-a"), machine("vm-b"), machine("vm-c")], indent=2)
    facts = parse_azure_vm_json(text[: text.index('"VM-C"')], "list.json")
    assert machines_in(facts) == {"vm-a", "vm-b"}


def test_ten_thousand_machines_are_capped() -> None:
    assert len(documents(json.dumps([{"name": str(n)} for n in range(10_000)]))) == 200


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["name", "osProfile", "windowsConfiguration", "patchSettings", "patchMode", "instanceView",
                         "vmAgent", "statuses", "code", "patchStatus", "availablePatchSummary", "error", "details",
                         "extensions", "properties", "value", "type", "level", "substatuses", "message", "time"]),
        inner, max_size=5),
    max_leaves=30,
)  # fmt: skip


@given(json_values)
def test_any_json_with_these_names_is_survived(value: Any) -> None:
    for fact in parse_azure_vm_json(json.dumps(value), "x.json"):
        assert isinstance(fact, Fact)
        json.dumps(dict(fact.value), allow_nan=False)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def read(data: bytes, rules: RuleSet, name: str = "vm.json") -> FileReader:
    reader = FileReader(name, io.BytesIO(data), Scanner(rules))
    list(reader.hits())
    return reader


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_redirect_of_powershell_is_read(encoding: str, rules: RuleSet) -> None:
    text = json.dumps(pascal(machine()), indent=4).replace("\n", "\r\n")
    reader = read(text.encode(encoding), rules)
    assert (reader.kind, [f.fact for f in reader.facts]) == ("vm-json", ["vm.model"])


def test_of_several_machines_only_facts_count(rules: RuleSet) -> None:
    reader = read(json.dumps([machine("a"), machine("b")], indent=2).encode(), rules)
    assert reader.kind == "vm-list"
    assert list(read(json.dumps([machine("a"), machine("b")]).encode(), rules).hits()) == []


def test_what_cannot_be_decoded_is_searched_as_text(rules: RuleSet) -> None:
    text = json.dumps(machine(), indent=2)
    reader = FileReader("vm.json", io.BytesIO(text[:-40].encode()), Scanner(rules))
    signals = {match.signal for hit in reader.hits() for match in hit.matches}
    assert reader.kind == "json"
    assert {"vm.extensions-disallowed", "patch.mode-by-os"} <= signals


def test_json_in_a_console_gives_facts(rules: RuleSet, tmp_path: Path) -> None:
    reader = read(FORMS["in a console"].encode(), rules, "console.txt")
    assert (reader.kind, [f.fact for f in reader.facts]) == ("console", ["vm.model"])


def test_an_ordinary_console_is_not_searched_for_json() -> None:
    assert not speaks_of_a_vm("PS C:\\> azcmagent show\n{ status: Connected }")
