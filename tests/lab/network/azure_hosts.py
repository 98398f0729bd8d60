"""Azure's hosts as the lab plays them: what each answers to a GET without a token."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

REGION = "eastus"
HIS, GUEST, GAS = (
    "gbl.his.arc.azure.com",
    "agentserviceapi.guestconfiguration.azure.com",
    f"{REGION}-gas.guestconfiguration.azure.com",
)
LOGIN, ARM, PAS = "login.microsoftonline.com", "management.azure.com", "pas.windows.net"
LEGACY, NOTIFY, PACKAGES = "login.windows.net", "guestnotificationservice.azure.com", "packages.microsoft.com"
BUS = "azgn-eastus-public-1p-sn-vazr0002.servicebus.windows.net"
GATEWAY = "contoso-lab.gw.arc.azure.com"
REGIONAL_HIS = "eus.his.arc.azure.com"
ARC = (HIS, REGIONAL_HIS, GUEST, GAS)
"""What a private link scope carries."""

_STATUS = {
    LOGIN: 200, LEGACY: 200, "login.microsoft.com": 200, f"{REGION}.login.microsoft.com": 404, "sts.windows.net": 200,
    PAS: 404, ARM: 200, HIS: 400, "eus.his.arc.azure.com": 400, GUEST: 404, GAS: 404, NOTIFY: 200, BUS: 200,
    PACKAGES: 200, "download.microsoft.com": 301, "aka.ms": 301, "dc.services.visualstudio.com": 404, GATEWAY: 404,
    "www.microsoft.com": 200, "www.example.com": 200, "www.msftconnecttest.com": 200, "dls.microsoft.com": 404,
    "graph.microsoft.com": 200, f"{REGION}.handler.control.monitor.azure.com": 404,
    "global.handler.control.monitor.azure.com": 404, f"telemetry.{REGION}.arcdataservices.com": 404,
    "login.microsoftonline.us": 200, "pasff.usgovcloudapi.net": 404, "management.usgovcloudapi.net": 200,
    "gbl.his.arc.azure.us": 400, "agentserviceapi.guestconfiguration.azure.us": 404,
    "usgovvirginia-gas.guestconfiguration.azure.us": 404,
    "login.chinacloudapi.cn": 200, "login.partner.chinacloudapi.cn": 200, "pas.chinacloudapi.cn": 404,
    "management.chinacloudapi.cn": 200, "gbl.his.arc.azure.cn": 400, "guestnotificationservice.azure.cn": 200,
    "agentserviceapi.guestconfiguration.azure.cn": 404, "chinaeast2-gas.guestconfiguration.azure.cn": 404,
}  # fmt: skip
HOSTS = tuple(_STATUS)
ALIASES = {
    HIS: "gbl.his.hybridcompute.trafficmanager.net",
    GUEST: "agentserviceapi.trafficmanager.net",
    LOGIN: "www.tm.prd.ags.akadns.net",
}
"""Names that lead to another name."""


@dataclass
class Behaviour:
    """What one host does; the fields are those of the server's configuration. `wait` in seconds before the answer.

    `paths` are beginnings of paths with (status, body, wait) of their own.
    """

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    chain: str = "genuine"
    paths: dict[str, tuple[int, str, float]] = field(default_factory=dict)


def public_address(host: str) -> str:
    """Each host has an address of its own, so that a firewall can tell them apart."""
    return f"20.60.{1 + HOSTS.index(host) // 200}.{1 + HOSTS.index(host) % 200}"


def public_address_6(host: str) -> str:
    return f"2603:1030:77::{1 + HOSTS.index(host):x}"


def private_address(host: str) -> str:
    """The address of a private endpoint."""
    return f"10.88.0.{1 + HOSTS.index(host)}"


def behaviours() -> dict[str, Behaviour]:
    """Every host in order."""
    found = {host: Behaviour(status) for host, status in _STATUS.items()}
    found[NOTIFY].paths["/urls/allowlist"] = (200, f'["{BUS}"]', 0.0)
    found[HIS].paths["/discovery"] = (200, json.dumps({"endpoint": REGIONAL_HIS}), 0.0)
    found["www.msftconnecttest.com"].body = "Microsoft Connect Test"
    found["aka.ms"].headers["Location"] = "https://www.microsoft.com/"
    found["download.microsoft.com"].headers["Location"] = "https://www.microsoft.com/download"
    return found


def as_wire(behaviour: Behaviour, pem: str) -> dict[str, Any]:
    """For the server's configuration file."""
    return {
        "status": behaviour.status,
        "body": behaviour.body,
        "headers": behaviour.headers,
        "wait": behaviour.wait,
        "paths": behaviour.paths,
        "pem": pem,
    }
