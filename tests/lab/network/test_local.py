from __future__ import annotations

import pytest

from tests.lab.network.azure_hosts import LOGIN
from tests.lab.network.lab import Lab
from tests.lab.network.machine import HIMDS_GROUP, NOBODY

AZCMAGENT = "#!/bin/sh\necho 'azcmagent version 1.62.03345.2204'\n"


def installed(lab: Lab) -> None:
    """An agent is installed: its program, unit files, configuration and key folder."""
    lab.machine.write("/opt/azcmagent/bin/azcmagent", AZCMAGENT, mode=0o755)
    for unit in ("himdsd", "gcad", "extd", "arcproxyd"):
        lab.machine.write(f"/etc/systemd/system/{unit}.service", "[Service]\nExecStart=/opt/azcmagent/bin/himds\n")
    lab.machine.agent_config({})
    lab.machine.token_folder()


def test_another_program_owns_the_port(lab: Lab) -> None:
    installed(lab)
    lab.local_service("web", 40342, process="java")
    report = lab.probe()
    assert (report.first, report.code) == ("himds-port-in-use", 1), report
    assert "java" in report.said
    assert report.failing(LOGIN) is None


def test_nothing_listens(lab: Lab) -> None:
    installed(lab)
    report = lab.probe()
    assert (report.first, report.code) == ("himds-not-running", 1), report


def as_nobody(*groups: int) -> list[str]:
    """A command of an account without rights, in these groups."""
    chosen = f"--groups={','.join(map(str, groups))}" if groups else "--clear-groups"
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", chosen]


MEMBER, OUTSIDER = as_nobody(HIMDS_GROUP), as_nobody()
ROOT: list[str] = []


@pytest.mark.parametrize("caller", [ROOT, MEMBER, OUTSIDER], ids=["root", "member", "outsider"])
def test_the_folder_of_the_keys_is_shut(lab: Lab, caller: list[str]) -> None:
    """Members of the group himds may read keys, and the folder lets nobody but root in: whoever asks can see that."""
    installed(lab)
    lab.himds()
    lab.machine.token_folder(group=0, mode=0o700)
    report = lab.probe(prefix=caller)
    assert (report.first, report.code) == ("local-token-permission", 1), report
    assert "not-for-print" not in report.said


@pytest.mark.parametrize("caller", [ROOT, MEMBER], ids=["root", "member"])
@pytest.mark.parametrize(("group", "mode"), [("root", "0440"), ("himds", "0400")])
def test_the_key_of_the_challenge_is_not_for_the_group(lab: Lab, caller: list[str], group: str, mode: str) -> None:
    installed(lab)
    lab.himds(key_group=group, key_mode=mode)
    report = lab.probe(prefix=caller)
    assert (report.first, report.code) == ("local-token-permission", 1), report


def test_the_key_of_the_challenge_is_not_for_every_account(lab: Lab) -> None:
    """An account outside the group cannot read keys on any healthy machine: a warning for whoever needs tokens."""
    installed(lab)
    lab.himds()
    report = lab.probe(prefix=OUTSIDER)
    assert (report.first, report.code) == (None, 0), report
    assert "local-token-permission" in report.warnings


def test_a_member_of_the_group_reads_the_key(lab: Lab) -> None:
    installed(lab)
    lab.himds()
    report = lab.probe(prefix=MEMBER)
    assert (report.first, report.code) == (None, 0), report
    assert "local-token-permission" not in report.warnings


def test_the_key_of_the_challenge_can_be_read(lab: Lab) -> None:
    installed(lab)
    lab.himds()
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report
    assert "not-for-print" not in report.said


def imds(lab: Lab, role: str) -> None:
    lab.router.run("ip", "addr", "add", "169.254.169.254/32", "dev", "lo")
    lab.local_service(role, 80, process="imds", address="169.254.169.254", node=lab.router)


def test_an_azure_metadata_service_answers(lab: Lab) -> None:
    imds(lab, "azure-imds")
    report = lab.probe()
    assert (report.first, report.code) == ("azure-vm-not-supported", 1), report


def test_the_metadata_service_of_another_cloud_answers(lab: Lab) -> None:
    imds(lab, "aws-imds")
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report


def test_the_metadata_service_is_never_asked_through_a_proxy(lab: Lab) -> None:
    """The proxy would be asked for the link's own address: squid stands beside an answering service and sees nothing."""
    imds(lab, "azure-imds")
    lab.squid.deny("169.254.169.254")
    lab.squid.start()
    lab.machine.proxy("http://10.77.0.1:3128")
    report = lab.probe(more={"http_proxy": "http://10.77.0.1:3128"})
    assert report.first == "azure-vm-not-supported", report
