"""Services as the service manager of the machine runs them, and the cause that each state gives."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest

from tests.lab.windows import agent
from tests.lab.windows.reports import collect
from tests.lab.windows.wine import Machine

PROGRAM = rf'"C:\{agent.PROGRAMS}\himds.exe"'.replace("/", "\\")


@pytest.fixture(scope="module")
def stopped(machine: Machine) -> Machine:
    """An agent whose himds is stopped and can be given another program."""
    agent.install(machine)
    machine.done("sc", "stop", "himds")
    machine.done("sc", "delete", "himds")
    return machine


def test_a_stopped_service(fresh: Machine) -> None:
    agent.install(fresh)
    fresh.done("sc", "stop", "himds")
    seen = collect(fresh, "--no-probe")
    state = seen.value("service.state", "himds")
    assert (state["running"], state["state"], state["start_type"], state["result"]) == (
        False,
        "stopped",
        "auto",
        "success",
    )
    assert (seen.ended.code, seen.causes[0]) == (1, "himds-not-running")
    assert seen.status("file.state", "himds.sock") == "absent"


@pytest.mark.parametrize(
    ("arguments", "settings", "started", "result", "code", "own", "cause"),
    [
        ("run", ["start=", "disabled"], False, "never-started", 1077, None, "himds-not-running"),
        ("run", ["start=", "auto"], False, "never-started", 1077, None, "himds-not-running"),
        ("own 7", ["start=", "auto"], True, "exit-code", 1066, 7, "himds-crash"),
        ("win32 1067", ["start=", "auto"], True, "exit-code", 1067, None, "himds-crash"),
        ("win32 1069", ["start=", "auto"], True, "logon-failed", 1069, None, "logon-as-service-right-missing"),
        ("win32 1053", ["start=", "auto"], True, "start-timeout", 1053, None, "himds-not-running"),
        ("win32 1297", ["start=", "auto"], True, "privilege-missing", 1297, None, "himds-not-running"),
    ],
)
def test_how_the_last_run_ended(
    stopped: Machine,
    arguments: str,
    settings: list[str],
    started: bool,
    result: str,
    code: int,
    own: int | None,
    cause: str,
) -> None:
    agent.create(stopped, "himds", f"{PROGRAM} {arguments}", *settings)
    try:
        if started:
            # A service that ends at once is started all the same.
            stopped.run("sc", "start", "himds")
        seen = collect(stopped, "--no-probe")
    finally:
        stopped.done("sc", "delete", "himds")
    state = seen.value("service.state", "himds")
    assert (state["running"], state["start_type"]) == (False, "disabled" if "disabled" in settings else "auto")
    assert (state["result"], state["exit_code"], state["service_exit_code"]) == (result, code, own)
    assert (seen.ended.code, seen.causes[0]) == (1, cause)


def test_a_service_that_is_gone(stopped: Machine) -> None:
    seen = collect(stopped, "--no-probe")
    assert seen.status("service.state", "himds") == "absent"
    assert seen.value("agent.package")["parts"]["himds"] is False
    assert (seen.ended.code, seen.causes[0]) == (1, "agent-not-installed")


def test_a_machine_without_an_agent(fresh: Machine) -> None:
    agent.windows_server(fresh)
    seen = collect(fresh, "--no-probe")
    assert seen.status("agent.package") == "absent"
    assert (seen.ended.code, seen.causes) == (1, ["agent-not-installed"])


def test_the_name_of_an_older_agent(fresh: Machine) -> None:
    agent.create(fresh, "gcservice", rf"{PROGRAM} run", "start=", "auto")
    assert collect(fresh, "--no-probe").value("service.state", "gcad")["unit"] == "gcservice"


@pytest.mark.parametrize(("config", "cause"), [("{ damaged", "agent-config-corrupt"), ("", "agent-config-corrupt")])
def test_a_damaged_configuration(fresh: Machine, config: str, cause: str) -> None:
    agent.install(fresh)
    (agent.data_folder(fresh) / "Config/agentconfig.json").write_text(config)
    seen = collect(fresh, "--no-probe")
    assert (seen.ended.code, seen.causes[0]) == (1, cause)


def test_an_expired_certificate(fresh: Machine) -> None:
    agent.install(fresh)
    (agent.data_folder(fresh) / "Certs/myCert.cer").write_bytes(agent.certificate("web01", days=-1))
    agent.show(fresh, {"status": "Expired", "agentVersion": agent.VERSION, "lastHeartbeat": "2024-01-01T00:00:00Z"})
    seen = collect(fresh, "--no-probe")
    assert (seen.ended.code, seen.causes[0]) == (1, "managed-identity-cert-expired")


EVENT = (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
    "<Provider Name='Service Control Manager' Guid='{{555908d1-a6d7-4695-8e1e-26931d2012f4}}'"
    " EventSourceName='Service Control Manager'/><EventID Qualifiers='49152'>{number}</EventID><Level>2</Level>"
    "<TimeCreated SystemTime='{time}'/><Channel>System</Channel></System><EventData>"
    "<Data Name='param1'>{service}</Data><Data Name='param2'>{text}</Data></EventData></Event>\n"
)


def test_events_of_the_system_are_kept_and_read(fresh: Machine) -> None:
    agent.install(fresh)
    fresh.done("sc", "stop", "himds")
    system = fresh.drive / "windows/system32"
    # Wine has no event log. A program that prints recorded events stands where that of Windows stands.
    (system / "wevtutil.exe").unlink()
    shutil.copy(fresh.python / "azcmagent.exe", system / "wevtutil.exe")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
    events = ((7041, r"NT SERVICE\himds"), (7000, "%%1069"))
    lines = [EVENT.format(number=number, service="himds", text=text, time=now) for number, text in events]
    (system / "qe.txt").write_text("".join(lines))
    seen = collect(fresh, "--no-probe", variables={"WINEDLLOVERRIDES": "mscoree,mshtml=;wevtutil.exe=n"})
    assert seen.value("event.log", "services") == {"log": "System", "count": 2, "whole": True}
    assert (seen.ended.code, seen.causes[0]) == (1, "logon-as-service-right-missing")
    cause = seen.diagnosis["causes"][0]
    assert any("7041" in e["text"] and e["source"] == "logs/events-services.xml" for e in cause["evidence"])


def test_a_system_without_an_event_log_says_so(stopped: Machine) -> None:
    seen = collect(stopped, "--no-probe")
    missing = {item["what"]: item["why"] for item in seen.diagnosis["not_evaluated"]}
    assert missing["event.log services"] == "this system gives no events"
