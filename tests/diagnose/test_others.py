"""Failures of other programs are no failures of the agent."""

from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.model.diagnosis import Diagnosis, State, Verdict
from arcdiag.pipeline import analyze

NOISE = """\
May 03 10:00:00 k8s-8 kubelet[901]: E0503 10:00:00.1 Get "https://10.0.0.5:6443/api": x509: certificate signed by unknown authority
May 03 10:00:03 k8s-8 containerd[700]: time="2026-05-03T10:00:03Z" level=error msg="write failed: no space left on device"
May 03 10:00:04 k8s-8 supervisord[70]: dial tcp: lookup registry.corp.example on 127.0.0.53:53: no such host
"""
HEARTBEAT = 'May 03 10:05:0{n} k8s-8 himds[611]: time="2026-05-03T10:05:0{n}Z" level={level} msg="{text}"\n'
BACKUP = """\
2026-02-02 03:00:01,221 [INFO ] bkagent.scheduler: starting job nightly-full
2026-02-02 03:00:01,530 [ERROR] bkagent.transport: connect to bkp01.corp.example:9102 failed: Connection refused
2026-02-02 03:10:01,530 [WARN ] bkagent.transport: proxy http://proxy.corp.example:3128 answered 407 Proxy Authentication Required
2026-02-02 03:10:02,001 [ERROR] bkagent.scheduler: job failed: x509: certificate signed by unknown authority
"""
APT = "Extension returned non-zero exit code for Install: 100. Extension error output: "


def diagnosed(folder: Path, **files: str) -> Diagnosis:
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return analyze(folder, load_rules())


def current(diagnosis: Diagnosis) -> list[str]:
    return [cause.id for cause in diagnosis.causes if cause.state is State.CURRENT]


def test_records_of_other_programs_are_left_out_of_a_journal(tmp_path: Path) -> None:
    fine = HEARTBEAT.format(n=1, level="info", text="Heartbeat sent successfully")
    found = diagnosed(tmp_path, journal=NOISE + fine)
    assert found.verdict is Verdict.HEALTHY and not found.causes


def test_the_agents_own_record_decides_between_them(tmp_path: Path) -> None:
    text = "failed to send a heartbeat: dial tcp: lookup weu.his.arc.azure.com on 127.0.0.53:53: server misbehaving"
    assert current(diagnosed(tmp_path, journal=NOISE + HEARTBEAT.format(n=1, level="error", text=text))) == [
        "dns-failure"
    ]


def test_another_program_that_asks_azure_is_evidence(tmp_path: Path) -> None:
    line = "May 03 10:05:0{n} vm-1 billingd[7]: Get http://localhost:50342/oauth2/token: dial tcp 127.0.0.1:50342: connect: connection refused\n"
    journal = "".join(line.format(n=n) for n in range(4))
    assert current(diagnosed(tmp_path, journal=journal)) == ["managed-identity-extension-in-use"]


def test_a_journal_in_json_names_its_programs_too(tmp_path: Path) -> None:
    line = '{{"SYSLOG_IDENTIFIER": "{name}", "MESSAGE": "{text}"}}\n'
    other = line.format(name="kubelet", text="x509: certificate signed by unknown authority")
    own = line.format(name="himds", text="lookup weu.his.arc.azure.com on 127.0.0.53:53: server misbehaving")
    assert current(diagnosed(tmp_path, journal=other + own)) == ["dns-failure"]


def test_a_step_of_another_program_in_json_is_no_step_of_the_agent(tmp_path: Path) -> None:
    line = '{{"SYSLOG_IDENTIFIER": "{name}", "MESSAGE": "{text}"}}\n'
    other = line.format(name="node-agent", text="Failed to send heartbeat")
    assert not diagnosed(tmp_path, journal=other).attempts
    assert diagnosed(tmp_path, journal=line.format(name="himds", text="Failed to send heartbeat")).attempts


def test_a_lock_that_the_vm_agent_holds_is_still_the_installers_trouble(tmp_path: Path) -> None:
    text = (
        "Configuring for Ubuntu 22.04...\nE: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 "
        "(python3 /var/lib/waagent/x)\n./install_linux_azcmagent.sh: error installing azcmagent (exit code: 100). See 'apt' "
        "command logs for more information.\n"
    )
    assert current(diagnosed(tmp_path, install=text)) == ["apt-lock-held"]


def test_the_log_of_another_program_is_none_of_ours(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, agent=BACKUP)
    assert found.verdict is Verdict.INCONCLUSIVE and not found.causes
    assert [n.why for n in found.not_evaluated if n.what == "agent.txt"] == [
        "the log of another program; what failed for it is no evidence"
    ]


def test_a_log_that_names_the_agent_is_read(tmp_path: Path) -> None:
    text = BACKUP + "2026-02-02 03:11:02,001 [ERROR] wrapper: azcmagent: lookup gbl.his.arc.azure.com: no such host\n"
    assert "dns-failure" in current(diagnosed(tmp_path, agent=text))


