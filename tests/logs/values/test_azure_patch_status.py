"""Results of guest patching: outcome, counts, codes of the errors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arcdiag.logs.values.azure_vm import parse_azure_vm_json
from arcdiag.logs.values.patch_status import CODES, errors_of, hresults
from arcdiag.model.fact import Fact

ERROR = {
    "code": "1",
    "message": "2 error/s reported. The latest 2 error/s are shared in detail.",
    "details": [
        {"code": "PACKAGE_INSTALL_FAILURE", "message": "Installation of KB1 failed with HResult: 0x800f0922"},
        {"code": "PACKAGE_INSTALL_FAILURE", "message": "Installation of KB2 failed with HResult: -2145124318"},
    ],
}
ASSESSMENT = {
    "status": "Succeeded",
    "assessmentActivityId": "a",
    "rebootPending": True,
    "criticalAndSecurityPatchCount": 2,
    "otherPatchCount": 1,
    "startTime": "2025-07-12T02:00:04Z",
    "lastModifiedTime": "2025-07-12T02:01:55Z",
    "error": None,
}
INSTALLATION = {
    "status": "Failed",
    "installationActivityId": "i",
    "maintenanceWindowExceeded": True,
    "installedPatchCount": 1,
    "failedPatchCount": 2,
    "pendingPatchCount": 0,
    "lastModifiedTime": "2025-07-12T03:31:44Z",
    "error": ERROR,
}


def facts(value: Any) -> dict[str, Fact]:
    return {f.fact: f for f in parse_azure_vm_json(json.dumps(value), "view.json")}


def test_both_summaries_of_an_instance_view() -> None:
    status = {"availablePatchSummary": ASSESSMENT, "lastPatchInstallationSummary": INSTALLATION}
    found = facts({"name": "VM-1", "instanceView": {"vmAgent": {}, "patchStatus": status}})
    assessment, installation = found["patch.assessment"], found["patch.installation"]
    assert assessment.subject is not None and assessment.subject.id == "vm-1"
    assert (assessment.value["outcome"], assessment.value["critical"], assessment.value["reboot_pending"]) == (
        "succeeded", 2, True,
    )  # fmt: skip
    assert assessment.at == "2025-07-12T02:01:55Z"
    assert (installation.value["outcome"], installation.value["failed"]) == ("failed", 2)
    assert installation.value["window_exceeded"] is True
    assert installation.value["codes"] == ["PACKAGE_INSTALL_FAILURE", "0x800F0922", "0x80240022"]
    assert len(installation.value["messages"]) == 3


def test_the_result_of_az_vm_assess_patches() -> None:
    value = {**ASSESSMENT, "startDateTime": "2025-07-12T02:00:04Z", "availablePatches": []}
    assert facts(value)["patch.assessment"].value["outcome"] == "succeeded"


def test_the_result_of_az_vm_install_patches() -> None:
    value = {"status": "CompletedWithWarnings", "installationActivityId": "i", "rebootStatus": "Failed", "patches": []}
    found = facts(value)["patch.installation"].value
    assert (found["outcome"], found["reboot_status"]) == ("completedwithwarnings", "Failed")


def test_powershell_spells_the_same_with_capitals() -> None:
    summary = {key[:1].upper() + key[1:]: value for key, value in INSTALLATION.items()}
    found = facts({"Name": "vm-1", "VMAgent": {}, "PatchStatus": {"LastPatchInstallationSummary": summary}})
    assert found["patch.installation"].value["failed"] == 2


@pytest.mark.parametrize("level", ["Error", 2])
def test_the_worst_of_several_configuration_states(level: str | int) -> None:
    states = [
        {"code": "ConfigurationStatus/succeeded", "level": "Info", "displayStatus": "Provisioning succeeded"},
        {"code": "ConfigurationStatus/failed", "level": level, "message": "0x8024402C", "displayStatus": "Failed"},
    ]
    found = facts({"vmAgent": {}, "patchStatus": {"configurationStatuses": states}})["patch.configuration"].value
    assert (found["outcome"], found["codes"], found["display"]) == ("failed", ["0x8024402C"], "Failed")


def substatus(name: str, inner: Any, level: str = "Info", ended: str = "succeeded") -> dict[str, Any]:
    text = inner if isinstance(inner, str) else json.dumps(inner)
    return {"code": f"ComponentStatus/{name}/{ended}", "level": level, "message": text}


def reported(*substatuses: dict[str, Any], status: Any = None) -> dict[str, Fact]:
    extension = {"name": "WindowsPatchExtension", "substatuses": list(substatuses), "statuses": []}
    return facts({"vmAgent": {}, "extensions": [extension], "patchStatus": status})


def test_what_the_extension_says_itself() -> None:
    inner = {"failedPatchCount": 1, "errors": {"code": 1, "message": "1 error/s", "details": [ERROR["details"][0]]}}
    found = reported(substatus("PatchInstallationSummary", inner, "Error", "failed"))["patch.installation"].value
    assert (found["outcome"], found["failed"], found["codes"]) == (
        "failed",
        1,
        ["PACKAGE_INSTALL_FAILURE", "0x800F0922"],
    )


def test_azures_summary_outranks_the_extensions() -> None:
    found = reported(
        substatus("PatchAssessmentSummary", {"errors": {}}, "Error", "failed"),
        status={"availablePatchSummary": ASSESSMENT},
    )
    assert found["patch.assessment"].value["outcome"] == "succeeded"


@pytest.mark.parametrize("inner", ["", "no json", "[[[[", '{"errors": 5}', '{"errors": {"details": [1, null]}}', "[]"])
def test_a_damaged_substatus_is_survived(inner: str) -> None:
    for fact in reported(substatus("PatchAssessmentSummary", inner)).values():
        assert fact.value.get("codes", []) == []


@pytest.mark.parametrize(
    "summary",
    [{}, [], "text", {"status": 5}, {"status": "Failed", "error": "no object"}, {"failedPatchCount": -1},
     {"failedPatchCount": 10**30}, {"failedPatchCount": True}, {"error": {"details": {"code": "X"}}},
     {"error": {"innererror": {"errordetail": "0x80070422"}}}],
)  # fmt: skip
def test_wrong_types_in_a_summary_are_survived(summary: Any) -> None:
    for fact in facts({"vmAgent": {}, "patchStatus": {"lastPatchInstallationSummary": summary}}).values():
        json.dumps(dict(fact.value))
        assert fact.value.get("failed") is None


def test_a_thousand_errors_are_capped() -> None:
    details = [{"code": f"CODE_{n}", "message": f"0x8024{n:04X} " + "x" * 5000} for n in range(1000)]
    codes, messages = errors_of({"details": details})
    assert len(codes) == CODES
    assert len(messages) == 5
    assert max(len(text) for text in messages) == 500


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Exception from HRESULT: 0x8024402c)", ["0x8024402C"]),
        ("error -2145107924.", ["0x8024402C"]),
        ("0x8024402C0 0xZZ 10.2145107924 KB5031043", []),
        ("Error code: -2145107924; HResult=0x80070643", ["0x80070643", "0x8024402C"]),
    ],
)
def test_hresults_in_both_forms(text: str, codes: list[str]) -> None:
    assert hresults(text) == codes
