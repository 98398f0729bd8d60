"""Plays the services on the machine and on its link: `python -m tests.lab.network.local_service CONFIG.json`, for the lab alone.

The configuration: {"role": "himds" | "arcproxy" | "azure-imds" | "aws-imds" | "wireserver" | "web" |
"hang-up" | "failing" (500 to everything) | "closing" | "redirecting" | "cutting-proxy" (resets at the host `only`, asks the proxy at `upstream` for others), "process": its name,
"address", "port", "tokens": folder of the challenge keys, "key_group", "key_mode" (octal), "trust": PEM file, "gateway": [host, address],
"connected": true}.
"""

from __future__ import annotations

import json
import secrets
import shutil
import socket
import ssl
import struct
import sys
import threading
from pathlib import Path
from typing import Any

from tests.http_head import head_text
from tests.lab.network.azure_server import answer
from tests.splice import splice

PR_SET_NAME = 15
_INSTANCE = {"compute": {"azEnvironment": "AzurePublicCloud", "vmId": "02aab8a4-74ef-476e-8182-f6d2ba4166a6"}}
_JSON = {"Content-Type": "application/json"}


def rename(name: str) -> None:
    """Give this process the name that the real one has."""
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode(), 0, 0, 0)


class Local:
    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config

    def serve(self, link: socket.socket) -> None:
        link.settimeout(30)
        try:
            with link:
                getattr(self, "_" + self.config["role"].replace("-", "_"))(link)
        except OSError:
            # The caller went away.
            return

    def _himds(self, link: socket.socket) -> None:
        head = head_text(link)
        path = head.split(" ")[1]
        if "metadata: true" not in head.lower():
            link.sendall(answer(400, _JSON, '{"error": "invalid_request"}'))
        elif path.startswith("/metadata/instance"):
            link.sendall(
                answer(
                    200, _JSON, json.dumps({"compute": {"location": "eastus", "provider": "Microsoft.HybridCompute"}})
                )
            )
        elif path.startswith("/metadata/identity/oauth2/token"):
            self._token(link, head)
        elif path.startswith("/agentstatus"):
            link.sendall(answer(200, _JSON, '{"status": "Connected"}'))
        else:
            link.sendall(answer(404, {}, ""))

    def _token(self, link: socket.socket, head: str) -> None:
        """The challenge, then a token for whoever could read the key."""
        given = next((h[6:] for h in head.split("\r\n") if h.lower().startswith("authorization: basic ")), "")
        keys = {p.read_text() for p in Path(self.config["tokens"]).glob("*.key")}
        if given.rpartition(" ")[2] in keys:
            link.sendall(answer(200, _JSON, '{"access_token": "not-for-print", "token_type": "Bearer"}'))
            return
        path = Path(self.config["tokens"]) / f"{secrets.token_hex(8)}.key"
        path.write_text(secrets.token_hex(32))
        path.chmod(int(self.config["key_mode"], 8))
        shutil.chown(path, group=self.config["key_group"])
        link.sendall(answer(401, {"Www-Authenticate": f"Basic realm={path}"}, ""))

    def _arcproxy(self, link: socket.socket) -> None:
        """CONNECT inside a tunnel to the gateway."""
        target = head_text(link).split(" ")[1]
        name, address = self.config["gateway"]
        trust = ssl.create_default_context(cafile=self.config["trust"])
        with socket.create_connection((address, 443), 10) as raw, trust.wrap_socket(raw, server_hostname=name) as far:
            far.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
            link.sendall(far.recv(16384))
            splice(link, far)

    def _azure_imds(self, link: socket.socket) -> None:
        head = head_text(link)
        if "metadata: true" in head.lower():
            link.sendall(answer(200, _JSON, json.dumps(_INSTANCE)))
        else:
            link.sendall(answer(400, _JSON, '{"error": "Bad request. Required metadata header not specified"}'))

    def _aws_imds(self, link: socket.socket) -> None:
        head = head_text(link)
        found = " /latest/" in head
        link.sendall(answer(401 if found else 404, {"Server": "EC2ws"}, ""))

    def _wireserver(self, link: socket.socket) -> None:
        head_text(link)
        link.sendall(
            answer(200, {"Content-Type": "text/xml"}, "<?xml version='1.0'?><Versions><Preferred/></Versions>")
        )

    def _hang_up(self, link: socket.socket) -> None:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _closing(self, link: socket.socket) -> None:
        """Takes the connection and closes it before it has read anything."""
        link.shutdown(socket.SHUT_RDWR)

    def _redirecting(self, link: socket.socket) -> None:
        head_text(link)
        link.sendall(answer(302, {"Location": "https://sso.corp.example/login"}, "<html>Log in to the gateway</html>"))

    def _failing(self, link: socket.socket) -> None:
        head_text(link)
        link.sendall(answer(500, {}, "internal error"))

    def _cutting_proxy(self, link: socket.socket) -> None:
        """A proxy that grants every tunnel and resets those to one host when the client begins to talk."""
        head = head_text(link)
        if self.config["only"] in head:
            link.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            link.recv(16384)
            self._hang_up(link)
            return
        with socket.create_connection((self.config["address"], self.config["upstream"]), 10) as far:
            far.sendall(head.encode("latin-1"))
            splice(link, far)

    def _web(self, link: socket.socket) -> None:
        head_text(link)
        link.sendall(answer(404, {"Server": "Kestrel"}, "no such page"))


def main(path: Path) -> None:
    config = json.loads(path.read_text())
    rename(config["process"])
    local = Local(config)
    with socket.create_server((config["address"], config["port"])) as listener:
        print("up", flush=True)
        while True:
            link, _ = listener.accept()
            threading.Thread(target=local.serve, args=(link,), daemon=True).start()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
