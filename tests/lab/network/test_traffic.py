"""What leaves the machine: only what --dry-run lists, and never a secret."""

from __future__ import annotations

import re
from base64 import b64encode
from fnmatch import fnmatch

import pytest

from tests.lab.network.azure_hosts import ARC, HOSTS, private_address, public_address
from tests.lab.network.lab import Lab
from tests.lab.network.proxies import PORT, URL
from tests.lab.network.test_healthy import gateway, private_link
from tests.lab.network.topology import ROUTER


def assert_only_listed(lab: Lab, *arguments: str) -> None:
    """Every packet went to an address, or to the address of a name, that the dry run names with its port."""
    listed = lab.command("probe", "--location", "eastus", "--dry-run", *arguments)
    capture = lab.capture()
    quiet = lab.command("probe", "--location", "eastus", "--dry-run", *arguments)
    assert quiet == listed and capture.seen() == set()
    lab.probe(*arguments)
    seen = capture.seen()
    allowed = _allowed(listed)
    assert seen and seen <= allowed, f"not listed: {sorted(seen - allowed)}\n{listed}"


def _allowed(listed: str) -> set[tuple[str, str, int]]:
    """The places of a dry run: `host:port`, `address:port` and `*.pattern:port`, names as the lab resolves them."""
    found = set()
    for place, port in re.findall(r"([A-Za-z0-9.*-]+):(\d{2,5})\b", listed):
        hosts = [host for host in HOSTS if fnmatch(host, place)]
        addresses = [public_address(host) for host in hosts] + [private_address(host) for host in hosts if host in ARC]
        for address in addresses or [place]:
            found |= {(address, "tcp", int(port))} | ({(address, "udp", 53)} if port == "53" else set())
    return found


def test_direct(lab: Lab) -> None:
    assert_only_listed(lab)


def test_behind_a_proxy(lab: Lab) -> None:
    lab.squid.start()
    lab.machine.proxy(URL)
    assert_only_listed(lab)


def test_when_the_system_knows_a_proxy(lab: Lab) -> None:
    lab.squid.start()
    lab.firewall.block()
    lab.machine.write("/etc/environment", f'https_proxy="{URL}"\n')
    assert_only_listed(lab)


def test_private_link(lab: Lab) -> None:
    private_link(lab)
    assert_only_listed(lab, "--private-link")


def test_gateway(lab: Lab) -> None:
    gateway(lab)
    assert_only_listed(lab, "--gateway-url", "https://contoso-lab.gw.arc.azure.com")


def test_everything_at_once_fails(lab: Lab) -> None:
    lab.firewall.block_everything()
    assert_only_listed(lab, "--timeout", "12")


def test_names_that_a_stranger_puts_into_the_list_are_not_asked(lab: Lab) -> None:
    """The allow-list and the discovery of whoever answers may name anything; only Azure's own names are followed."""
    from tests.lab.network.azure_hosts import HIS, NOTIFY

    lab.azure.hosts[NOTIFY].paths["/urls/allowlist"] = (
        200,
        '["evil.example", "10.77.0.1", "azgn-x.servicebus.windows.net.evil.example"]',
        0.0,
    )
    lab.azure.hosts[HIS].paths["/discovery"] = (200, '{"endpoint": "www.example.com"}', 0.0)
    assert_only_listed(lab)


SECRET = "c0rrect-horse-battery"
PLAIN = f"http://arc:{SECRET}@{ROUTER}:{PORT}"
SHAPES = pytest.mark.parametrize(
    "url",
    [
        PLAIN,
        f"http://arc:{SECRET}@{ROUTER}",
        f"arc:{SECRET}@{ROUTER}:{PORT}",
        f"http://http://arc:{SECRET}@{ROUTER}:{PORT}",
        f"http://arc:{SECRET}@{ROUTER}:31 28",
        f"http:/arc:{SECRET}@{ROUTER}:{PORT}",
        f"http:arc:{SECRET}@{ROUTER}:{PORT}",
        f"http//arc:{SECRET}@{ROUTER}:{PORT}",
        f"http://arc:{SECRET}@[{ROUTER}:{PORT}",
    ],
)


def knows_the_secret(lab: Lab, url: str) -> None:
    """The agent, the system and the services have the URL, and a proxy listens there."""
    lab.squid.ask_password("arc", "another")
    lab.squid.start()
    lab.machine.proxy(url)
    lab.machine.write("/etc/environment", f'https_proxy="{url}"\n')
    lab.machine.service_environment("himdsd.service", HTTPS_PROXY=url)


def assert_silent(said: str) -> None:
    assert SECRET not in said
    assert b64encode(f"arc:{SECRET}".encode()).decode() not in said


@SHAPES
def test_no_password_of_a_proxy_shows_in_a_case(lab: Lab, url: str) -> None:
    knows_the_secret(lab, url)
    assert_silent(lab.collect().said)


@pytest.mark.parametrize("url", [PLAIN, f"http:/arc:{SECRET}@{ROUTER}:{PORT}"])
def test_no_password_of_a_proxy_is_printed(lab: Lab, url: str) -> None:
    knows_the_secret(lab, url)
    shell = {"HTTPS_PROXY": url, "https_proxy": url}
    assert_silent(lab.probe("--proxy", PLAIN, more=shell).said)
    assert_silent(lab.command("probe", "--location", "eastus", "--proxy", PLAIN, "--dry-run", more=shell))
    assert_silent(lab.command("probe", "--location", "eastus", "--proxy", PLAIN, more=shell))
    assert_silent(lab.command("probe", "--location", "eastus", "--proxy", url, more=shell))
