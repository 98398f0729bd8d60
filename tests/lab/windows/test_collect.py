"""`arcdiag collect` from start to report under a real Windows Python, in a network with all of Azure's endpoints."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest

from tests.lab.windows import agent
from tests.lab.windows.reports import Collected, collect, here
from tests.lab.windows.wine import Machine, with_azure

POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\System"
CRYPTO = r"Microsoft\Cryptography\Configuration\SSL\00010002"
CAUSE = "profile-deletion-gpo"
OFFLINE = {"status": "Disconnected", "agentVersion": agent.OLD_VERSION, "lastHeartbeat": "2024-01-01T00:00:00Z"}


@pytest.fixture(scope="module")
def network(machine: Machine) -> Iterator[Machine]:
    """A connected agent with all endpoints in reach."""
    agent.install(machine)
    with with_azure(machine):
        yield machine


@pytest.fixture(scope="module")
def healthy(network: Machine) -> Collected:
    return collect(network, "--timeout", "60")


def test_a_healthy_machine_is_healthy(healthy: Collected) -> None:
    assert (healthy.ended.code, healthy.diagnosis["verdict"], healthy.causes) == (0, "healthy", [])
    assert healthy.diagnosis["case"]["os"] == "windows"
    assert healthy.diagnosis["case"]["agent_version"] == agent.VERSION
    assert healthy.report.read_bytes().startswith(b"<!doctype html>")
    assert "Traceback" not in healthy.ended.errors.decode()


def test_every_layer_of_every_endpoint_was_tried(healthy: Collected) -> None:
    ends = healthy.diagnosis["endpoints"]
    assert len(ends) >= 11
    for end in ends:
        assert end["failing_layer"] is None, json.dumps(end)
        assert [layer["status"] for layer in end["layers"]] == ["pass"] * 4, end
    assert healthy.value("clock.skew")["samples"] == len(ends)
    assert healthy.value("probe.himds", "localhost:40342")["result"] == "ok"


def test_the_case_gives_the_same_diagnosis_on_another_system(healthy: Collected) -> None:
    ours = here("analyze", str(healthy.case), "--format", "json")
    assert (ours.code, json.loads(ours.raw)) == (0, healthy.diagnosis)


def test_what_cannot_be_seen_is_said(healthy: Collected) -> None:
    missing = {item["what"]: item["why"] for item in healthy.diagnosis["not_evaluated"]}
    for what in ("policy.logon-as-service", "account.token-readers"):
        assert missing[what].startswith("this system does not tell")
    assert not [what for what in missing if "systemd" in what or "selinux" in what], missing
    # Nobody tells who owns the port here, so nobody is blamed for holding it.
    owner = healthy.value("port.listener", "localhost:40342")
    assert (owner["listening"], owner["owner_is_agent"]) == (True, None)


def test_values_that_only_windows_has(healthy: Collected) -> None:
    assert healthy.status("policy.cleanup-profiles") == "absent"
    assert healthy.value("machine.host")["product"] == "server"
    assert healthy.value("identity.certificate", r"C:\ProgramData\AzureConnectedMachineAgent\Certs\myCert.cer")
    assert healthy.value("file.state", "himds.sock")["kind"] == "socket"
    assert healthy.value("machine.trust")["source"] == "system store"


def test_policies_of_the_registry_stand_in_the_case(network: Machine) -> None:
    suites = r"TLS_AES_256_GCM_SHA384\0TLS_AES_128_GCM_SHA256"
    network.reg(rf"HKLM\SOFTWARE\Policies\{CRYPTO}", "Functions", "REG_MULTI_SZ", suites)
    lsa, channel = (
        r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa",
        r"HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders",
    )
    network.reg(rf"{lsa}\FIPSAlgorithmPolicy", "Enabled", "REG_DWORD", "1")
    network.reg(rf"{channel}\SCHANNEL\Protocols\TLS 1.2\Client", "Enabled", "REG_DWORD", "0")
    network.reg(r"HKLM\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full", "Release", "REG_DWORD", "528040")
    network.reg(r"HKLM\SYSTEM\CurrentControlSet\Services\W32Time\Parameters", "NtpServer", "REG_SZ", "time.example,0x9")
    seen = collect(network, "--no-probe")
    assert seen.value("policy.cipher-order")["suites"] == ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"]
    assert seen.value("policy.fips") == {"enabled": True}
    assert seen.value("policy.tls-client")["tls12"] == "off"
    assert seen.value("windows.dotnet")["release"] == 528040
    assert "time.example" in str(seen.value("machine.time-source")["servers"])


def test_the_policy_alone_is_a_remark_that_names_the_days(network: Machine) -> None:
    network.reg(POLICY, "CleanupProfiles", "REG_DWORD", "30")
    seen = collect(network, "--timeout", "60")
    assert (seen.ended.code, seen.diagnosis["verdict"], seen.causes) == (0, "healthy", [])
    (remark,) = [check for check in seen.diagnosis["checks"] if check["id"] == CAUSE]
    assert remark["status"] in ("info", "warn")
    assert "30" in remark["reason"] and agent.VERSION in remark["reason"]
    assert seen.value("policy.cleanup-profiles")["days"] == 30


def test_the_policy_an_old_agent_and_no_credentials_are_the_cause(fresh: Machine) -> None:
    agent.install(fresh, agent.OLD_VERSION)
    fresh.reg(POLICY, "CleanupProfiles", "REG_DWORD", "30")
    shutil.rmtree(agent.data_folder(fresh) / "Certs")
    agent.show(fresh, OFFLINE)
    with with_azure(fresh):
        seen = collect(fresh, "--timeout", "60")
    assert seen.ended.code == 1
    assert seen.causes[0] == CAUSE
    cause = seen.diagnosis["causes"][0]
    assert (cause["confidence"], cause["layer"]) == ("confirmed", "agent")
    assert "30" in " ".join(e["text"] for e in cause["evidence"])


def test_an_old_agent_with_its_credentials_is_only_warned(fresh: Machine) -> None:
    agent.install(fresh, agent.OLD_VERSION)
    fresh.reg(POLICY, "CleanupProfiles", "REG_DWORD", "30")
    seen = collect(fresh, "--no-probe")
    assert CAUSE not in seen.causes
    assert "30" in seen.warnings[CAUSE] and agent.OLD_VERSION in seen.warnings[CAUSE]


def test_credentials_gone_without_the_policy_is_another_cause(fresh: Machine) -> None:
    agent.install(fresh, agent.OLD_VERSION)
    shutil.rmtree(agent.data_folder(fresh) / "Certs")
    agent.show(fresh, OFFLINE)
    seen = collect(fresh, "--no-probe")
    assert CAUSE not in [cause["id"] for cause in seen.diagnosis["causes"]]
    assert seen.causes[0] == "agent-cert-key-missing"
