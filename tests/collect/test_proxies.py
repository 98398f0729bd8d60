from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from arcdiag.collect.host.environment import parse_env_block, parse_env_file, selected, split_assignments
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.host.linux_environment import environment_places
from arcdiag.collect.host.proxies import proxy_facts, shown_proxy_fact
from arcdiag.collect.host.proxy_url import parse_proxy
from arcdiag.collect.host.settings import read_settings
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker
from tests.collect.machine import with_agent, with_system, write
from tests.namespaces import NEW_NETWORK, available

MAKE = FactMaker("2024-10-01T09:00:00Z", "root")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with_system(tmp_path)
    with_agent(tmp_path)
    return tmp_path


def facts(root: Path) -> dict[str, Fact]:
    found = list(proxy_facts(MAKE, read_settings(LinuxHost(root))))
    return {
        f.fact if f.fact in ("agent.proxy", "proxy.agreement") else str(f.subject and f.subject.id): f for f in found
    }


def local(root: Path, **settings: object) -> None:
    document = {name.replace("_", "."): value for name, value in settings.items()}
    write(root, "/var/opt/azcmagent/localconfig.json", json.dumps(document))


def running_himds(root: Path, **variables: str) -> None:
    write(root, "/proc/812/comm", "himds\n")
    block = b"\0".join(f"{k}={v}".encode() for k, v in variables.items()) + b"\0"
    write(root, "/proc/812/environ", b"PATH=/bin\0API_TOKEN=hush\0" + block)


MANAGER = "/lib/systemd/system.conf.d/azcmagent.conf"


def test_no_proxy_anywhere(root: Path) -> None:
    found = facts(root)
    assert found["agent.proxy"].value["source"] == "none"
    assert found["agent.proxy"].subject is not None and found["agent.proxy"].subject.id == ""
    assert found["process"].status is FactStatus.ABSENT


def test_the_agents_own_setting_outranks_the_environment(root: Path) -> None:
    local(root, proxy_url="http://arc:secret@own:8080", proxy_bypass="Arc,AAD")
    write(root, MANAGER, '[Manager]\nDefaultEnvironment="HTTPS_PROXY=http://env:3128" "NO_PROXY=x.example"\n')
    found = facts(root)
    agent = found["agent.proxy"]
    assert agent.value == {
        "source": "proxy.url",
        "url": "http://own:8080",
        "host": "own",
        "port": 8080,
        "has_credentials": True,
        "problem": None,
        "bypass": ["Arc", "AAD"],
        "connection_type": "default",
    }
    assert agent.subject is not None and agent.subject.id == "own:8080"
    assert found[MANAGER].value["same_as_agent"] is False
    assert found[MANAGER].value["url"] == "http://env:3128"
    assert "secret" not in str([dict(f.value) for f in found.values()])


