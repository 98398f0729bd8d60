"""Names and versions of a Windows machine from its registry."""

from __future__ import annotations

import os
import platform
import socket
from collections.abc import Mapping

from arcdiag.collect.host.platform import HostRaw
from arcdiag.collect.host.windows_registry import CURRENT_VERSION, PRODUCT, TCPIP, data_of, number_of, text_of
from arcdiag.logs.values.registry import Data, Registry

_PRODUCTS = {"winnt": "client", "servernt": "server", "lanmannt": "domain-controller"}


def read_host(registry: Registry) -> HostRaw:
    """What can be told without asking DNS; parts that the registry does not tell are empty or None."""
    current = data_of(registry.values(CURRENT_VERSION))
    tcpip = data_of(registry.values(TCPIP))
    product = data_of(registry.values(PRODUCT))
    hostname = text_of(tcpip, "Hostname") or socket.gethostname()
    domain = text_of(tcpip, "Domain") or text_of(tcpip, "DhcpDomain")
    container = bool(os.environ.get("CONTAINER_SANDBOX_MOUNT_POINT"))
    return HostRaw(
        hostname=hostname,
        fqdn=f"{hostname}.{domain}" if domain else None,
        os_id="windows",
        os_name=_name(current),
        os_version=_version(current),
        arch=os.environ.get("PROCESSOR_ARCHITEW6432") or platform.machine(),
        kernel=_build(current),
        container=container,
        container_kind="windows-container" if container else None,
        product=_PRODUCTS.get(text_of(product, "ProductType").lower()),
        installation=text_of(current, "InstallationType") or None,
    )


def _name(current: Mapping[str, Data]) -> str:
    name = text_of(current, "ProductName") or f"Windows {platform.release()}"
    build = text_of(current, "CurrentBuildNumber") or text_of(current, "CurrentBuild")
    if build.isdigit() and int(build) >= 22000 and text_of(current, "InstallationType") == "Client":
        # Windows 11 goes on calling itself 10 in this value.
        return name.replace("Windows 10", "Windows 11")
    return name


def _version(current: Mapping[str, Data]) -> str:
    """`10.0.20348`; releases before 10 have their number as text alone."""
    major, minor = number_of(current, "CurrentMajorVersionNumber"), number_of(current, "CurrentMinorVersionNumber")
    release = f"{major}.{minor or 0}" if major is not None else text_of(current, "CurrentVersion")
    build = text_of(current, "CurrentBuildNumber") or text_of(current, "CurrentBuild")
    return ".".join(part for part in (release, build) if part) or platform.version()


def _build(current: Mapping[str, Data]) -> str:
    revision = number_of(current, "UBR")
    build = text_of(current, "CurrentBuild")
    return f"{build}.{revision}" if build and revision is not None else build
