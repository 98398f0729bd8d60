from __future__ import annotations

import json
import os
import signal
import socket
from pathlib import Path

import pytest

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.command import run_command
from arcdiag.collect.host.inspect import CHECKS, Inspection
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.host.settings import read_settings
from arcdiag.collect.raw import RawFiles
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker
from tests.collect.machine import block, program, systemctl, with_agent, with_system, write

MAKE = FactMaker("2024-10-01T09:00:00Z", "root")


def inspect(root: Path, seconds: float = 20, planned: tuple[str, ...] = ()) -> tuple[list[Fact], RawFiles]:
    host, raw = LinuxHost(root), RawFiles()
    look = Inspection(host, MAKE, read_settings(host), planned, raw, Deadline.after(seconds))
    return [fact for _, _, check in CHECKS for fact in check(look)], raw


def one(facts: list[Fact], name: str, subject: str | None = None) -> Fact:
    found = [f for f in facts if f.fact == name and (subject is None or (f.subject and f.subject.id == subject))]
    assert len(found) == 1, found
    return found[0]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with_system(tmp_path)
    with_agent(tmp_path)
    return tmp_path


def test_a_healthy_agent(root: Path) -> None:
    facts, raw = inspect(root)
    assert one(facts, "agent.package").value["complete"] is True
    assert one(facts, "agent.package").value["source"] == "dpkg"
    assert one(facts, "agent.version").value == {"version": "1.58.03228.1", "source": "azcmagent version"}
    himds = one(facts, "service.state", "himds")
    assert himds.value["unit"] == "himdsd.service"
    assert (himds.value["running"], himds.value["start_type"], himds.value["exit_code"]) == (True, "auto", 0)
    assert himds.raw == "raw/systemctl-show.txt"
    assert one(facts, "agent.show").value["status"] == "Connected"
    assert one(facts, "config.agent").value["resourceName"] == "web01"
    assert one(facts, "file.state", "agentconfig").value["mode"] == "0644"
    assert one(facts, "file.state", "himds.sock").status is FactStatus.ABSENT
    assert one(facts, "machine.systemd").value == {"running": True}
    assert one(facts, "machine.clock").value["ntp_synchronized"] is True
    assert one(facts, "machine.host").value["os_version"] == "22.04"
    assert one(facts, "agent.proxy").value["source"] == "none"
    assert [f.path for f in raw.all()] == [
        "raw/agentconfig.json",
        "raw/azcmagent-show.json",
        "raw/localconfig.json",
        "raw/systemctl-show.txt",
    ]
    assert all(json.dumps(dict(f.value)) for f in facts)


def test_a_machine_without_an_agent(tmp_path: Path) -> None:
    with_system(tmp_path)
    program(tmp_path, "/usr/bin/dpkg-query", "echo no packages found >&2; exit 1")
    systemctl(
        tmp_path, [block(f"{u}.service", "not-found", "inactive", "dead", "") for u in ("himdsd", "gcad", "extd")]
    )
    facts, _ = inspect(tmp_path)
    assert one(facts, "agent.package").status is FactStatus.UNSUPPORTED
    assert "arcproxy" in str(one(facts, "agent.package").reason)
    blocks = [
        block(f"{u}.service", "not-found", "inactive", "dead", "") for u in ("himdsd", "gcad", "extd", "arcproxyd")
    ]
    systemctl(tmp_path, blocks)
    facts, _ = inspect(tmp_path)
    assert one(facts, "agent.package").status is FactStatus.ABSENT
    assert one(facts, "service.state", "himds").status is FactStatus.ABSENT
    assert one(facts, "agent.show").status is FactStatus.ABSENT
    assert one(facts, "agent.version").status is FactStatus.ABSENT


def test_a_partial_installation_shows_its_parts(root: Path) -> None:
    program(root, "/usr/bin/dpkg-query", 'printf "config-files 1.58.03228.1"')
    (root / "opt/azcmagent/bin/azcmagent").unlink()
    fact = one(inspect(root)[0], "agent.package")
    assert fact.value["parts"] == {
        "package": False, "binary": False, "himds": True, "gcad": True, "extd": True, "arcproxy": True,
    }  # fmt: skip
    assert fact.value["complete"] is False