@pytest.mark.parametrize(
    "text",
    [
        "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 28114 (unattended-upgr)",
        "Errors during downloading metadata for repository 'epel'",
        "E: dpkg was interrupted, you must manually run 'sudo dpkg --configure -a' to correct the problem.",
    ],
)
def test_what_a_package_manager_says_for_an_extension_is_not_about_the_agent(tmp_path: Path, text: str) -> None:
    found = diagnosed(tmp_path, status=APT + text)
    assert found.causes
    assert all(cause.layer == "extension" for cause in found.causes)


EXITED = "Extension returned non-zero exit code for Install: {}. Extension error output: {} "


def test_an_extensions_older_attempts_are_over(tmp_path: Path) -> None:
    text = "Extension failed to install. " + EXITED.format(51, "not supported.") + EXITED.format(56, "dpkg is locked.")
    assert current(diagnosed(tmp_path, status=text)) == ["extension-unsupported-os"]


def test_two_extensions_have_each_their_own(tmp_path: Path) -> None:
    row = '{{"name": "{}", "properties": {{"provisioningState": "Failed", "status": {{"message": "{}"}}}}}}'
    first, second = EXITED.format(51, "not supported."), EXITED.format(53, "workspaceId is missing.")
    (tmp_path / "ext.json").write_text(f"[{row.format('A', first)}, {row.format('B', second)}]", encoding="utf-8")
    found = current(analyze(tmp_path, load_rules()))
    assert set(found) == {"extension-unsupported-os", "extension-config-invalid"}


def test_a_few_lines_of_another_program_tell_no_failed_calls(tmp_path: Path) -> None:
    line = "2026-09-30 09:58:01 [error] 1188#1188: upstream timed out (110: Connection timed out) while connecting\n"
    assert not current(diagnosed(tmp_path, error=line))
    assert current(diagnosed(tmp_path, error=line, agent=line.replace("upstream", "azcmagent:")))


CONNECTED = "Agent Version : 1.67\nAgent Status : Connected\nAgent Last Heartbeat : 2026-11-18T00:55:01Z\n"
LOCK = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (unattended-upgr)\n"


def test_a_package_manager_that_was_asked_for_other_packages(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, show=CONNECTED, apt=f"# apt upgrade nginx\n{LOCK}# apt upgrade nginx\n0 upgraded\n")
    assert not current(found)


@pytest.mark.parametrize("asked", ["apt install azcmagent", "apt-get -y upgrade", "dpkg -i ./azcmagent.deb"])
def test_a_package_manager_that_was_asked_for_the_agent(tmp_path: Path, asked: str) -> None:
    assert current(diagnosed(tmp_path, apt=f"# apt install nginx\n{LOCK}# {asked}\n{LOCK}")) == ["apt-lock-held"]


def test_the_installation_log_of_another_product(tmp_path: Path) -> None:
    text = "Product: Some Browser -- Installation failed.\nMainEngineThread is returning 1603\n"
    assert not current(diagnosed(tmp_path, show=CONNECTED, msi=text))
    text += "Product: Azure Connected Machine Agent -- Installation failed.\nMainEngineThread is returning 1603\n"
    assert current(diagnosed(tmp_path, msi=text)) == ["msi-install-failed"]


@pytest.mark.parametrize(
    ("action", "causes"),
    [
        ("Microsoft.Compute/virtualMachines/read", []),
        ("Microsoft.HybridCompute/machines/read", ["rbac-missing-onboarding-role"]),
        ("Microsoft.Compute/register/action", ["rbac-missing-onboarding-role"]),
    ],
)
def test_a_right_that_nothing_of_the_agents_needs(tmp_path: Path, action: str, causes: list[str]) -> None:
    text = (
        f"(AuthorizationFailed) The client 'a' does not have authorization to perform action '{action}' over scope '/x'"
    )
    assert current(diagnosed(tmp_path, az=text + " or the scope is invalid.\n")) == causes


def test_a_sign_in_by_hand_on_a_machine_that_is_online(tmp_path: Path) -> None:
    text = "$ az login\nAADSTS50076: you must use multi-factor authentication to access 'x'.\n"
    assert not current(diagnosed(tmp_path, show=CONNECTED, az=text))
    assert current(diagnosed(tmp_path / ".." / tmp_path.name, az=text, show="")) == ["conditional-access-blocked"]


def test_a_message_of_success_that_quotes_older_failures(tmp_path: Path) -> None:
    status = (
        '{"status": {"code": "%s", "level": "%s", "message": "Extension returned non-zero exit code for Enable: 52."}}'
    )
    assert not current(diagnosed(tmp_path, e=status % ("0", "Information")))
    assert current(diagnosed(tmp_path, e=status % ("52", "Error"))) == ["extension-dependency-missing"]


def test_the_agents_installer_behind_another_command(tmp_path: Path) -> None:
    text = f"# apt install nginx\n{LOCK}install_linux_azcmagent.sh: error installing azcmagent (exit code: 100)\n"
    assert diagnosed(tmp_path, t=text).verdict is not Verdict.HEALTHY
