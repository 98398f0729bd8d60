"""Lays out a Linux machine with an agent in a folder: files, units, and small programs of its own behind their names."""

from __future__ import annotations

import json
from pathlib import Path

UNIT_BLOCK = """\
Id={unit}
LoadState={load}
ActiveState={active}
SubState={sub}
UnitFileState={start}
Result={result}
ExecMainCode=1
ExecMainStatus={code}
NRestarts={restarts}
"""


def write(root: Path, path: str, text: str | bytes, mode: int = 0o644) -> Path:
    target = root / path.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text if isinstance(text, bytes) else text.encode())
    target.chmod(mode)
    return target


def program(root: Path, path: str, script: str) -> Path:
    return write(root, path, f"#!/bin/sh\n{script}\n", 0o755)


def block(unit: str, load: str = "loaded", active: str = "active", sub: str = "running", start: str = "enabled",
          result: str = "success", code: int = 0, restarts: int = 0) -> str:  # fmt: skip
    return UNIT_BLOCK.format(**locals())


def with_system(root: Path, nameserver: str = "127.0.0.1") -> None:
    """A distribution without an agent."""
    write(root, "/etc/os-release", 'ID=ubuntu\nNAME="Ubuntu"\nPRETTY_NAME="Ubuntu 22.04.4 LTS"\nVERSION_ID="22.04"\n')
    write(root, "/etc/resolv.conf", f"# by hand\nnameserver {nameserver}\nsearch corp.example lab.example\n")
    write(root, "/etc/hosts", "127.0.0.1 localhost\n")
    (root / "run/systemd/system").mkdir(parents=True)
    (root / "proc").mkdir(exist_ok=True)


def with_agent(root: Path, show: dict[str, object] | None = None, config: dict[str, object] | None = None) -> None:
    """An agent that is installed and runs."""
    data = "/var/opt/azcmagent"
    agent = {"resourceName": "web01", "location": "East US 2", "cloud": "AzureCloud", "vmId": "v-1", "tenantId": "t-1"}
    write(root, f"{data}/agentconfig.json", json.dumps(agent | (config or {})))
    write(root, f"{data}/localconfig.json", "{}")
    write(root, f"{data}/log/azcmagent.log", 'time="2024-10-01T09:00:00Z" level=info msg="Agent Version: 1.58.1"\n')
    write(root, f"{data}/log/himds.log", 'time="2024-10-01T09:00:00Z" level=info msg="started"\n')
    (root / "var/opt/azcmagent/certs").mkdir()
    (root / "var/opt/azcmagent/tokens").mkdir()
    for unit in ("himdsd", "gcad", "extd", "arcproxyd"):
        write(root, f"/lib/systemd/system/{unit}.service", "[Service]\nExecStart=/bin/true\n")
    shown = json.dumps(show if show is not None else {"status": "Connected", "agentVersion": "1.58.03228.1"})
    program(
        root,
        "/opt/azcmagent/bin/azcmagent",
        f"case \"$1\" in version) echo azcmagent version 1.58.03228.1;; show) cat <<'EOT'\n{shown}\nEOT\n;; esac",
    )
    blocks = [block("himdsd.service"), block("gcad.service"), block("extd.service"), block("arcproxyd.service")]
    systemctl(root, blocks)
    program(root, "/usr/bin/dpkg-query", 'printf "installed 1.58.03228.1"')
    program(root, "/usr/bin/timedatectl", "echo yes")


def systemctl(root: Path, blocks: list[str]) -> None:
    text = "\n".join(blocks)
    program(root, "/usr/bin/systemctl", f"cat <<'EOT'\n{text}EOT")