def test_a_broken_package_is_still_there(root: Path) -> None:
    program(root, "/usr/bin/dpkg-query", 'printf "half-configured 1.58.03228.1"')
    assert one(inspect(root)[0], "agent.package").value["parts"]["package"] is True


def test_rpm_is_asked_where_dpkg_is_not(root: Path) -> None:
    (root / "usr/bin/dpkg-query").unlink()
    program(root, "/usr/bin/rpm", 'printf "installed 1.58.03228-1"')
    fact = one(inspect(root)[0], "agent.package")
    assert (fact.value["version"], fact.value["source"]) == ("1.58.03228-1", "rpm")


def test_services_that_do_not_run(root: Path) -> None:
    systemctl(
        root,
        [
            block("himdsd.service", active="failed", sub="failed", result="start-limit-hit", code=203, restarts=5),
            block("gcad.service", "masked", "inactive", "dead", "masked"),
            block("extd.service", active="activating", sub="auto-restart", restarts=12),
            block("arcproxyd.service", active="inactive", sub="dead", start="disabled"),
        ],
    )
    facts, _ = inspect(root)
    himds = one(facts, "service.state", "himds").value
    assert (himds["running"], himds["state"], himds["result"]) == (False, "failed", "start-limit-hit")
    assert (himds["exit_code"], himds["restarts"]) == (203, 5)
    assert one(facts, "service.state", "gcad").value["start_type"] == "masked"
    assert one(facts, "service.state", "extd").value["state"] == "starting"
    assert one(facts, "service.state", "arcproxy").value["start_type"] == "disabled"


def test_without_systemd_units_have_no_state(root: Path) -> None:
    (root / "run/systemd/system").rmdir()
    (root / "lib/systemd/system/gcad.service").unlink()
    facts, _ = inspect(root)
    assert one(facts, "service.state", "himds").status is FactStatus.UNSUPPORTED
    assert one(facts, "service.state", "gcad").status is FactStatus.ABSENT
    assert one(facts, "machine.systemd").value == {"running": False}
    assert one(facts, "machine.clock").value["ntp_synchronized"] is None


