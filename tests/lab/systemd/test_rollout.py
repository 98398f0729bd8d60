"""The recipes for many servers, on a booted machine: Ansible over real SSH, the systemd units, the cron lines."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from arcdiag.pipeline import analyze
from tests.lab.systemd.container import CHECKOUT, booted
from tests.lab.systemd.machine import Machine

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may boot a container"),
]
DEPLOY = CHECKOUT / "deploy"
ANSIBLE = Path(sys.executable).parent / "ansible-playbook"
# What an administrator would miss, or find changed; who logs in by SSH leaves traces in /var/log.
FINGERPRINT = """
for place in /etc /opt /var/opt /var/lib/dpkg /usr /root /home /srv /tmp /var/tmp; do
  find $place -xdev -path /srv/arcdiag -prune -o -path /srv/site-packages -prune -o -printf '%p %y %m %u %g %s %T@\\n'
done | grep -v -e '^/root d' -e '^/root/.pyenv' -e '^/root/.ansible/tmp d' -e '^/tmp d' | LC_ALL=C sort
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with booted() as container:
        made = Machine(container, tmp_path_factory.mktemp("cases"))
        made.reset()
        container.put("/usr/local/bin/arcdiag", program(made))
        container.shell("chmod 0755 /usr/local/bin/arcdiag")
        yield made


def program(machine: Machine) -> str:
    """Stands for the one file of a release: the checkout, run by the machine's own Python."""
    paths = "PYTHONPATH=/srv/arcdiag:/srv/site-packages"
    return f'#!/bin/sh\n{paths} exec {machine.container.interpreter} -m arcdiag "$@"\n'


