"""Whole cases with recorded policies of Windows: exports, hives, policy files and reports, with logs and without."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import CheckStatus, Confidence, Diagnosis, State, Verdict
from arcdiag.pipeline import analyze
from arcdiag.report import render_text
from tests.logs.values.hives import dword, hive, text
from tests.logs.values.test_pol_file import HEAD, days
from tests.logs.values.test_recorded import HOSTILE, utf16
from tests.logs.values.windows_xml import event, gpo, policy, rsop, security_option, service_right

POLICIES = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\System"
PROTOCOLS = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols"
UNINSTALL = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{6A1B}"
KERNEL = r"MACHINE\System\CurrentControlSet\Control\Session Manager\Kernel\ObCaseInsensitive"
SERVICE = "Azure Hybrid Instance Metadata Service"
OLD, NEW = "1.9.21208.014", "1.61.03319.859"
KEY_GONE = "identity certificate was not found: [certStore] Cannot find object or property. (0x80092004)"
SIGN_IN = (
    "Error occurred while sending request for Device Authorization Code: Post "
    "https://login.windows.net/3f0c9a51-7f5e-4f0a-9a56-2f7a6f0e4a11/oauth2/devicecode?api-version=1.0: "
    "dial tcp lookup login.windows.net: no such host"
)
NO_NAME = 'Get "https://{0}/metadata/endpoints": dial tcp: lookup {0}: no such host'
RIGHTS = (
    "[Unicode]\r\nUnicode=yes\r\n[Privilege Rights]\r\nSeNetworkLogonRight = *S-1-1-0\r\nSeBackupPrivilege = *S-1-5-32-544\r\n"
    'SeServiceLogonRight = {}\r\n[Version]\r\nsignature="$CHICAGO$"\r\n'
)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def export(*blocks: str) -> bytes:
    return utf16("Windows Registry Editor Version 5.00\r\n\r\n" + "\r\n\r\n".join(blocks) + "\r\n\r\n")


def cleanup(number: int) -> str:
    return f'[{POLICIES}]\r\n"CleanupProfiles"=dword:{number:08x}'


def installed(version: str) -> str:
    return f'[{UNINSTALL}]\r\n"DisplayName"="Azure Connected Machine Agent"\r\n"DisplayVersion"="{version}"'


def record(at: str, level: str, message: str, **fields: str) -> str:
    quoted = "".join(f" {name}={json.dumps(value)}" for name, value in fields.items())
    return f'time="2022-05-16T{at}Z" level={level} msg={json.dumps(message)}{quoted}'


def heartbeats(version: str, error: str = "") -> bytes:
    """A service that starts, and sends what it can: two heartbeats that go well, then those with the error."""
    lines = [record("03:00:00", "info", "Starting HIMDS service", Version=version)]
    for minute in range(0, 40, 5):
        lines.append(record(f"03:{minute:02}:10", "info", "Sending heartbeat"))
        if error and minute >= 10:
            lines.append(record(f"03:{minute:02}:11", "error", "Failed to send heartbeat", Error=error))
        else:
            lines.append(record(f"03:{minute:02}:11", "info", "Heartbeat sent successfully"))
    return ("\n".join(lines) + "\n").encode()


def connect(version: str, fatal: str, *before: str) -> bytes:
    lines = [
        record("04:00:00", "debug", "Running as elevated user"),
        record("04:00:00", "debug", f"Agent Version: {version}"),
        record("04:00:00", "debug", "Agent Command: connect"),
        record("04:00:01", "info", "Connecting machine to Azure... This might take a few minutes."),
        *(record("04:00:02", "error", text) for text in before),
        record("04:00:05", "info", "Exit Code:  AZCM0041: Authentication Error"),
        record("04:00:05", "fatal", fatal),
    ]
    return ("\n".join(lines) + "\n").encode()


def facts(*given: tuple[str, str | None, str, Mapping[str, object]]) -> bytes:
    lines = []
    for name, subject, kind, value in given:
        about = {"kind": kind, "id": subject} if subject else None
        lines.append(
            json.dumps(
                {"fact": name, "subject": about, "status": "ok", "value": value, "path": "agent",
                 "at": "2022-05-16T04:05:00Z", "by": "test", "user": "root", "raw": None}
            )
        )  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def diagnosed(folder: Path, rules: RuleSet, files: Mapping[str, bytes]) -> Diagnosis:
    """The same files as a folder and as a zip give the same."""
    for name, data in files.items():
        path = folder / "case" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    with zipfile.ZipFile(folder / "case.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(f"logs/{name}" if "facts.jsonl" not in files else name, data)
    found, zipped = analyze(folder / "case", rules), analyze(folder / "case.zip", rules)
    assert current(found) == current(zipped)
    assert [(c.id, c.status) for c in found.checks] == [(c.id, c.status) for c in zipped.checks]
    return found


def current(found: Diagnosis) -> list[str]:
    return [cause.id for cause in found.causes if cause.state is State.CURRENT]


def said(found: Diagnosis, rules: RuleSet) -> str:
    return " ".join(render_text(found, rules, width=100_000).split())


def warned(found: Diagnosis) -> dict[str, CheckStatus]:
    return {
        check.id: check.status for check in found.checks if check.id in ("profile-deletion-gpo", "tls-cipher-mismatch")
    }


REPORT = utf16(rsop(gpo("Kiosk clean-up"), policy()))


@pytest.mark.parametrize(
    "policy_files",
    [
        {"policies.reg": export(cleanup(30))},
        {"gp.xml": REPORT},
        {"System32/GroupPolicy/Machine/Registry.pol": HEAD + days(30)},
        {
            "SOFTWARE": hive(
                {"Classes": {}, "Microsoft": {}, r"Policies\Microsoft\Windows\System": {"CleanupProfiles": dword(30)}}
            )
        },
        {"console.txt": f"C:\\>reg query HKLM\\...\n\n{POLICIES}\n    CleanupProfiles    REG_DWORD    0x1e\n".encode()},
    ],
    ids=["export", "report", "policy file", "hive", "reg query"],
)
def test_policy_and_old_agent_and_credentials_gone(
    policy_files: dict[str, bytes], rules: RuleSet, tmp_path: Path
) -> None:
    found = diagnosed(tmp_path, rules, {**policy_files, "himds.log": heartbeats(OLD, KEY_GONE)})
    assert current(found)[0] == "profile-deletion-gpo"
    cause = found.causes[0]
    assert cause.confidence is Confidence.CONFIRMED
    assert "agent-cert-key-missing" in {e.id for e in cause.explains}
    assert any(
        "policy.cleanup-profiles" in piece.text or "deletes user profiles" in piece.text for piece in cause.evidence
    )


def test_the_group_policy_is_named(rules: RuleSet, tmp_path: Path) -> None:
    files = {"policies.reg": export(cleanup(30)), "gp.xml": REPORT, "himds.log": heartbeats(OLD, KEY_GONE)}
    found = diagnosed(tmp_path, rules, files)
    assert current(found)[0] == "profile-deletion-gpo"
    told = said(found, rules)
    assert "Kiosk clean-up" in told
    assert "Computer Configuration, Administrative Templates, System, User Profiles" in told


def test_the_policy_alone_is_a_warning_that_names_days_and_version(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnosed(tmp_path, rules, {"a.reg": export(cleanup(30), installed(OLD)), "himds.log": heartbeats(OLD)})
    assert (found.verdict, current(found)) == (Verdict.HEALTHY, [])
    assert warned(found) == {"profile-deletion-gpo": CheckStatus.WARN}
    told = said(found, rules)
    assert "30 days" in told and OLD in told and "can lose them" in told


def test_the_policy_and_a_new_agent_is_a_warning_that_says_not_affected(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnosed(tmp_path, rules, {"a.reg": export(cleanup(30), installed(NEW)), "himds.log": heartbeats(NEW)})
    assert (found.verdict, current(found)) == (Verdict.HEALTHY, [])
    assert warned(found) == {"profile-deletion-gpo": CheckStatus.WARN}


def test_the_policy_is_not_blamed_on_a_new_agent(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnosed(tmp_path, rules, {"a.reg": export(cleanup(30)), "himds.log": heartbeats(NEW, KEY_GONE)})
    assert current(found)[0] == "agent-cert-key-missing"
    assert "profile-deletion-gpo" not in current(found)


@pytest.mark.parametrize(
    "files",
    [
        {"a.reg": export(cleanup(0))},
        {"a.reg": export(f"[{POLICIES}]")},
        {"gp.xml": utf16(rsop(gpo("Kiosk clean-up"), policy(state="Disabled")))},
        {"gp.xml": utf16(rsop(gpo("Kiosk clean-up"), user=policy()))},
        {"a.reg": export(f'[{POLICIES}]\r\n"CleanupProfiles"="30"')},
    ],
    ids=["zero days", "not set", "disabled", "set for users only", "malformed"],
)
def test_credentials_gone_without_the_policy(files: dict[str, bytes], rules: RuleSet, tmp_path: Path) -> None:
    found = diagnosed(tmp_path, rules, {**files, "himds.log": heartbeats(OLD, KEY_GONE)})
    assert current(found)[0] == "agent-cert-key-missing"
    assert "profile-deletion-gpo" not in current(found)


def test_the_sign_in_line_of_an_old_agent_under_the_policy(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnosed(tmp_path, rules, {"a.reg": export(cleanup(30)), "azcmagent.log": connect(OLD, SIGN_IN)})
    assert current(found) == ["profile-deletion-gpo"]
    assert found.causes[0].confidence is Confidence.LIKELY


@pytest.mark.parametrize("result", ["nxdomain", "timeout", "servfail"])
def test_names_that_really_fail_are_dns(result: str, rules: RuleSet, tmp_path: Path) -> None:
    probes = [
        ("machine.host", None, "machine", {"os": "windows"}),
        ("policy.cleanup-profiles", None, "machine", {"days": 30, "source": "unknown"}),
        ("probe.dns", "login.windows.net", "endpoint", {"result": result, "hosts_file": False}),
        ("probe.dns", "management.azure.com", "endpoint", {"result": result, "hosts_file": False}),
    ]
    found = diagnosed(tmp_path, rules, {"facts.jsonl": facts(*probes), "azcmagent.log": connect(OLD, SIGN_IN)})
    assert current(found)[0] == "dns-failure"
    assert "profile-deletion-gpo" not in current(found)


def test_the_sign_in_line_while_names_resolve_is_the_policy(rules: RuleSet, tmp_path: Path) -> None:
    probes = [
        ("machine.host", None, "machine", {"os": "windows"}),
        ("policy.cleanup-profiles", None, "machine", {"days": 30, "source": "unknown"}),
        ("probe.dns", "login.windows.net", "endpoint", {"result": "ok", "hosts_file": False}),
        ("probe.dns", "management.azure.com", "endpoint", {"result": "ok", "hosts_file": False}),
    ]
    found = diagnosed(tmp_path, rules, {"facts.jsonl": facts(*probes), "azcmagent.log": connect(OLD, SIGN_IN)})
    assert current(found)[0] == "profile-deletion-gpo"
    assert "dns-failure" not in current(found)


def test_credentials_gone_and_names_that_fail_are_both_told(rules: RuleSet, tmp_path: Path) -> None:
    files = {
        "a.reg": export(cleanup(30)),
        "himds.log": heartbeats(OLD, KEY_GONE),
        "azcmagent.log": connect(OLD, NO_NAME.format("management.azure.com")),
    }
    found = current(diagnosed(tmp_path, rules, files))
    assert {"dns-failure", "profile-deletion-gpo"} <= set(found)


START_FAILED = event(7041, "himds", r"NT SERVICE\himds") + "\n" + event(7000, SERVICE, "%%1069")


@pytest.mark.parametrize(
    "rights",
    [
        {"rights.inf": utf16(RIGHTS.format("*S-1-5-20,CONTOSO\\svc_sql"))},
        {"gp.xml": utf16(rsop(gpo("Server rights"), service_right("S-1-5-20", r"CONTOSO\svc_sql")))},
    ],
    ids=["secedit", "report"],
)
def test_no_right_to_log_on_as_a_service(rights: dict[str, bytes], rules: RuleSet, tmp_path: Path) -> None:
    found = diagnosed(tmp_path, rules, {**rights, "System.xml": START_FAILED.encode()})
    assert current(found) == ["logon-as-service-right-missing"]
    assert found.causes[0].confidence is Confidence.CONFIRMED
    assert "himds-not-running" in {e.id for e in found.causes[0].explains}


def test_the_right_alone_is_a_warning(rules: RuleSet, tmp_path: Path) -> None:
    files = {"rights.inf": utf16(RIGHTS.format("*S-1-5-20")), "himds.log": heartbeats(NEW)}
    found = diagnosed(tmp_path, rules, files)
    assert (found.verdict, current(found)) == (Verdict.HEALTHY, [])
    assert any(c.id == "logon-as-service-right-missing" and c.status is CheckStatus.WARN for c in found.checks)


def test_a_service_that_is_disabled_has_its_right(rules: RuleSet, tmp_path: Path) -> None:
    files = {"rights.inf": utf16(RIGHTS.format("*S-1-5-80-0")), "System.xml": event(7000, SERVICE, "%%1058").encode()}
    found = diagnosed(tmp_path, rules, files)
    assert current(found) == ["himds-not-running"]


@pytest.mark.parametrize(
    ("events", "cause"),
    [
        (event(7034, SERVICE, "3"), "himds-crash"),
        (event(7031, SERVICE, "1", "60000", "1", "Den Dienst neu starten"), "himds-crash"),
        (event(7009, "30000", SERVICE), "himds-not-running"),
        (event(7001, SERVICE, "Basisfiltermodul", "%%5"), "himds-not-running"),
    ],
)
def test_events_of_the_service_by_their_numbers(events: str, cause: str, rules: RuleSet, tmp_path: Path) -> None:
    assert current(diagnosed(tmp_path, rules, {"System.xml": events.encode()}))[0] == cause


def test_an_event_before_the_service_ran_again_is_past(rules: RuleSet, tmp_path: Path) -> None:
    before = START_FAILED.replace("2026-05-01", "2022-02-01")
    found = diagnosed(tmp_path, rules, {"System.xml": before.encode(), "himds.log": heartbeats(NEW)})
    assert current(found) == []
    assert found.verdict.exit_code == 0


NO_TLS12 = f'[{PROTOCOLS}\\TLS 1.2\\Client]\r\n"Enabled"=dword:00000000\r\n"DisabledByDefault"=dword:00000001'
GC_ERROR = (
    "[2022-05-16 03:20:00.125] [PID 623] [TID 798] [Pull Client] [ERROR] [7f0a8719-0c5b-4d5f-8a9b-6a7f0a871900] "
    "Failed to get assignments. Error : WinHttpSendRequest: 12175: A security error occurred\n"
)


@pytest.mark.parametrize(("settings", "sure"), [(NO_TLS12, Confidence.LIKELY), ("", Confidence.POSSIBLE)])
def test_windows_tls_and_the_policy_service(settings: str, sure: Confidence, rules: RuleSet, tmp_path: Path) -> None:
    files = {"a.reg": export(f"[{PROTOCOLS}]", *([settings] if settings else [])), "gc_agent.log": GC_ERROR.encode()}
    found = diagnosed(tmp_path, rules, files)
    cause = next(c for c in found.causes if c.id == "tls-cipher-mismatch")
    assert (cause.state, cause.confidence) == (State.CURRENT, sure)


def test_a_setting_of_windows_that_breaks_nothing_is_a_warning(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnosed(tmp_path, rules, {"a.reg": export(f"[{PROTOCOLS}]", NO_TLS12), "himds.log": heartbeats(NEW)})
    assert (found.verdict, current(found)) == (Verdict.HEALTHY, [])
    assert warned(found) == {"tls-cipher-mismatch": CheckStatus.WARN}


def test_the_pipe_and_its_policy(rules: RuleSet, tmp_path: Path) -> None:
    denied = r"Failed to create named pipe listener: open \\.\pipe\himds: Access is denied."
    files = {
        "gp.xml": utf16(rsop(gpo("Hardening"), security_option(KERNEL, "0"))),
        "himds.log": (heartbeats("1.9.21208.014").decode() + record("03:50:00", "fatal", denied) + "\n").encode(),
    }
    found = diagnosed(tmp_path, rules, files)
    assert current(found)[0] == "himds-pipe-blocked-by-policy"
    assert found.causes[0].confidence is Confidence.CONFIRMED


def test_a_healthy_machine_with_hives_and_reports(rules: RuleSet, tmp_path: Path) -> None:
    software = hive(
        {
            "Classes": {},
            r"Microsoft\PowerShell\3\PowerShellEngine": {"PowerShellVersion": text("5.1.17763.1")},
            r"Microsoft\NET Framework Setup\NDP\v4\Full": {"Release": dword(528040)},
            r"Policies\Microsoft\Windows\System": {"GroupPolicyRefreshTime": dword(90)},
        }
    )
    system = hive(
        {"Select": {"Current": dword(1)}, r"ControlSet001\Control\Lsa\FIPSAlgorithmPolicy": {"Enabled": dword(0)}}
    )
    files = {
        "config/SOFTWARE": software,
        "config/SYSTEM": system,
        "gp.xml": utf16(rsop(gpo("Default Domain Policy"), service_right("S-1-5-80-0"))),
        "rights.inf": utf16(RIGHTS.format("*S-1-5-80-0")),
        "System.xml": event(7036, SERVICE, "running", level=4).encode(),
        "himds.log": heartbeats(NEW),
    }
    found = diagnosed(tmp_path, rules, files)
    assert (found.verdict, found.causes) == (Verdict.HEALTHY, ())
    assert [c for c in found.checks if c.status in (CheckStatus.WARN, CheckStatus.FAIL)] == []
    names = {f.id for f in found.facts}
    assert {"windows.dotnet", "windows.powershell", "policy.fips", "policy.logon-as-service", "policy.gpos"} <= names


def test_hostile_files_beside_healthy_logs(rules: RuleSet, tmp_path: Path) -> None:
    files = {f"{number}.bin": data for number, data in enumerate(HOSTILE.values())}
    found = diagnosed(tmp_path, rules, {**files, "himds.log": heartbeats(NEW)})
    assert (found.verdict, current(found)) == (Verdict.HEALTHY, [])
    assert {f"{number}.bin" for number in range(len(HOSTILE))} <= {item.what for item in found.not_evaluated}