def test_show_that_hangs_is_a_timeout_and_its_children_are_gone(root: Path) -> None:
    program(root, "/opt/azcmagent/bin/azcmagent", 'echo $$ > "$(dirname "$0")/pid"; sleep 60')
    facts, _ = inspect(root, seconds=0.8)
    assert one(facts, "agent.show").status is FactStatus.TIMEOUT
    assert "stopped" in str(one(facts, "agent.show").reason) or "no time" in str(one(facts, "agent.show").reason)
    pid = int((root / "opt/azcmagent/bin/pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_show_that_fails_says_why(root: Path) -> None:
    program(root, "/opt/azcmagent/bin/azcmagent", 'echo "FATAL himds cannot be reached" >&2; exit 61')
    fact = one(inspect(root)[0], "agent.show")
    assert fact.status is FactStatus.ERROR
    assert "61" in str(fact.reason) and "himds cannot be reached" in str(fact.reason)


def test_show_of_a_machine_that_was_never_connected(root: Path) -> None:
    with_show = {"Resource Name": "", "status": "Disconnected", "resourceId": "", "agentVersion": "1.58"}
    shown = json.dumps(with_show | {"httpsProxy": "http://u:secret@proxy:8080", "agentErrorCode": "AZCM0026"})
    program(root, "/opt/azcmagent/bin/azcmagent", f"cat <<'EOT'\n{shown}\nEOT")
    value = one(inspect(root)[0], "agent.show").value
    assert (value["status"], value["resource_name"], value["resource_id"]) == ("Disconnected", "", "")
    assert (value["https_proxy"], value["error_code"]) == ("http://proxy:8080", "AZCM0026")
    assert "secret" not in str(value)
    assert value["raw"]["resource name"] == ""
    assert value["never_connected"] is True


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{ "a": ', "line 1 column 8"),
        ("", "the file is empty"),
        ("\0" * 40, "zero bytes"),
        ("[1]", "it is no object"),
        (b"\xff\xfa\x80", "no UTF-8"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_damaged_configuration_says_how(root: Path, text: str | bytes, reason: str) -> None:
    write(root, "/var/opt/azcmagent/agentconfig.json", text)
    fact = one(inspect(root)[0], "config.agent")
    assert fact.status is FactStatus.ERROR
    assert str(fact.reason).startswith("not valid JSON: ") and reason in str(fact.reason)
    assert fact.raw == "raw/agentconfig.json"


def test_local_settings_lose_credentials_and_keep_their_names(root: Path) -> None:
    settings = {"proxy.url": "http://u:p@proxy:8080", "Config.Mode": "monitor", "other": "x"}
    write(root, "/var/opt/azcmagent/localconfig.json", b"\xef\xbb\xbf" + json.dumps(settings).encode())
    value = one(inspect(root)[0], "config.local").value
    assert value == {"proxy.url": "http://proxy:8080", "config.mode": "monitor"}


def test_a_socket_and_a_pipe_are_looked_at_and_not_opened(root: Path) -> None:
    folder = root / "var/opt/azcmagent/socks"
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "himds.sock"))
        facts, _ = inspect(root)
    assert one(facts, "file.state", "himds.sock").value["kind"] == "socket"
    (root / "var/opt/azcmagent/localconfig.json").unlink()
    os.mkfifo(root / "var/opt/azcmagent/localconfig.json")
    fact = one(inspect(root)[0], "config.local")
    assert (fact.status, fact.reason) == (FactStatus.ERROR, "/var/opt/azcmagent/localconfig.json: not a regular file")


def test_the_resolver_and_the_hosts_file(root: Path) -> None:
    write(root, "/etc/hosts", "127.0.0.1 localhost\n10.9.9.9 GBL.his.arc.azure.com other.example # old\nbad line\n")
    fact = one(inspect(root, planned=("gbl.his.arc.azure.com", "pas.windows.net"))[0], "machine.dns")
    assert fact.value == {
        "nameservers": ["127.0.0.1"],
        "upstream": [],
        "search": ["corp.example", "lab.example"],
        "hosts_overrides": {"gbl.his.arc.azure.com": "10.9.9.9"},
    }
    write(root, "/etc/resolv.conf", "nameserver 127.0.0.53\n")
    write(root, "/run/systemd/resolve/resolv.conf", "nameserver 10.0.0.2\nnameserver 10.0.0.3\n")
    assert one(inspect(root)[0], "machine.dns").value["upstream"] == ["10.0.0.2", "10.0.0.3"]


def test_the_disks_of_this_machine_have_numbers(root: Path) -> None:
    disks = [f for f in inspect(root)[0] if f.fact == "machine.disk"]
    assert disks
    for disk in disks:
        assert 0 < disk.value["free_bytes"] <= disk.value["total_bytes"]
        assert 0 <= disk.value["free_percent"] <= 100
    held = [path for disk in disks for path in disk.value["holds"]]
    assert sorted(held) == sorted(LinuxHost(root).volumes())


def test_output_without_end_is_cut_and_the_command_is_stopped(tmp_path: Path) -> None:
    endless = program(tmp_path, "/endless", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done")
    assert run_command([str(endless)], Deadline.after(0.5)).status is FactStatus.TIMEOUT


def test_a_child_that_keeps_the_pipe_open_is_not_waited_for(tmp_path: Path) -> None:
    parent = program(tmp_path, "/parent", "sleep 30 & echo $!")
    result = run_command([str(parent)], Deadline.after(10))
    assert result.value is not None
    # It still runs, so nobody has waited for it; the signal also ends it.
    os.kill(int(result.value.output), signal.SIGKILL)


def test_the_callers_proxy_does_not_reach_the_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://caller:1")
    monkeypatch.setenv("no_proxy", "x")
    tool = program(tmp_path, "/tool", "env | grep -ic '^[a-z_]*proxy='")
    result = run_command([str(tool)], Deadline.after(10))
    assert result.value is not None and result.value.output.strip() == "0"


def test_a_program_that_is_not_there_or_may_not_be_run(tmp_path: Path) -> None:
    assert run_command([str(tmp_path / "none")], Deadline.after(5)).status is FactStatus.ABSENT
    plain = write(tmp_path, "/plain", "x")
    assert run_command([str(plain)], Deadline.after(5)).status is FactStatus.DENIED
