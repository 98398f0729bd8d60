"""What is current: attempts, closing, healing, deciding records, with small rules of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Confidence, Diagnosis, State, Verdict
from arcdiag.pipeline import analyze

OWN = """\
- signal: test.jam
  text: ["the frobnicator {what:word} is jammed"]
  says: The frobnicator {what} is jammed.
  samples:
    match: [{ line: "ERROR   the frobnicator A7 is jammed", gives: { what: A7 } }]
    no_match: [{ line: "the frobnicator A7 is fine" }]
- signal: test.leak
  text: ["the widget leaks badly"]
  says: The widget leaks.
  samples: { match: [{ line: "the widget leaks badly" }], no_match: [{ line: "the widget is dry" }] }
- signal: test.token
  text: ["the gizmo refused the reader"]
  says: Refused.
  step: token
  samples: { match: [{ line: "the gizmo refused the reader" }], no_match: [{ line: "the gizmo nodded" }] }
- cause: test-jam
  layer: host
  title: A jam
  summary: "{what} is jammed."
  likely: [test.jam]
  breaks: [connect, heartbeat]
  look_alikes: { test-leak: "nothing drips" }
  fix: [{ do: Unjam it., run: "unjam {what} {tool}" }, { do: Use the lever., os: windows }, { do: New., agent: ">=1.60" }]
- cause: test-leak
  layer: host
  title: A leak
  summary: It leaks.
  likely: [test.leak]
  explains: [test-jam]
  breaks: [connect, heartbeat]
  fix: [{ do: Mop. }]
- signal: test.throttle
  text: ["the sprocket was throttled"]
  says: Throttled.
  samples: { match: [{ line: "the sprocket was throttled" }], no_match: [{ line: "the sprocket spins" }] }
- cause: test-throttle
  layer: agent
  title: A throttle
  summary: Throttled again and again.
  likely: [test.throttle]
  recurs: { count: 3, within: 2h }
  breaks: [heartbeat]
  fix: [{ do: Wait. }]
- cause: test-token
  layer: agent
  title: A refusal
  summary: Refused.
  likely: [test.token]
  breaks: [token]
  fix: [{ do: Ask. }]
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    folder = tmp_path_factory.mktemp("rules")
    (folder / "own.yaml").write_text(OWN, encoding="utf-8")
    return load_rules(folder)


def line(at: str, level: str, text: str, day: str = "2024-05-01") -> str:
    return f'time="{day}T{at}Z" level={level} msg="{text}"'


def run(at: str, *body: tuple[str, str], version: str = "1.50.1", day: str = "2024-05-01") -> list[str]:
    head = ["Running as elevated user", f"Agent Version: {version}", "Agent Command: connect"]
    return [line(at, "debug", text, day) for text in head] + [line(at, level, text, day) for level, text in body]


FAILED = (
    ("error", "the frobnicator A7 is jammed"),
    ("info", "Exit Code:  AZCM0042: x"),
    ("fatal", "the frobnicator A7 is jammed"),
)
WORKED = (("debug", "ARM Resource Creation Successful"), ("info", "Connected machine to Azure"))