def test_the_environment_of_the_services_counts_and_the_callers_is_only_reported(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://me:mine@caller:8888")
    write(root, "/etc/environment", 'export HTTPS_PROXY="http://login:1"\n')
    found = facts(root)
    assert found["agent.proxy"].value["source"] == "none"
    assert found["process"].value["url"] == "http://caller:8888"
    assert found["process"].value["has_credentials"] is True
    assert found["/etc/environment"].value["url"] == "http://login:1"
    assert found["/etc/environment"].value["kind"] == "system"
    write(root, MANAGER, '[Manager]\nDefaultEnvironment=HTTPS_PROXY=http://env:3128 no_proxy=".corp.example"\n')
    agent = facts(root)["agent.proxy"].value
    assert (agent["source"], agent["host"], agent["bypass"]) == ("service environment", "env", [".corp.example"])


def test_a_units_drop_in_outranks_the_manager_and_the_last_one_wins(root: Path) -> None:
    write(root, MANAGER, '[Manager]\nDefaultEnvironment="HTTPS_PROXY=http://env:3128"\n')
    folder = "/etc/systemd/system/himdsd.service.d"
    write(
        root,
        f"{folder}/10-a.conf",
        '[Service]\n# Environment="HTTPS_PROXY=http://comment:1"\nEnvironment="HTTPS_PROXY=http://a:1"\n',
    )
    write(root, f"{folder}/20-b.conf", '[Service]\nEnvironment="A=1" \\\n  "HTTPS_PROXY=http://b:2"\n')
    assert facts(root)["agent.proxy"].value["host"] == "b"
    write(root, f"{folder}/30-c.conf", "[Service]\nEnvironment=\n")
    assert facts(root)["agent.proxy"].value["host"] == "env"
    write(root, "/etc/proxy.env", "HTTPS_PROXY=http://file:3\n")
    write(root, f"{folder}/40-d.conf", "[Service]\nEnvironmentFile=-/etc/proxy.env\nEnvironmentFile=-/etc/none.env\n")
    found = facts(root)
    assert found["agent.proxy"].value["host"] == "file"
    assert found["himdsd.service"].value["same_as_agent"] is True
    assert found["gcad.service"].status is FactStatus.ABSENT


def test_a_running_service_has_what_it_was_started_with(root: Path) -> None:
    running_himds(root, HTTPS_PROXY="http://old:1")
    write(root, MANAGER, '[Manager]\nDefaultEnvironment="HTTPS_PROXY=http://new:2"\n')
    found = facts(root)
    assert found["agent.proxy"].value["host"] == "old"
    assert found["himds process"].value["same_as_agent"] is True
    assert found[MANAGER].value["same_as_agent"] is False
    assert "hush" not in str([dict(f.value) for f in found.values()])


def test_an_agent_inside_a_container_is_none_of_this_machine(root: Path) -> None:
    running_himds(root, HTTPS_PROXY="http://old:1")
    write(root, "/proc/812/status", "Name:\thimds\nPid:\t812\nNSpid:\t812\n")
    assert facts(root)["himds process"].status is FactStatus.OK
    write(root, "/proc/812/status", "Name:\thimds\nPid:\t812\nNSpid:\t812\t17\n")
    found = facts(root)
    assert found["himds process"].status is FactStatus.ABSENT
    assert found["agent.proxy"].value["host"] is None


@pytest.mark.skipif(not available(), reason="this user may not make a namespace")
def test_a_real_process_of_another_pid_namespace(tmp_path: Path) -> None:
    program = tmp_path / "himds"
    shutil.copy(shutil.which("sleep") or "/bin/sleep", program)
    inside = ["--pid", "--fork", "--kill-child", str(program), "60"]
    with subprocess.Popen([*NEW_NETWORK, *inside], env={"https_proxy": "http://elsewhere:1"}) as first:
        try:
            assert eventually(lambda: [p.name() for p in children(first)] == ["himds"])
            found = [r.value for place, r in environment_places(Path("/"), {}) if place == "himds process"]
            assert not [v for v in found if v and "elsewhere" in str(v.variables)]
        finally:
            for child in children(first) or [first]:
                child.kill()


def children(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """What it has started."""
    return psutil.Process(process.pid).children()


def eventually(seen: Callable[[], bool]) -> bool:
    """Whether it becomes true within ten seconds."""
    end = time.monotonic() + 10
    while not seen():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_a_setting_that_does_not_parse_is_named(root: Path) -> None:
    local(root, proxy_url="http://http://proxy:8080")
    agent = facts(root)["agent.proxy"].value
    assert (agent["problem"], agent["host"], agent["url"]) == ("scheme-twice", None, "http://http://proxy:8080")


def test_a_line_break_behind_the_setting_is_seen(root: Path) -> None:
    local(root, proxy_url="http://proxy:8080\r\n")
    assert facts(root)["agent.proxy"].value["problem"] == "blank"


def test_a_damaged_local_configuration_leaves_the_proxy_unknown(root: Path) -> None:
    write(root, "/var/opt/azcmagent/localconfig.json", "{")
    agent = facts(root)["agent.proxy"]
    assert agent.status is FactStatus.DENIED
    assert "not valid JSON" in str(agent.reason)


def test_environment_files_and_blocks() -> None:
    assert parse_env_file("# A=0\nexport A=1\nB='two words'\nnonsense\n=x\n") == {"A": "1", "B": "two words"}
    assert parse_env_block(b"A=1\0B=x=y\0broken\0") == {"A": "1", "B": "x=y"}
    assert split_assignments('"A=1 2" B=3') == {"A": "1 2", "B": "3"}
    assert split_assignments('"unclosed A=1') == {"A": "1"}
    assert selected({"Https_Proxy": "x", "SECRET": "y", "no_proxy": " "}) == {"Https_Proxy": "x"}


def test_whether_the_services_and_the_command_line_agree(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def said() -> tuple[bool, bool]:
        value = facts(root)["proxy.agreement"].value
        return value["services_agree"], value["cli_agrees"]

    assert said() == (True, True)
    monkeypatch.setenv("https_proxy", "http://me:hush@caller:8888")
    assert said() == (True, False)
    write(root, MANAGER, '[Manager]\nDefaultEnvironment="HTTPS_PROXY=http://caller:8888"\n')
    assert said() == (True, True)
    drop_in = "/etc/systemd/system/extd.service.d/p.conf"
    write(root, drop_in, "[Service]\nEnvironment=HTTPS_PROXY=http://other:1\n")
    assert said() == (False, True)
    assert facts(root)["proxy.agreement"].value["services"][2] == "extd=http://other:1"
    local(root, proxy_url="http://own:8080")
    assert said() == (True, True)
    assert "hush" not in str(facts(root)["proxy.agreement"].value)


def test_a_service_that_runs_without_a_proxy_has_none_whatever_is_configured_since(root: Path) -> None:
    running_himds(root)
    write(root, MANAGER, '[Manager]\nDefaultEnvironment="HTTPS_PROXY=http://new:2"\n')
    assert facts(root)["agent.proxy"].value["source"] == "none"
    assert facts(root)["proxy.agreement"].value["services_agree"] is False


@pytest.mark.parametrize(
    ("path", "text", "url"),
    [
        ("/etc/apt/apt.conf.d/95proxy", 'Acquire::http::Proxy "http://me:hush@apt:3142/";\n', "http://apt:3142/"),
        ("/etc/apt/apt.conf", '# x\nAcquire::https::proxy "http://apts:1";\n', "http://apts:1"),
        (
            "/etc/dnf/dnf.conf",
            "[main]\nproxy=http://dnf:8080\nproxy_username=me\nproxy_password=hu@sh\n",
            "http://dnf:8080",
        ),
        ("/etc/yum.conf", "[main]\n proxy = http://yum:8080\n", "http://yum:8080"),
    ],
)
def test_the_proxies_of_package_managers_are_reported(root: Path, path: str, text: str, url: str) -> None:
    write(root, path, text)
    value = facts(root)[path].value
    assert (value["url"], value["kind"], value["same_as_agent"]) == (url, "system", False)
    assert "hush" not in str(value) and "hu@sh" not in str(value)


@pytest.mark.parametrize("text", ['Acquire::http::Proxy "DIRECT";', "// nothing", 'Acquire::http::Timeout "5";'])
def test_apt_without_a_proxy(root: Path, text: str) -> None:
    write(root, "/etc/apt/apt.conf.d/10x", text)
    assert "/etc/apt/apt.conf.d/10x" not in facts(root)


@pytest.mark.parametrize(
    ("shown", "same"),
    [("http://own:8080", True), ("http://me:hush@other:1", False), ("http://localhost:40343", None), ("", None)],
)
def test_what_azcmagent_shows_is_compared(root: Path, shown: str, same: bool | None) -> None:
    local(root, proxy_url="http://own:8080")
    found = list(shown_proxy_fact(MAKE, read_settings(LinuxHost(root)), shown))
    assert [f.value["same_as_agent"] for f in found] == ([same] if same is not None else [])
    assert "hush" not in str([dict(f.value) for f in found])


@pytest.mark.parametrize(
    ("text", "problem"),
    [("http//me:x@10.0.0.1:3128", "scheme-twice"), ("http://me:a/b@10.0.0.1:1", "bad-host"),
     ("http://me:a%2Fb@10.0.0.1:1", None), ("http://me:a@b@10.0.0.1:1/", None), ("http:/10.0.0.1:3128", "no-host"), ("http:10.0.0.1:3128", "no-host"), ("http:proxy:8080", "scheme-twice"),
     ("10.0.0.1:3128", None), ("http://10.0.0.1", "port-missing")],
)  # fmt: skip
def test_settings_that_lost_a_part(text: str, problem: str | None) -> None:
    assert parse_proxy(text).problem == problem


@pytest.mark.parametrize("path", ["/etc/profile", "/etc/profile.d/proxy.sh"])
def test_a_proxy_of_login_shells_is_reported_and_none_of_the_agents(root: Path, path: str) -> None:
    text = '# our way out\nif [ -z "$PS1" ]; then :; fi\nexport https_proxy="http://me:mine@shell:8080"; http_proxy=$https_proxy\n'
    write(root, path, text)
    found = facts(root)
    assert found[path].value["url"] == "http://shell:8080" and found[path].value["http_proxy"] is None
    assert found["agent.proxy"].value["source"] == "none"
