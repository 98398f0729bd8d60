"""Where the agent keeps its things on Linux."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DATA = "/var/opt/azcmagent"
GUEST_CONFIG = "/var/lib/GuestConfig"
BINARY = "/opt/azcmagent/bin/azcmagent"

FILES: Mapping[str, str] = MappingProxyType(
    {
        "agentconfig": f"{DATA}/agentconfig.json",
        "localconfig": f"{DATA}/localconfig.json",
        "certs": f"{DATA}/certs",
        "tokens": f"{DATA}/tokens",
        "himds.sock": f"{DATA}/socks/himds.sock",
        "azcmagent": BINARY,
        "himds.log": f"{DATA}/log/himds.log",
        "azcmagent.log": f"{DATA}/log/azcmagent.log",
        "arcproxy.log": f"{DATA}/log/arcproxy.log",
        "gc_ext.log": f"{GUEST_CONFIG}/ext_mgr_logs/gc_ext.log",
        "gc_agent.log": f"{GUEST_CONFIG}/arc_policy_logs/gc_agent.log",
    }
)

UNITS: Mapping[str, str] = MappingProxyType(
    {"himds": "himdsd.service", "gcad": "gcad.service", "extd": "extd.service", "arcproxy": "arcproxyd.service"}
)

VOLUMES = (DATA, GUEST_CONFIG, "/opt", "/var/log", "/tmp")

LOGS = (
    (f"{DATA}/log/azcmagent*.log*", "azcmagent-log"),
    (f"{DATA}/log/himds*.log*", "himds-log"),
    (f"{DATA}/log/arcproxy*.log*", "arcproxy-log"),
    (f"{GUEST_CONFIG}/ext_mgr_logs/gc_ext*.log*", "gc-ext-log"),
    (f"{GUEST_CONFIG}/arc_policy_logs/gc_agent*.log*", "gc-agent-log"),
)

# The files and folders that Go's crypto/x509 looks at, in its order: the agent is a Go program.
TRUST_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/etc/ssl/certs",
    "/etc/pki/tls/certs",
)

SOURCES = (
    "/etc/os-release",
    "/etc/resolv.conf",
    "/run/systemd/resolve/resolv.conf",
    "/etc/hosts",
    "/etc/environment",
    "/etc/profile and /etc/profile.d/*.sh (proxies only)",
    "/etc/apt/apt.conf, /etc/apt/apt.conf.d/*, /etc/dnf/dnf.conf, /etc/yum.conf (proxies only)",
    "/etc/systemd/system.conf",
    "{/etc,/run,/usr/lib,/lib}/systemd/system.conf.d/*.conf",
    "{/etc,/run,/usr/lib,/lib}/systemd/system/{himdsd,gcad,extd,arcproxyd}.service and their drop-ins",
    f"{DATA}/certs/* (dates of certificates; files with keys in their names are not opened)",
    "/sys/class/dmi/id/chassis_asset_tag (is this an Azure virtual machine)",
    "/var/lib/waagent/*/HandlerManifest.json (their names), and on an Azure virtual machine the network configuration",
    "/etc/passwd and /etc/group (the accounts himds and arcproxy)",
    "/proc/*/comm, and /proc/PID/environ of himds and arcproxy (proxy and certificate variables only)",
)
