"""Azure VM agent, guest patching, managed identity: what live checks and probes say, on these machines and on others."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import CheckStatus, Confidence, Diagnosis, State, Verdict
from arcdiag.pipeline import analyze
from tests.diagnose.test_pairs import fact

Facts = tuple[dict[str, Any], ...]
IMDS, WIRESERVER, PLUGIN = "169.254.169.254", "168.63.129.16", "168.63.129.16:32526"
CASES = Path(__file__).parent.parent / "cases" / "neighbours"


def chassis(azure: bool) -> dict[str, Any]:
    return fact("vm.chassis", azure=azure)


def vm_service(name: str, running: bool = True, start: str = "auto", **more: object) -> dict[str, Any]:
    return fact("vm.service", name, "service", installed=True, running=running, start_type=start, **more)


def no_service(name: str) -> dict[str, Any]:
    return fact("vm.service", name, "service", seen="absent")


def imds(result: str = "ok", azure: bool = True) -> dict[str, Any]:
    return fact("probe.imds", IMDS, result=result, azure=azure)


def wireserver(first: str = "ok", second: str = "ok") -> Facts:
    return (
        fact("probe.wireserver", WIRESERVER, port=80, result=first),
        fact("probe.wireserver", PLUGIN, port=32526, result=second),
    )


def adapter(dhcp: bool) -> dict[str, Any]:
    return fact("vm.adapter", dhcp=dhcp)


NO_ARC = fact("agent.package", seen="absent")
ARC = (
    fact("agent.package", installed=True, complete=True),
    fact("agent.show", status="Connected", never_connected=False, last_heartbeat="2026-06-09T08:09:00Z"),
)
LINUX_VM: Facts = (chassis(True), vm_service("waagent"), imds(), *wireserver(), adapter(True), NO_ARC)
WINDOWS_VM: Facts = (
    chassis(True),
    vm_service("RdAgent"),
    vm_service("WindowsAzureGuestAgent"),
    imds(),
    *wireserver(),
    adapter(True),
    fact("vm.prerequisite", dotnet4=True, dotnet_32bit=False, windows_build=20348),
    fact("vm.service", "wuauserv", "service", installed=True, running=False, start_type="manual"),
    fact("policy.windows-update", seen="absent"),
    NO_ARC,
)


def but(facts: Facts, *changed: dict[str, Any]) -> Facts:
    """The facts with some of them replaced, by name and subject."""

    def key(one: dict[str, Any]) -> tuple[Any, Any]:
        return one["fact"], (one["subject"] or {}).get("id")

    new = {key(one): one for one in changed}
    return (*(one for one in facts if key(one) not in new), *changed)


@dataclass(frozen=True)
class Machine:
    """What was seen, and the current causes that it must give, the first one first."""

    facts: Facts
    causes: tuple[str, ...] = ()
    sure: Confidence | None = None


UNSEEN = ("timeout", "timeout")
MACHINES = {
    "a healthy Linux VM": Machine(LINUX_VM),
    "a healthy Windows VM": Machine(WINDOWS_VM),
    "a VM with addresses by hand that works": Machine(but(LINUX_VM, adapter(False))),
    "a VM whose agent is just starting": Machine(
        but(WINDOWS_VM, vm_service("WindowsAzureGuestAgent", running=False, settling=True)),
    ),
    "an Arc server": Machine((chassis(False), imds("timeout", azure=False), *ARC)),
    "an Arc server made from an image of Azure": Machine(
        (chassis(False), vm_service("waagent", running=False), imds("timeout", azure=False), *ARC)
    ),
    "an Azure VM that tries out Arc": Machine(
        (chassis(True), vm_service("RdAgent", running=False, start="disabled"), imds("timeout", False),
         *wireserver(*UNSEEN), adapter(False), *ARC)
    ),
    "an Arc server with updates by another product": Machine(
        (chassis(False), vm_service("wuauserv", running=False, start="disabled"),
         fact("policy.windows-update", no_auto_update=True, access_disabled=True), *ARC)
    ),
    "a Windows VM with a stopped service": Machine(
        but(WINDOWS_VM, vm_service("WindowsAzureGuestAgent", running=False, start="disabled")),
        ("azure-vm-agent-not-running", "azure-vm-not-supported"), Confidence.CONFIRMED,
    ),
    "a Windows VM without the agent": Machine(
        but(WINDOWS_VM, no_service("RdAgent"), no_service("WindowsAzureGuestAgent")),
        ("azure-vm-agent-not-running", "azure-vm-not-supported"), Confidence.LIKELY,
    ),
    "a Linux VM with a masked unit": Machine(
        but(LINUX_VM, vm_service("waagent", running=False, start="masked")),
        ("azure-vm-agent-not-running", "azure-vm-not-supported"), Confidence.CONFIRMED,
    ),
    "the host's second port is closed": Machine(
        but(LINUX_VM, *wireserver("ok", "refused")), ("azure-vm-wireserver-unreachable",), Confidence.CONFIRMED,
    ),
    "the host is blocked here": Machine(
        but(WINDOWS_VM, *wireserver("blocked-locally", "blocked-locally")),
        ("azure-vm-wireserver-unreachable",), Confidence.CONFIRMED,
    ),
    "the host is blocked with an address by hand that is right": Machine(
        but(LINUX_VM, adapter(False), *wireserver(*UNSEEN)),
        ("azure-vm-wireserver-unreachable", "azure-vm-dhcp-disabled"), Confidence.CONFIRMED,
    ),
    "an address by hand that is wrong": Machine(
        but(LINUX_VM, adapter(False), *wireserver(*UNSEEN), imds("timeout", False)),
        ("azure-vm-dhcp-disabled", "imds-unreachable"), Confidence.CONFIRMED,
    ),
    ".NET switched to 32 bit": Machine(
        but(WINDOWS_VM, fact("vm.prerequisite", dotnet4=True, dotnet_32bit=True, windows_build=17763)),
        ("azure-vm-prerequisite-missing",), Confidence.CONFIRMED,
    ),
    "a Windows from before its time": Machine(
        but(WINDOWS_VM, fact("vm.prerequisite", dotnet4=False, dotnet_32bit=False, windows_build=6001)),
        ("azure-vm-prerequisite-missing",), Confidence.CONFIRMED,
    ),
    "IMDS is blocked": Machine(
        but(LINUX_VM, imds("timeout", False)), ("imds-unreachable",), Confidence.CONFIRMED,
    ),
    "another service at the address of IMDS": Machine((chassis(False), imds("ok", azure=False), *ARC)),
    "updates switched off under the patch extension": Machine(
        but(WINDOWS_VM, vm_service("wuauserv", running=False, start="disabled"),
            fact("patch.extension", installed=True)),
        ("guest-patching-prerequisite",), Confidence.LIKELY,
    ),
    "the retired identity extension": Machine(
        (*LINUX_VM, fact("identity.extension", installed=True)),
        ("managed-identity-extension-in-use",), Confidence.LIKELY,
    ),
    "the retired identity extension and a program that is told to use it": Machine(
        (*LINUX_VM, fact("identity.extension", installed=True),
         fact("identity.variable", "/etc/environment", "file", variable="MSI_ENDPOINT", target="extension")),
        ("managed-identity-extension-in-use",), Confidence.CONFIRMED,
    ),
    "an Arc server whose variables point at the agent": Machine(
        (chassis(False), *ARC,
         fact("identity.variable", "/etc/environment", "file", variable="IDENTITY_ENDPOINT", target="arc"))
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def diagnose(facts: Facts, folder: Path, rules: RuleSet) -> Diagnosis:
    (folder / "facts.jsonl").write_text("".join(json.dumps(f) + "\n" for f in facts), encoding="utf-8")
    return analyze(folder, rules)


def current(diagnosis: Diagnosis) -> tuple[str, ...]:
    return tuple(c.id for c in diagnosis.causes if c.state is State.CURRENT)


@pytest.mark.parametrize("name", sorted(MACHINES))
def test_live_machines(name: str, rules: RuleSet, tmp_path: Path) -> None:
    machine = MACHINES[name]
    diagnosis = diagnose(machine.facts, tmp_path, rules)
    assert current(diagnosis) == machine.causes
    assert diagnosis.verdict is (Verdict.PROBLEM if machine.causes else Verdict.HEALTHY)
    if machine.sure:
        assert diagnosis.causes[0].confidence is machine.sure


def warnings(diagnosis: Diagnosis) -> set[str]:
    return {check.id for check in diagnosis.checks if check.status is CheckStatus.WARN}


def test_risks_are_warnings(rules: RuleSet, tmp_path: Path) -> None:
    facts = but(
        WINDOWS_VM,
        vm_service("wuauserv", running=False, start="disabled"),
        fact("vm.prerequisite", dotnet4=True, dotnet_32bit=False, windows_build=9600),
    )
    found = warnings(diagnose(facts, tmp_path, rules))
    assert {"guest-patching-prerequisite", "azure-vm-prerequisite-missing", "azure-vm-not-supported"} <= found


def model(**value: object) -> dict[str, Any]:
    return fact("vm.model", "vm-1", "machine", **{"os": "windows", **value})


def test_an_image_that_is_not_on_the_list_is_a_warning(rules: RuleSet, tmp_path: Path) -> None:
    image = {"image": "contoso:server:new", "custom_image": False}
    facts = (*WINDOWS_VM, model(patch_mode="AutomaticByPlatform", automatic_updates=True, **image))
    found = diagnose(facts, tmp_path, rules)
    assert (current(found), "guest-patching-unsupported-image" in warnings(found)) == ((), True)


def test_a_gallery_image_that_was_patched_is_no_fault(rules: RuleSet, tmp_path: Path) -> None:
    gallery = model(patch_mode="AutomaticByPlatform", automatic_updates=True, custom_image=True)
    done = fact("patch.installation", "vm-1", "machine", outcome="succeeded", codes=[])
    assert current(diagnose((*WINDOWS_VM, gallery, done), tmp_path, rules)) == ()


def test_the_flag_that_the_sources_dispute_is_only_possible(rules: RuleSet, tmp_path: Path) -> None:
    facts = (*WINDOWS_VM, model(patch_mode="AutomaticByPlatform", automatic_updates=False))
    (cause,) = diagnose(facts, tmp_path, rules).causes
    assert (cause.id, cause.confidence) == ("guest-patching-mode-mismatch", Confidence.POSSIBLE)


@pytest.mark.parametrize(("facts", "kind"), [(LINUX_VM, "azure-vm"), ((chassis(False), *ARC), "arc"),
                                             ((chassis(False), NO_ARC), "other"), ((NO_ARC,), "unknown")])  # fmt: skip
def test_the_report_says_where_tokens_come_from(facts: Facts, kind: str, rules: RuleSet, tmp_path: Path) -> None:
    (seen,) = [f for f in diagnose(facts, tmp_path, rules).facts if f.id == "machine.platform"]
    address = {"azure-vm": IMDS, "arc": "localhost:40342"}.get(kind)
    assert f"kind={kind}" in seen.value
    assert (address in seen.value) if address else "tokens_from" not in seen.value


def test_of_several_machines_the_cases_own_one_counts(rules: RuleSet, tmp_path: Path) -> None:
    machines = json.loads((CASES / "e27-one-of-three-machines/evidence/vm-list.json").read_text(encoding="utf-8"))
    (tmp_path / "vm-list.json").write_text(json.dumps(machines, indent=2), encoding="utf-8")
    host = fact("machine.host", hostname="VM-A.contoso.example", os="windows")
    assert current(diagnose((*WINDOWS_VM, host), tmp_path, rules)) == ()


def test_the_newest_of_two_views_counts(rules: RuleSet, tmp_path: Path) -> None:
    for name, time, outcome in (
        ("old", "2025-01-01T00:00:00Z", "Failed"),
        ("new", "2025-02-01T00:00:00Z", "Succeeded"),
    ):
        summary = {"status": outcome, "lastModifiedTime": time, "failedPatchCount": 0, "error": None}
        ready = {"code": "ProvisioningState/succeeded", "displayStatus": "Ready", "time": time}
        view = {"vmAgent": {"statuses": [ready]}, "patchStatus": {"lastPatchInstallationSummary": summary}}
        (tmp_path / f"{name}.json").write_text(json.dumps({"name": "vm-1", "instanceView": view}), encoding="utf-8")
    diagnosis = analyze(tmp_path, rules)
    assert (current(diagnosis), diagnosis.verdict) == ((), Verdict.HEALTHY)


def test_the_zip_of_collectguestlogs_opens_as_a_case(rules: RuleSet, tmp_path: Path) -> None:
    evidence = CASES / "e04-guest-logs-proxy-in-the-way/evidence"
    target = tmp_path / "6f0f0c0e_2024-09-22_05-12-00.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(evidence.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(evidence).as_posix().replace("/", "\\"))
        archive.writestr("Windows\\System32\\winevt\\Logs\\System.evtx", b"ElfFile\0" + bytes(4096))
        archive.writestr("WindowsAzure\\Logs\\AggregateStatus\\aggregatestatus.json", '{"version": "1.0"}')
        archive.writestr("WindowsAzure\\Config\\photo.bin", bytes(range(256)) * 8)
    diagnosis = analyze(target, rules)
    assert current(diagnosis) == ("azure-vm-wireserver-unreachable",)
    assert any("System.evtx" in left.what for left in diagnosis.not_evaluated)
    assert any(s.kind == "waappagent-log" for s in diagnosis.case.sources)


WAAGENT = (
    "2026-06-09T08:00:14.130552Z ERROR ExtHandler ExtHandler Error fetching the goal state: [ProtocolError] "
    "[Wireserver Exception] [HttpError] [HTTP Failed] GET http://168.63.129.16/machine/?comp=goalstate -- IOError "
    "timed out -- 6 attempts made\n"
)


@pytest.mark.parametrize(
    ("facts", "causes"),
    [
        ((), ("azure-vm-wireserver-unreachable",)),
        ((chassis(True), vm_service("waagent")), ("azure-vm-wireserver-unreachable",)),
        ((chassis(False), *ARC), ()),
        ((chassis(True), *ARC), ()),
        ((chassis(False),), ()),
    ],
)
def test_the_vm_agents_log_counts_on_azure_vms_only(
    facts: Facts, causes: tuple[str, ...], rules: RuleSet, tmp_path: Path
) -> None:
    (tmp_path / "waagent.log").write_text(WAAGENT, encoding="utf-8")
    assert current(diagnose(facts, tmp_path, rules) if facts else analyze(tmp_path, rules)) == causes
