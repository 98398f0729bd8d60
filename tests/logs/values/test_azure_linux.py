"""Recorded values of a Linux virtual machine: its agent's unit, its network configuration."""

from __future__ import annotations

import pytest

from arcdiag.logs.values.guest_services import waagent_facts
from arcdiag.logs.values.linux_network import dhcp_of
from arcdiag.model.fact import FactStatus
from tests.collect.machine import block

WALINUX, WAAGENT = "walinuxagent.service", "waagent.service"
GONE = {"load": "not-found", "active": "inactive", "sub": "dead", "start": ""}


@pytest.mark.parametrize(
    ("blocks", "running"),
    [
        ([block(WALINUX)], True),
        ([block(WALINUX, active="inactive", sub="dead", start="disabled")], False),
        ([block(WALINUX, **GONE), block(WAAGENT)], True),
        ([block(WALINUX, active="failed", sub="failed"), block(WAAGENT)], True),
    ],
)
def test_whichever_unit_is_there(blocks: list[str], running: bool) -> None:
    (fact,) = waagent_facts("\n".join(blocks), "show.txt")
    assert (fact.status, fact.value["running"]) == (FactStatus.OK, running)


def test_absent_only_if_both_names_were_asked_for() -> None:
    (fact,) = waagent_facts(block(WALINUX, **GONE) + "\n" + block(WAAGENT, **GONE), "show.txt")
    assert fact.status is FactStatus.ABSENT
    assert waagent_facts(block(WALINUX, **GONE), "show.txt") == []
    assert waagent_facts(block("himdsd.service"), "show.txt") == []


NETPLAN = "network:\n  ethernets:\n    eth0:\n      dhcp4: {}\n      addresses: [10.0.0.4/24]\n"


@pytest.mark.parametrize(
    ("path", "text", "dhcp"),
    [
        ("/etc/netplan/50-cloud-init.yaml", NETPLAN.format("true"), True),
        ("/etc/netplan/50-cloud-init.yaml", NETPLAN.format("no"), False),
        ("/etc/sysconfig/network-scripts/ifcfg-eth0", 'DEVICE=eth0\nBOOTPROTO="dhcp"\n', True),
        ("/etc/sysconfig/network-scripts/ifcfg-eth0", "DEVICE=eth0\nBOOTPROTO=none\nIPADDR=10.0.0.4\n", False),
        ("/etc/network/interfaces", "auto lo\niface lo inet loopback\niface eth0 inet dhcp\n", True),
        ("/etc/network/interfaces", "iface eth0 inet static\n  address 10.0.0.4\n", False),
        ("/etc/NetworkManager/system-connections/a.nmconnection", "[ipv4]\nmethod=manual\n", False),
        ("/etc/systemd/network/10-eth0.network", "[Network]\nDHCP=ipv4\n", True),
        ("/etc/systemd/network/10-eth0.network", "[Network]\nAddress=10.0.0.4/24\n", False),
    ],
)
def test_every_network_program(path: str, text: str, dhcp: bool) -> None:
    assert dhcp_of({path: text}) == (dhcp, path)


def test_what_tells_nothing() -> None:
    assert dhcp_of({}) is None
    assert dhcp_of({"/etc/network/interfaces": "auto lo\niface lo inet loopback\n# iface eth0 inet static\n"}) is None


def test_one_card_with_dhcp_is_enough() -> None:
    files = {"/etc/netplan/01.yaml": NETPLAN.format("no"), "/etc/netplan/02.yaml": NETPLAN.format("yes")}
    assert dhcp_of(files) == (True, "/etc/netplan/02.yaml")