@pytest.fixture(scope="module")
def inventory(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inventory whose one server is reached by SSH, its daemon started for each connection in the machine."""
    folder = tmp_path_factory.mktemp("ansible")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "key")], check=True, timeout=60)
    machine.container.put("/root/.ssh/authorized_keys", (folder / "key.pub").read_text())
    machine.container.shell("chmod 0700 /root /root/.ssh; mkdir -p /run/sshd; ssh-keygen -q -A")
    (folder / "known_hosts").write_text(f"web01 {machine.container.shell('cat /etc/ssh/ssh_host_ed25519_key.pub')}")
    daemon = f"nsenter -t {machine.container.leader} -a -- /usr/sbin/sshd -i"
    options = (
        f"-F none -o UserKnownHostsFile={folder}/known_hosts -o StrictHostKeyChecking=yes "
        f"-o HostKeyAlgorithms=ssh-ed25519 -o ControlMaster=no -o ControlPersist=no -o ProxyCommand='{daemon}'"
    )
    (folder / "hosts").write_text(
        "[all]\nweb01 ansible_user=root ansible_python_interpreter=/usr/bin/python3 "
        f'ansible_ssh_private_key_file={folder}/key ansible_ssh_common_args="{options}"\n'
    )
    (folder / "arcdiag").write_text(program(machine))
    return folder


def play(inventory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    extra = ["-e", f"arcdiag_program={inventory}/arcdiag", "-e", f"arcdiag_bundles={inventory}/bundles", *options]
    env = {**os.environ, "HOME": str(inventory), "ANSIBLE_NOCOLOR": "1", "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
    command = [str(ANSIBLE), "-i", f"{inventory}/hosts", *extra, str(DEPLOY / "ansible/collect.yml")]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=env)


def test_ansible_brings_a_bundle_and_leaves_nothing(machine: Machine, inventory: Path) -> None:
    no_probe = ("-e", '{"arcdiag_options": ["--no-probe"]}')
    play(inventory, *no_probe)  # Python's and SSH's first traces
    before = machine.container.shell(FINGERPRINT)
    done = play(inventory, *no_probe)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert machine.container.shell(FINGERPRINT) == before
    recap = re.search(r"^web01 .*", done.stdout, re.MULTILINE)
    # The one change is on this side: the two files that came.
    assert recap and "changed=1 " in recap[0] and "failed=0 " in recap[0], done.stdout[-3000:]
    found = sorted((inventory / "bundles/web01").iterdir())
    assert [path.suffix for path in found] == [".html", ".zip", ".html", ".zip"]
    diagnosis = analyze(found[-1])
    assert diagnosis.case.host == "web01" and diagnosis.verdict.exit_code == 0


def test_ansible_counts_a_problem_as_done(machine: Machine, inventory: Path) -> None:
    machine.container.shell("systemctl stop himdsd")
    done = play(inventory, "-e", '{"arcdiag_options": ["--no-probe"]}')
    machine.container.shell("systemctl start himdsd")
    assert done.returncode == 0, done.stdout[-3000:]
    newest = sorted((inventory / "bundles/web01").glob("*.zip"))[-1]
    assert analyze(newest).causes[0].id == "himds-not-running"


def test_ansible_fails_where_nothing_came_of_it_and_leaves_nothing_all_the_same(
    machine: Machine, inventory: Path
) -> None:
    done = play(inventory, "-e", '{"arcdiag_options": ["--no-such-option"]}')
    assert done.returncode == 2 and "no-such-option" in done.stdout
    assert machine.container.shell("ls -A /root | grep arcdiag-run || true") == ""


def test_the_units_are_sound_and_work(machine: Machine) -> None:
    container = machine.container
    for name in ("arcdiag-collect.service", "arcdiag-collect.timer"):
        container.put(f"/etc/systemd/system/{name}", (DEPLOY / "linux" / name).read_text())
    container.put("/var/lib/arcdiag/arcdiag-web01-20200101T000000Z.zip", "old")
    container.shell("touch -d '40 days ago' /var/lib/arcdiag/arcdiag-*")
    checked = container.run("systemd-analyze", "verify", "--man=no", "/etc/systemd/system/arcdiag-collect.timer")
    assert checked.stdout + checked.stderr == ""
    container.shell("systemctl daemon-reload; systemctl enable -q --now arcdiag-collect.timer")
    assert "arcdiag-collect.service" in container.shell("systemctl list-timers --no-pager arcdiag-collect.timer")
    # Without a network in the machine the probes fail: exit code 1, which is a success of the unit.
    container.run("timeout", "110", "systemctl", "start", "arcdiag-collect.service")
    shown = container.shell("systemctl show -p Result,ExecMainStatus arcdiag-collect.service")
    assert "Result=success" in shown and "ExecMainStatus=1" in shown
    names = container.shell("ls /var/lib/arcdiag").split()
    assert [Path(name).suffix for name in names] == [".html", ".zip"] and "20200101" not in names[0]
    assert container.shell("stat -c %a:%U /var/lib/arcdiag /var/lib/arcdiag/*").split() == [
        "700:root", "600:root", "600:root",
    ]  # fmt: skip
    container.shell("systemctl disable -q --now arcdiag-collect.timer; rm -r /var/lib/arcdiag")


def test_a_unit_that_could_not_write_has_failed(machine: Machine) -> None:
    container = machine.container
    container.put("/etc/systemd/system/arcdiag-collect.service", (DEPLOY / "linux/arcdiag-collect.service").read_text())
    container.put("/etc/systemd/system/arcdiag-collect.service.d/share.conf",
                  "[Service]\nExecStart=\nExecStart=/usr/local/bin/arcdiag collect --quiet --output /proc/share\n")  # fmt: skip
    container.shell("systemctl daemon-reload")
    assert container.run("systemctl", "start", "arcdiag-collect.service", check=False).returncode != 0
    assert "ExecMainStatus=2" in container.shell("systemctl show -p ExecMainStatus arcdiag-collect.service")
    said = container.shell("journalctl -o cat -u arcdiag-collect.service")
    assert "arcdiag: cannot write to /proc/share" in said
    container.shell(
        "rm -r /etc/systemd/system/arcdiag-collect.service*; systemctl daemon-reload; systemctl reset-failed"
    )


def test_the_cron_lines_work(machine: Machine) -> None:
    container = machine.container
    # Nobody waits here.
    container.put("/usr/local/sbin/sleep", "#!/bin/sh\ntest $1 -ge 0 && test $1 -lt 3600\n")
    container.shell("chmod 0755 /usr/local/sbin/sleep")
    text = (DEPLOY / "linux/arcdiag.cron").read_text()
    settings = dict(line.split("=", 1) for line in text.splitlines() if re.match(r"[A-Z]+=", line))
    lines = [line.split(None, 6) for line in text.splitlines() if re.match(r"\d", line)]
    assert len(lines) == 2 and all(user == "root" and "%" not in command for *_, user, command in lines)
    for *_, command in lines:
        run = f"env -i HOME=/root LOGNAME=root PATH={settings['PATH']} {settings['SHELL']} -c {shlex.quote(command)}"
        done = container.run("timeout", "110", "sh", "-c", run, check=False)
        assert done.stdout + done.stderr == "", "cron would mail this"
        if command == lines[0][-1]:
            container.put("/var/lib/arcdiag/arcdiag-web01-20200101T000000Z.zip", "old")
            container.shell("touch -d '40 days ago' /var/lib/arcdiag/arcdiag-web01-20200101T000000Z.zip")
    names = container.shell("ls /var/lib/arcdiag").split()
    assert [Path(name).suffix for name in names] == [".html", ".zip"] and "20200101" not in names[0]
    assert container.shell("stat -c %a /var/lib/arcdiag") == "700\n"
    container.shell("rm -r /var/lib/arcdiag /usr/local/sbin/sleep")