def diagnose(rules: RuleSet, tmp_path: Path, **files: list[str]) -> Diagnosis:
    for name, lines in files.items():
        (tmp_path / f"{name}.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return analyze(tmp_path, rules)


def test_the_last_connect_decides(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnose(rules, tmp_path, azcmagent=[*run("08:00:00", *WORKED), *run("09:00:00", *FAILED)])
    assert found.verdict is Verdict.PROBLEM
    assert [(c.id, c.state, c.confidence) for c in found.causes] == [("test-jam", State.CURRENT, Confidence.LIKELY)]
    assert [(e.id, e.count) for e in found.causes[0].explains] == [("AZCM0042", 1)]
    assert found.codes[0].explained_by == "test-jam"


def test_an_error_followed_by_success_is_past(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnose(rules, tmp_path, azcmagent=[*run("08:00:00", *FAILED), *run("09:00:00", *WORKED)])
    assert found.verdict is Verdict.RECOVERED
    assert found.causes[0].state is State.PAST


def test_noise_of_a_run_that_succeeds_is_no_cause(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnose(rules, tmp_path, azcmagent=run("08:00:00", ("debug", "the frobnicator A7 is jammed"), *WORKED))
    assert (found.verdict, found.causes) == (Verdict.HEALTHY, ())


def test_lines_in_a_source_count_not_stamps_that_run_backwards(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnose(rules, tmp_path, azcmagent=[*run("08:00:00", *WORKED), *run("07:00:00", *FAILED)])
    assert found.verdict is Verdict.PROBLEM


def test_debug_text_alone_gives_possible(rules: RuleSet, tmp_path: Path) -> None:
    body = (("debug", "the frobnicator A7 is jammed"), ("info", "Exit Code:  AZCM0001: x"), ("fatal", "no idea"))
    found = diagnose(rules, tmp_path, azcmagent=run("08:00:00", *body))
    assert found.causes[0].confidence is Confidence.POSSIBLE
    assert found.causes[0].why_not_sure


def test_the_fatal_line_decides_over_an_earlier_error(rules: RuleSet, tmp_path: Path) -> None:
    body = (("error", "the frobnicator A7 is jammed"), ("fatal", "the widget leaks badly"))
    found = diagnose(rules, tmp_path, azcmagent=run("08:00:00", *body))
    assert [(c.id, c.confidence) for c in found.causes] == [("test-leak", Confidence.LIKELY)]
    assert ("test-jam", 1) in [(e.id, e.count) for e in found.causes[0].explains]


def test_a_failure_that_no_rule_knows_is_inconclusive_and_quoted(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnose(rules, tmp_path, azcmagent=run("08:00:00", ("fatal", "something nobody has seen")))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert [(u.text, u.line) for u in found.unexplained] == [("something nobody has seen", 4)]
    assert found.next_steps


def beats(*events: tuple[str, bool], why: str = "the widget leaks badly") -> list[str]:
    out = []
    for at, good in events:
        out.append(line(at, "info", "Sending heartbeat"))
        out.append(line(at, "info", "Heartbeat sent successfully") if good else
                   f'time="2024-05-01T{at}Z" level=error msg="Failed to send heartbeat" Error="{why}"')  # fmt: skip
    return out


def test_a_heartbeat_that_heals_at_once_is_noise(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnose(rules, tmp_path, himds=beats(("08:00:00", True), ("08:05:00", False), ("08:10:00", True)))
    assert (found.verdict, found.causes) == (Verdict.HEALTHY, ())


def test_a_long_outage_that_ended_is_past(rules: RuleSet, tmp_path: Path) -> None:
    events = [("08:00:00", True), *((f"{h:02}:00:00", False) for h in range(9, 15)), ("15:00:00", True)]
    found = diagnose(rules, tmp_path, himds=beats(*events))
    assert found.verdict is Verdict.RECOVERED


def test_heartbeats_that_fail_to_the_end_are_current(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnose(rules, tmp_path, himds=beats(("08:00:00", True), ("08:05:00", False), ("08:10:00", False)))
    assert found.verdict is Verdict.PROBLEM
    assert found.causes[0].evidence[0].count == 2
    assert [a.attempt.count for a in found.attempts] == [1, 2]


def test_a_heartbeat_closes_an_older_failed_connect_in_another_file(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnose(
        rules, tmp_path, azcmagent=run("08:00:00", *FAILED), himds=beats(("09:00:00", True), ("09:05:00", True))
    )
    assert found.verdict is Verdict.RECOVERED


def test_a_loose_signal_is_current_for_a_day(rules: RuleSet, tmp_path: Path) -> None:
    old = [line("08:00:00", "error", "the gizmo refused the reader")]
    assert diagnose(rules, tmp_path, app=old).verdict is Verdict.PROBLEM
    later = [*old, line("09:00:00", "info", "all good", day="2024-05-03")]
    (tmp_path / "app.log").write_text("\n".join([*later, line("09:00:01", "error", "odd", day="2024-05-03")]) + "\n")
    assert analyze(tmp_path, rules).causes[0].state is State.PAST


def test_commands_are_filled_only_with_strict_captures(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnose(rules, tmp_path, azcmagent=run("08:00:00", *FAILED, version="1.50.1"))
    fixes = found.causes[0].fix
    assert fixes[0].command == "unjam <what> <tool>", "a word is no strict type"
    assert len(fixes) == 2, "the fix for agents from 1.60 is not shown to 1.50"


def test_look_alikes_are_ruled_out_unless_they_are_there(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnose(rules, tmp_path, azcmagent=run("08:00:00", *FAILED))
    assert [r.id for r in found.causes[0].ruled_out] == ["test-leak"]


def test_a_run_begins_before_its_command_is_named(rules: RuleSet, tmp_path: Path) -> None:
    log = [*run("08:00:00", *FAILED, version="1.40.1"), *run("09:00:00", *WORKED, version="1.62.9")]
    found = diagnose(rules, tmp_path, azcmagent=log)
    assert found.case.agent_version == "1.62.9"
    assert [a.attempt.agent_version for a in found.attempts] == ["1.40.1", "1.62.9"]


def test_other_commands_are_no_attempts(rules: RuleSet, tmp_path: Path) -> None:
    show = [t.replace("connect", "show ") for t in run("10:00:00", ("debug", "Status Message received"))]
    found = diagnose(rules, tmp_path, azcmagent=[*run("08:00:00", *FAILED), *show])
    assert found.verdict is Verdict.PROBLEM
    assert [a.attempt.step for a in found.attempts] == ["connect"]


def test_a_run_without_an_end_is_unfinished(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnose(rules, tmp_path, azcmagent=run("08:00:00", ("debug", "Awaiting status message from agent...")))
    assert found.verdict is Verdict.INCONCLUSIVE


def test_a_cause_that_comes_and_goes_stays_current(rules: RuleSet, tmp_path: Path) -> None:
    flapping = [(f"{h:02}:{m:02}:00", m % 10 == 0) for h in (8, 9) for m in range(0, 60, 5)]
    found = diagnose(rules, tmp_path, himds=beats(*flapping, ("10:00:00", True), why="the sprocket was throttled"))
    assert [(c.id, c.state) for c in found.causes] == [("test-throttle", State.CURRENT)]


def test_one_throttled_heartbeat_is_noise(rules: RuleSet, tmp_path: Path) -> None:
    events = (("08:00:00", True), ("08:05:00", False), ("08:10:00", True))
    found = diagnose(rules, tmp_path, himds=beats(*events, why="the sprocket was throttled"))
    assert found.verdict is Verdict.HEALTHY


def test_a_failed_disconnect_is_a_problem(rules: RuleSet, tmp_path: Path) -> None:
    log = [t.replace("Command: connect", "Command: disconnect") for t in run("08:00:00", *FAILED)]
    found = diagnose(rules, tmp_path, azcmagent=log)
    assert (found.verdict, found.attempts[0].attempt.step) == (Verdict.PROBLEM, "disconnect")


def test_a_command_line_names_the_run(rules: RuleSet, tmp_path: Path) -> None:
    console = [
        'PS C:\\> & "$env:ProgramW6432\\AzureConnectedMachineAgent\\azcmagent.exe" disconnect --force',
        "INFO    Exit Code:  AZCM0043: Failed to Delete Resource",
        "FATAL   the widget leaks badly",
    ]
    found = diagnose(rules, tmp_path, console=console)
    assert found.attempts[0].attempt.step == "disconnect"


def test_a_case_has_its_own_now(rules: RuleSet, tmp_path: Path) -> None:
    found = diagnose(rules, tmp_path, azcmagent=run("08:00:00", *WORKED))
    assert found.case.now is not None
    assert (found.case.now.iso(), found.case.time_basis.value) == ("2024-05-01T08:00:00Z", "newest-record")


@pytest.mark.parametrize(
    "text",
    [
        "AZCMAgent command failed with error:  >> exitcode: 42. Additional Info: See https://aka.ms/arc/azcmerror",
        "azcmagent.exe connect exited with 42",
        "azcmagent exited with code 42",
    ],
)
def test_bare_numbers_of_wrappers_are_codes(rules: RuleSet, tmp_path: Path, text: str) -> None:
    found = diagnose(rules, tmp_path, console=[text])
    assert [c.code for c in found.codes] == ["AZCM0042"]


def test_the_number_of_a_package_manager_is_no_code(rules: RuleSet, tmp_path: Path) -> None:
    text = "/root/install_linux_azcmagent.sh: error installing azcmagent (exit code: 19). See 'dnf' command logs"
    assert diagnose(rules, tmp_path, console=[text]).codes == ()


GOAL_FAILED = "ERROR ExtHandler ExtHandler An error occurred while retrieving the goal state: [ProtocolError] timed out"
LINUX_BEAT = "INFO ExtHandler ExtHandler [HEARTBEAT] Agent WALinuxAgent-2.11.1.12 is running as the goal state agent"


def states(found: Diagnosis) -> set[State]:
    return {cause.state for cause in found.causes}


@pytest.mark.parametrize(
    ("later", "state"),
    [
        (["05:30:00.0Z INFO ExtHandler Retrieving the goal state recovered from previous errors"], State.PAST),
        (["05:30:00.0Z INFO ExtHandler ProcessExtensionsGoalState completed [incarnation_2 112 ms]"], State.PAST),
        ([f"05:30:00.0Z {LINUX_BEAT} [DEBUG HeartbeatCounter: 1;UpdateGSErrors: 0;AutoUpdate: 1]"], State.PAST),
        ([f"05:30:00.0Z {LINUX_BEAT} [DEBUG HeartbeatCounter: 1;UpdateGSErrors: 240;AutoUpdate: 1]"], State.CURRENT),
        (
            [
                "05:30:00.0Z INFO ExtHandler ProcessExtensionsGoalState completed [incarnation_2 112 ms]",
                f"06:30:00.0Z {GOAL_FAILED}",
            ],
            State.CURRENT,
        ),
    ],
)
def test_the_linux_vm_agent_recovers(later: list[str], state: State, tmp_path: Path) -> None:
    log = [f"2024-05-01T{text}" for text in (f"04:00:00.0Z {GOAL_FAILED}", *later)]
    (tmp_path / "waagent.log").write_text("\n".join(log) + "\n", encoding="utf-8")
    assert states(analyze(tmp_path)) == {state}


@pytest.mark.parametrize(
    ("failures", "beat", "state"),
    [
        (["04:00:00"], "04:10:00", State.CURRENT),
        (["04:00:00"], "09:00:00", State.PAST),
        (["04:00:00", "05:30:00", "07:00:00", "08:30:00"], "09:00:00", State.CURRENT),
    ],
)
def test_heartbeats_of_the_windows_vm_agent_close_only_what_has_ceased(
    failures: list[str], beat: str, state: State, tmp_path: Path
) -> None:
    log = [
        f"[00000013] 2024-05-01T{at}Z [ERROR] GetVersions() failed with exception: Server Error: (503)"
        for at in failures
    ]
    log.append(f"[00000013] 2024-05-01T{beat}Z [HEART] WindowsAzureGuestAgent Heartbeat.")
    (tmp_path / "WaAppAgent.log").write_text("\n".join(log) + "\n", encoding="utf-8")
    assert states(analyze(tmp_path)) == {state}


CRASHING = """\
Result=exit-code
NRestarts=17
ExecMainStatus=1
Id=himdsd.service
LoadState=loaded
ActiveState=activating
SubState=auto-restart
"""


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        ("", ["himds-crash"]),
        ("listen tcp 127.0.0.1:40342: bind: address already in use", ["himds-port-in-use"]),
        ("write /var/opt/azcmagent/agentconfig.json: no space left on device", ["disk-full"]),
    ],
)
def test_a_symptom_that_is_certain_goes_under_its_likely_reason(text: str, causes: list[str], tmp_path: Path) -> None:
    (tmp_path / "himdsd.txt").write_text(CRASHING, encoding="utf-8")
    (tmp_path / "journal.txt").write_text(f'Oct 09 09:14:02 srv himds[811]: level=fatal msg="{text}"\n' if text else "")
    assert [cause.id for cause in analyze(tmp_path).causes] == causes


@pytest.mark.parametrize(
    ("service", "causes"),
    [
        ("WindowsAzureTelemetryService", []),
        ("himds", ["agent-not-installed"]),
        ("RdAgent", ["azure-vm-agent-not-running"]),
    ],
)
def test_an_absent_service_counts_by_its_name(service: str, causes: list[str], tmp_path: Path) -> None:
    answer = "[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\n\nThe specified service does not exist.\n"
    (tmp_path / "console.txt").write_text(f"C:\\>sc query {service}\n{answer}", encoding="utf-8")
    assert [cause.id for cause in analyze(tmp_path).causes] == causes
