"""Real services, real files, a real systemd: each fault of the machine gives its cause, live and from the case."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from arcdiag.model.diagnosis import Confidence, Impact, Verdict
from tests.lab.systemd.container import booted
from tests.lab.systemd.machine import Machine, listening

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may boot a container"),
]

# Everything that belongs to the agent or to the system's settings; the time of the last reading is no change.
FINGERPRINT = """
for place in /etc /opt /var/opt /var/lib/dpkg /var/lib/systemd /usr/lib/systemd /root /home; do
  find $place -xdev -printf '%p %y %m %u %g %s %T@ %l\n'
  find $place -xdev -type f -exec sha256sum {} +
done | LC_ALL=C sort | sha256sum
for unit in himdsd gcad extd arcproxyd; do systemctl show -p MainPID,ActiveState,UnitFileState,NRestarts $unit; done
ip address; ip route; ip neighbour
"""


@pytest.fixture(scope="module")
def booted_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with booted() as container:
        yield Machine(container, tmp_path_factory.mktemp("cases"))


@pytest.fixture
def machine(booted_machine: Machine) -> Machine:
    booted_machine.reset()
    return booted_machine


def test_a_machine_that_runs_is_healthy_and_is_left_as_it_was(machine: Machine) -> None:
    before = machine.container.shell(FINGERPRINT)
    look = machine.collect("--no-probe")
    assert machine.container.shell(FINGERPRINT) == before
    assert (look.code, look.causes, look.diagnosis.verdict) == (0, [], Verdict.HEALTHY)
    assert look.value("service.state", "himds")["user"] == "himds"
    assert look.value("service.program", "himds")["executable"] is True
    assert look.value("port.listener", "localhost:40342")["process"] == "himds"
    certificate = look.value("identity.certificate", "/var/opt/azcmagent/certs/myCert")
    assert (certificate["state"], certificate["days_left"]) == ("valid", 80)
    assert look.value("file.state", "agentconfig")["agent_may_write"] is True
    assert look.value("account.state", "himds")["groups"] == ["himds"]
    assert look.value("package.state")["state"] == "installed"
    assert look.value("config.list")["config.mode"] == "full"
    assert look.value("machine.host")["container_kind"] == "systemd-nspawn"
    assert look.value("machine.support")["support"] == "listed"


def test_stopped(machine: Machine) -> None:
    machine.container.shell("systemctl stop himdsd; touch /run/lab/hang")
    look = machine.collect("--no-probe")
    assert (look.first, look.code) == ("himds-not-running", 1)
    assert look.diagnosis.causes[0].confidence is Confidence.CONFIRMED
    # The agent's own tool hangs; it is stopped and said so.
    assert any(item.what == "agent.show" and "had not ended" in item.why for item in look.diagnosis.not_evaluated)
    assert look.diagnosis.causes[0].title.key == "cause.himds-not-running.title"
    assert "himds is not running" in look.text


def test_verify_says_what_became_of_a_stopped_service(machine: Machine) -> None:
    machine.container.shell("systemctl stop himdsd")
    assert machine.collect("--no-probe").causes == ["himds-not-running"]
    code, text = machine.verify()
    assert (code, "STILL THERE" in text, "[himds-not-running]" in text) == (1, True, True), text
    machine.container.shell("systemctl start himdsd")
    machine.container.wait_until(listening(40342))
    code, text = machine.verify()
    assert (code, "RESOLVED" in text, "[himds-not-running]" in text) == (0, True, True), text


@pytest.mark.parametrize("word", ["disable", "mask"])
def test_disabled_and_masked(machine: Machine, word: str) -> None:
    machine.container.shell(f"systemctl stop himdsd; systemctl {word} -q himdsd")
    look = machine.collect("--no-probe")
    assert (look.first, look.code) == ("himds-not-running", 1)
    assert look.value("service.state", "himds")["start_type"] == word.removesuffix("e") + "ed"


def test_a_crash_loop(machine: Machine) -> None:
    machine.drop_in("himdsd", "Environment=LAB=crash")
    machine.restart_and_fail()
    look = machine.collect("--no-probe")
    assert (look.first, look.code) == ("himds-crash", 1)
    state = look.value("service.state", "himds")
    assert (state["exit_code"], state["start_failure"]) == (3, None)
    assert "himds-not-running" in [e.id for e in look.diagnosis.causes[0].explains]


def test_a_crash_loop_that_goes_on(machine: Machine) -> None:
    machine.drop_in("himdsd", "Environment=LAB=crash", "RestartSec=1h")
    machine.container.run("systemctl", "restart", "himdsd", check=False)
    machine.container.wait_until('test "$(systemctl show -P SubState himdsd)" = auto-restart')
    look = machine.collect("--no-probe")
    assert look.first == "himds-crash"
    assert look.value("service.state", "himds")["looping"] is True


def test_an_account_that_does_not_exist(machine: Machine) -> None:
    machine.drop_in("himdsd", "User=nosuchuser")
    machine.restart_and_fail()
    look = machine.collect("--no-probe")
    assert (look.causes, look.code) == (["himds-not-running"], 1)
    state = look.value("service.state", "himds")
    assert (state["start_failure"], state["user"]) == ("217/USER", "nosuchuser")


def test_a_program_that_is_gone(machine: Machine) -> None:
    machine.container.shell("rm /opt/azcmagent/bin/himds")
    machine.restart_and_fail()
    look = machine.collect("--no-probe")
    assert (look.causes, look.code) == (["agent-not-installed"], 1)
    assert look.value("service.state", "himds")["start_failure"] == "203/EXEC"


def test_a_program_on_a_mount_without_exec(machine: Machine) -> None:
    machine.container.shell("mount --bind /opt /opt; mount -o remount,bind,noexec /opt")
    machine.restart_and_fail()
    look = machine.collect("--no-probe")
    assert (look.first, look.code) == ("himds-not-running", 1)
    assert look.value("service.program", "himds")["noexec"] is True
    assert look.value("service.state", "himds")["start_failure"] == "203/EXEC"


def test_a_port_that_another_program_holds(machine: Machine) -> None:
    machine.container.shell("systemctl stop himdsd")
    machine.squat(40342)
    machine.restart_and_fail()
    look = machine.collect("--no-probe")
    assert (look.causes, look.code) == (["himds-port-in-use"], 1)
    listener = look.value("port.listener", "localhost:40342")
    assert listener["process"].startswith("python3") and listener["owner_is_agent"] is False


def test_a_configuration_that_is_cut_off(machine: Machine) -> None:
    machine.container.put("/var/opt/azcmagent/agentconfig.json", '{"resourceName": "web')
    machine.restart_and_fail()
    look = machine.collect("--no-probe")
    assert (look.causes, look.code) == (["agent-config-corrupt"], 1)
    assert look.diagnosis.causes[0].confidence is Confidence.CONFIRMED


@pytest.mark.parametrize(
    ("lock", "why"),
    [
        ("chmod 0440 /var/opt/azcmagent/agentconfig.json", "mode"),
        ("chown root:root /var/opt/azcmagent/agentconfig.json", "owner"),
    ],
)
def test_a_configuration_that_cannot_be_written(machine: Machine, lock: str, why: str) -> None:
    machine.container.shell(lock)
    machine.show(status="Disconnected", lastHeartbeat="2024-01-01T00:00:00Z")
    look = machine.collect("--no-probe")
    assert (look.first, look.code) == ("agent-config-corrupt", 1)
    assert look.value("file.state", "agentconfig")["agent_may_not_write_because"] == why
    # Connected, it is a risk and no cause.
    machine.show()
    look = machine.collect("--no-probe")
    assert (look.causes, look.code) == ([], 0)
    assert "agent-config-corrupt" in look.warned()


def test_a_certificate_that_has_expired(machine: Machine) -> None:
    machine.certificate(days_left=-3)
    machine.show(status="Disconnected", lastHeartbeat="2024-01-01T00:00:00Z")
    look = machine.collect("--no-probe")
    assert (look.first, look.code) == ("managed-identity-cert-expired", 1)
    assert look.diagnosis.causes[0].confidence is Confidence.CONFIRMED


def test_a_certificate_that_is_gone(machine: Machine) -> None:
    machine.container.shell("rm /var/opt/azcmagent/certs/myCert")
    machine.show(status="Disconnected", lastHeartbeat="2024-01-01T00:00:00Z")
    look = machine.collect("--no-probe")
    assert (look.first, look.code) == ("agent-cert-key-missing", 1)


def test_var_without_exec(machine: Machine) -> None:
    machine.container.shell("mount --bind /var /var; mount -o remount,bind,noexec /var")
    look = machine.collect("--no-probe")
    assert (look.causes, look.code) == (["extension-noexec-mount"], 1)
    assert look.diagnosis.causes[0].impact is Impact.FEATURE
    assert "/var/lib/waagent" in look.diagnosis.causes[0].subjects


def test_a_full_var(machine: Machine) -> None:
    machine.container.shell(
        """
        systemctl stop himdsd
        mount -t tmpfs -o size=200m tmpfs /mnt
        cp -a /var/. /mnt
        : > /mnt/opt/azcmagent/log/himds.log
        head -c 300m /dev/zero > /mnt/full 2>/dev/null || true
        mount --bind /mnt /var
        """
    )
    machine.restart_and_fail()
    look = machine.collect("--no-probe")
    assert (look.causes, look.code) == (["disk-full"], 1)
    assert "himds-not-running" in [e.id for e in look.diagnosis.causes[0].explains]


def test_an_ordinary_user_is_told_what_could_not_be_seen(machine: Machine) -> None:
    machine.container.shell("chmod 0750 /var/opt/azcmagent")
    look = machine.collect("--no-probe", user="alice")
    assert (look.causes, look.code) == ([], 0)
    hidden = {item.what: item.why for item in look.diagnosis.not_evaluated}
    for what in ("config.agent agentconfig", "config.local localconfig", "agent.proxy", "identity.certificate"):
        assert "denied" in hidden[what], what
    assert look.value("service.state", "himds")["running"] is True
    assert look.value("port.listener", "localhost:40342")["owner_is_agent"] is None


def test_an_ordinary_user_sees_that_himds_is_stopped(machine: Machine) -> None:
    machine.container.shell("chmod 0750 /var/opt/azcmagent; systemctl stop himdsd")
    look = machine.collect("--no-probe", user="alice")
    assert (look.first, look.code) == ("himds-not-running", 1)


# Look-alikes: what is normal, what is still on its way, and what is but a part.


def test_himds_that_is_still_starting_is_no_cause(machine: Machine) -> None:
    machine.drop_in("himdsd", "Environment=LAB=slow")
    machine.container.shell("systemctl restart himdsd")
    look = machine.collect("--no-probe")
    assert look.causes == []
    assert look.diagnosis.verdict is Verdict.INCONCLUSIVE
    assert "himds-not-running" in look.warned()


def test_active_and_exited_does_not_run(machine: Machine) -> None:
    machine.drop_in("himdsd", "Type=oneshot", "Restart=no", "RemainAfterExit=yes", "ExecStart=", "ExecStart=/bin/true")
    machine.container.shell("systemctl restart himdsd")
    look = machine.collect("--no-probe")
    assert (look.first, look.code) == ("himds-not-running", 1)
    assert look.value("service.state", "himds")["manager_state"] == "active/exited"


def test_a_unit_that_is_gone_while_the_package_is_there(machine: Machine) -> None:
    machine.container.shell(
        "systemctl disable -q --now himdsd; rm /usr/lib/systemd/system/himdsd.service; systemctl daemon-reload"
    )
    look = machine.collect("--no-probe")
    assert (look.causes, look.code) == (["agent-not-installed"], 1)


def test_a_package_that_was_removed_while_its_services_run(machine: Machine) -> None:
    machine.container.shell("cp -p /var/lib/dpkg/status-clean /var/lib/dpkg/status")
    look = machine.collect("--no-probe")
    assert (look.causes, look.code) == ([], 0)
    assert "agent-not-installed" in look.warned()


def test_the_local_proxy_matters_only_with_a_gateway(machine: Machine) -> None:
    machine.container.shell("systemctl disable -q --now arcproxyd")
    look = machine.collect("--no-probe")
    assert (look.causes, look.code) == ([], 0)
    machine.container.put("/var/opt/azcmagent/localconfig.json", '{"connection.type": "gateway"}')
    machine.show(connectionType="gateway", gatewayUrl="https://a1.gw.arc.azure.com")
    look = machine.collect("--no-probe")
    assert (look.first, look.code) == ("arc-gateway-misconfigured", 1)


def test_a_failed_extension_service_is_a_feature_s_cause(machine: Machine) -> None:
    machine.drop_in("extd", "ExecStart=", "ExecStart=/bin/false")
    machine.container.run("systemctl", "restart", "extd", check=False)
    machine.container.wait_until("systemctl is-failed -q extd")
    look = machine.collect("--no-probe")
    assert (look.causes, look.code) == (["extension-service-not-running"], 1)
    assert look.diagnosis.causes[0].impact is Impact.FEATURE


# With real probes, in the container's own network.


def start_azure(machine: Machine) -> None:
    machine.container.shell(
        "systemd-run -q --unit=azure --setenv=PYTHONPATH=$PYTHONPATH --working-directory=/srv/arcdiag "
        f"{machine.container.interpreter} -m tests.lab.systemd.azure"
    )
    machine.container.wait_until("test -e /run/lab/azure")


def test_with_azure_in_reach_everything_is_green(machine: Machine) -> None:
    start_azure(machine)
    look = machine.collect("--location", "eastus")
    assert (look.causes, look.code) == ([], 0)
    assert look.value("probe.himds", "localhost:40342")["result"] == "ok"
    required = [end for end in look.diagnosis.endpoints if end.required]
    assert required and all(end.failing_layer is None for end in required)


def test_an_ordinary_user_s_probes_find_no_fault_either(machine: Machine) -> None:
    machine.container.shell("chmod 0750 /var/opt/azcmagent")
    start_azure(machine)
    look = machine.collect("--location", "eastus", user="alice")
    assert (look.causes, look.code) == ([], 0)


def test_stopped_with_azure_in_reach(machine: Machine) -> None:
    start_azure(machine)
    machine.container.shell("systemctl stop himdsd")
    look = machine.collect("--location", "eastus")
    assert (look.causes, look.code) == (["himds-not-running"], 1)


def test_a_stopped_service_comes_before_a_network_that_is_broken_too(machine: Machine) -> None:
    """Nothing is sent until the service runs, and its owner can start it at once; then the network is next."""
    machine.container.shell("systemctl stop himdsd")
    look = machine.collect("--location", "eastus")
    assert look.code == 1
    assert look.causes[0] == "himds-not-running"
    assert "dns-failure" in look.causes
