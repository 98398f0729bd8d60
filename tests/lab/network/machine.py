"""The client's files: its own /etc, trust store and agent folders, laid over those of this system."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import certifi

from tests.lab.network.certificates import authorities
from tests.lab.network.topology import ROUTER, Node

_LAY_OVER = """
mount -t tmpfs lab /mnt
for folder in etc opt var/opt; do
    name=$(echo $folder | tr / -)
    mkdir -p /mnt/$name /mnt/$name-work
    mount -t overlay lab -o lowerdir=/$folder,upperdir=/mnt/$name,workdir=/mnt/$name-work /$folder
done
mount -t tmpfs lab /etc/ssl/certs
mkdir /mnt/public
touch /mnt/public/cacert.pem
mount --bind /mnt/public/cacert.pem {certifi}
"""
CONFIG = "/var/opt/azcmagent/localconfig.json"
AGENT_CONFIG = "/var/opt/azcmagent/agentconfig.json"
TOKENS = "/var/opt/azcmagent/tokens"
NOBODY, HIMDS_GROUP = 65534, 64321


class Machine:
    """Writes appear inside the client only."""

    def __init__(self, client: Node) -> None:
        self.client = client
        client.script(_LAY_OVER.format(certifi=certifi.where()))
        self.resolvers(ROUTER)
        self.write("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n")
        self.write("/etc/environment", "")
        made = authorities()
        self.trust(made.roots)
        self.public_roots(made.roots)

    def where(self, path: str) -> Path:
        """A path of the client as seen from here."""
        return self.client.root / path.lstrip("/")

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """Write a file of the client, with the folders above it."""
        target = self.where(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_symlink():
            target.unlink()
        target.write_text(text)
        target.chmod(mode)

    def resolvers(self, *addresses: str, options: str = "timeout:2 attempts:1", search: str = "") -> None:
        """The name servers of the client."""
        lines = [f"nameserver {address}" for address in addresses] + [f"options {options}"]
        lines += [f"search {search}", ""] if search else [""]
        self.write("/etc/resolv.conf", "\n".join(lines))

    def pin(self, host: str, address: str) -> None:
        """A line of the hosts file."""
        self.write("/etc/hosts", self.where("/etc/hosts").read_text() + f"{address} {host}\n")

    def trust(self, pem: bytes) -> None:
        """The certificates that the system trusts, all of them."""
        self.where("/etc/ssl/certs/ca-certificates.crt").write_bytes(pem)

    def public_roots(self, pem: bytes) -> None:
        """The certificates that are public roots wherever one looks, all of them."""
        self.where("/mnt/public/cacert.pem").write_bytes(pem)

    def agent_config(self, settings: Mapping[str, Any]) -> None:
        """What `azcmagent config set` wrote."""
        self.write(CONFIG, json.dumps(settings))

    def proxy(self, url: str, **more: Any) -> None:
        """The agent's own proxy."""
        self.agent_config({"proxy.url": url, **more})

    def identity(self, **fields: Any) -> None:
        """What a connected machine knows of itself."""
        self.write(AGENT_CONFIG, json.dumps(fields))

    def token_folder(self, group: int = HIMDS_GROUP, mode: int = 0o750) -> None:
        """The agent's group and the folder of its keys, as the package makes them unless said otherwise."""
        self.write("/etc/group", f"root:x:0:\nnogroup:x:{NOBODY}:\nhimds:x:{HIMDS_GROUP}:\n")
        folder = self.where(TOKENS)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
        os.chown(folder, 0, group)

    def service_environment(self, unit: str, **variables: str) -> None:
        """A drop-in of a unit."""
        lines = [f'Environment="{name}={value}"' for name, value in variables.items()]
        self.write(f"/etc/systemd/system/{unit}.d/proxy.conf", "\n".join(["[Service]", *lines, ""]))


def connected(machine: Machine, **more: str) -> None:
    """The agent is installed, and the machine has its identity in Azure."""
    guid = "02aab8a4-74ef-476e-8182-f6d2ba4166a6"
    machine.identity(location="eastus", cloud="AzureCloud", resourceName="srv1", resourceGroup="rg", vmId=guid,
                     subscriptionId=guid, tenantId=guid, certificateThumbprint="a" * 40, **more)  # fmt: skip
