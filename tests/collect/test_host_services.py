"""Services: what systemd says, decoded; the ports; recorded text and live text give the same facts."""

from __future__ import annotations

import socket
import zipfile
from pathlib import Path

import pytest

from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.host.mounts import Mount
from arcdiag.collect.host.platform import ListenerRaw
from arcdiag.collect.host.services import _listener, listener_facts, program_facts
from arcdiag.logs.values.systemctl import decode_systemd, parse_systemctl_show, systemctl_facts
from arcdiag.model.diagnosis import State
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker, service
from arcdiag.pipeline import analyze
from tests.collect.machine import block, program, write

MAKE = FactMaker("2024-10-01T09:00:00Z", "root")
NOW = 5000.0


def decoded(up: float | None = 100000.0, **values: str) -> dict[str, object]:
    """A unit that runs since 1000 seconds, but for what is given."""
    base = {
        "Id": "himdsd.service", "LoadState": "loaded", "ActiveState": "active", "SubState": "running",
        "UnitFileState": "enabled", "Result": "success", "ExecMainCode": "0", "ExecMainStatus": "0", "NRestarts": "0",
        "ActiveEnterTimestampMonotonic": "4000000000", "User": "himds", "Type": "simple",
        "ExecStart": "{ path=/opt/azcmagent/bin/himds ; argv[]=/opt/azcmagent/bin/himds ; ignore_errors=no ; pid=0 }",
    }  # fmt: skip
    value = decode_systemd("himdsd.service", base | values, NOW, up)
    assert value is not None
    return value


def test_a_unit_that_runs() -> None:
    value = decoded()
    assert (value["running"], value["active_seconds"], value["looping"], value["settling"]) == (
        True,
        1000,
        False,
        False,
    )
    assert (value["user"], value["program"]) == ("himds", "/opt/azcmagent/bin/himds")
    assert value["start_failure"] is None


@pytest.mark.parametrize(
    ("code", "word"),
    [("200", "200/CHDIR"), ("203", "203/EXEC"), ("216", "216/GROUP"), ("217", "217/USER"), ("226", "226/NAMESPACE")],
)
def test_a_program_that_systemd_could_not_run(code: str, word: str) -> None:
    failed = {"ActiveState": "failed", "SubState": "failed", "Result": "exit-code", "ExecMainStatus": code}
    assert decoded(ExecMainCode="1", **failed)["start_failure"] == word
    # Killed by a signal of that number it did run, and so did one whose unit is well.
    assert decoded(ExecMainCode="2", **failed)["start_failure"] is None
    assert decoded(ExecMainCode="1", ExecMainStatus=code)["start_failure"] is None


def test_a_restart_loop_is_seen_even_while_it_runs() -> None:
    assert decoded(NRestarts="40", ActiveEnterTimestampMonotonic="4999000000")["looping"] is True
    assert decoded(NRestarts="40")["looping"] is False
    assert decoded(NRestarts="1", ActiveEnterTimestampMonotonic="4999000000")["looping"] is False
    waiting = decoded(ActiveState="activating", SubState="auto-restart", Result="exit-code", NRestarts="1")
    assert (waiting["looping"], waiting["settling"], waiting["running"]) == (True, False, False)


@pytest.mark.parametrize(
    ("up", "values", "settling"),
    [
        # The machine has just come up: what starts by itself has not had its turn yet.
        (30.0, {"ActiveState": "inactive", "SubState": "dead", "ActiveEnterTimestampMonotonic": "0"}, True),
        (30.0, {"ActiveState": "activating", "SubState": "start"}, True),
        (30.0, {"ActiveState": "activating", "SubState": "start-pre"}, True),
        (4000.0, {"ActiveState": "inactive", "SubState": "dead", "ActiveEnterTimestampMonotonic": "0"}, False),
        (None, {"ActiveState": "inactive", "SubState": "dead", "ActiveEnterTimestampMonotonic": "0"}, False),
        # Nobody will start it, or it was up and somebody stopped it.
        (30.0, {"ActiveState": "inactive", "ActiveEnterTimestampMonotonic": "0", "UnitFileState": "disabled"}, False),
        (30.0, {"ActiveState": "inactive", "SubState": "dead"}, False),
        # It failed before it was ever up.
        (30.0, {"ActiveState": "failed", "ActiveEnterTimestampMonotonic": "0", "Result": "exit-code"}, False),
        (4000.0, {"ActiveState": "activating", "SubState": "start", "Type": "notify"}, True),
        (4000.0, {"ActiveState": "activating", "SubState": "start", "Type": "notify", "NRestarts": "9"}, False),
    ],
)
def test_what_is_on_its_way_up(up: float | None, values: dict[str, str], settling: bool) -> None:
    value = decoded(up, **values)
    assert value["running"] is False
    assert value["settling"] is settling


def test_active_and_exited_is_stopped() -> None:
    assert decoded(SubState="exited")["state"] == "stopped"


def test_a_kept_text_gives_the_facts_of_a_live_one(tmp_path: Path) -> None:
    text = "\n".join(
        [
            block("himdsd.service", active="failed", sub="failed", result="exit-code", code=217, restarts=5),
            block("arcproxyd.service", "not-found", "inactive", "dead", ""),
            block("cron.service"),
        ]
    )
    facts = {f.subject.id: f for f in systemctl_facts(text, "units.txt") if f.subject}
    assert set(facts) == {"himds", "arcproxy"}
    assert facts["arcproxy"].status is FactStatus.ABSENT
    live = decode_systemd("himdsd.service", parse_systemctl_show(text)["himdsd.service"])
    assert facts["himds"].value == live
    (tmp_path / "units.txt").write_text(text)
    diagnosis = analyze(tmp_path)
    assert [c.id for c in diagnosis.causes if c.state is State.CURRENT] == ["himds-not-running"]


def test_the_same_text_beside_others_in_an_archive(tmp_path: Path) -> None:
    case = tmp_path / "case.zip"
    with zipfile.ZipFile(case, "w") as archive:
        archive.writestr("a/show-extd.txt", block("extd.service", active="failed", sub="failed", result="signal"))
        archive.writestr("a/show-himdsd.txt", block("himdsd.service"))
    diagnosis = analyze(case)
    assert [c.id for c in diagnosis.causes] == ["extension-service-not-running"]


@pytest.mark.parametrize(
    ("found", "own"),
    [
        ([], None),
        ([ListenerRaw("127.0.0.1", 7, "himds")], True),
        ([ListenerRaw("::", 9, "nginx")], False),
        ([ListenerRaw("127.0.0.1", 7, "himds"), ListenerRaw("::1", 9, "nginx")], False),
        ([ListenerRaw("127.0.0.1", 7, "himds.exe")], True),
        ([ListenerRaw("127.0.0.1", None, None)], None),
    ],
)
def test_whose_port_it_is(found: list[ListenerRaw], own: bool | None) -> None:
    value = _listener(found, "himds")
    assert (value["listening"], value["owner_is_agent"]) == (bool(found), own)


def test_a_real_listener_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from arcdiag.collect.host import services

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        monkeypatch.setattr(services, "PORTS", {port: "himds"})
        (fact,) = listener_facts(MAKE, LinuxHost(tmp_path))
    assert fact.value["listening"] is True and fact.value["owner_is_agent"] is False


def test_the_program_behind_a_unit(tmp_path: Path) -> None:
    def state(path: str) -> Fact:
        return MAKE.ok("service.state", service("himds"), {"program": path}, "x")

    program(tmp_path, "/opt/azcmagent/bin/himds", "true")
    write(tmp_path, "/opt/azcmagent/bin/plain", "true")
    mounts = [Mount("/", "ext4", "/dev/sda", ("rw",)), Mount("/opt", "ext4", "/dev/sdb", ("rw", "noexec"))]
    host = LinuxHost(tmp_path)
    (fact,) = program_facts(MAKE, host, [state("/opt/azcmagent/bin/himds")], mounts)
    assert (fact.value["executable"], fact.value["noexec"], fact.value["mount"]) == (True, True, "/opt")
    (fact,) = program_facts(MAKE, host, [state("/opt/azcmagent/bin/plain")], mounts[:1])
    assert (fact.value["executable"], fact.value["noexec"]) == (False, False)
    (fact,) = program_facts(MAKE, host, [state("/opt/azcmagent/bin/gone")], mounts)
    assert fact.status is FactStatus.ABSENT
