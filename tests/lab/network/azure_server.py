"""The program that plays Azure: TLS by server name, HTTP by host. `python -m tests.lab.network.azure_server CONFIG.json`, for the lab alone.

The configuration: {"listen": [[address, port, tls], ...], "hosts": {host: {status, body, headers, wait, paths, pem}}}.
A host that ends in .gw.arc.azure.com also opens tunnels, as the Arc gateway does.
"""

from __future__ import annotations

import http
import json
import selectors
import socket
import ssl
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tests.http_head import head_text
from tests.splice import splice

Host = dict[str, Any]


def answer(status: int, headers: dict[str, str], body: str) -> bytes:
    """An answer with today's Date."""
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
    fields = {"Date": date, "Content-Length": str(len(body)), **headers, "Connection": "close"}
    lines = [f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}", *(f"{k}: {v}" for k, v in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


class Azure:
    def __init__(self, hosts: dict[str, Host]) -> None:
        self.hosts = hosts
        self.default = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.contexts = {name: self._context(host["pem"]) for name, host in hosts.items()}
        self.default.load_cert_chain(next(iter(hosts.values()))["pem"])
        self.default.sni_callback = self._choose

    def _context(self, pem: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context

    def _choose(self, link: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> int | None:
        if name not in self.contexts:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        link.context = self.contexts[name]
        return None

    def serve(self, link: socket.socket, tls: bool) -> None:
        link.settimeout(60)
        try:
            with link, self.default.wrap_socket(link, server_side=True) if tls else link as inner:
                self._talk(inner)
        except OSError:
            # The client went away in the middle, which is what many faults look like from here.
            return

    def _talk(self, link: socket.socket) -> None:
        head = head_text(link)
        if not head:
            return
        verb, target, _ = head.split("\r\n")[0].split(" ", 2)
        if verb == "CONNECT":
            self._tunnel(link, target)
            return
        name = next((line[6:] for line in head.split("\r\n") if line.lower().startswith("host: ")), "")
        host = self.hosts.get(name.partition(":")[0].lower())
        if host is None:
            link.sendall(answer(404, {}, "no such host in the lab"))
            return
        own = next((p for p in host["paths"] if target.startswith(p)), None)
        status, body, wait = host["paths"][own] if own else (host["status"], host["body"], host["wait"])
        time.sleep(wait)
        link.sendall(answer(status, host["headers"], body))

    def _tunnel(self, link: socket.socket, target: str) -> None:
        name, _, port = target.rpartition(":")
        address = self.hosts.get(name, {}).get("address")
        if address is None:
            link.sendall(answer(403, {}, "not in the list of the gateway"))
            return
        with socket.create_connection((address, int(port)), 10) as far:
            link.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            splice(link, far)


def main(path: Path) -> None:
    config = json.loads(path.read_text())
    azure = Azure(config["hosts"])
    with selectors.DefaultSelector() as selector:
        for address, port, tls in config["listen"]:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            listener = socket.create_server((address, port), family=family, backlog=64)
            selector.register(listener, selectors.EVENT_READ, tls)
        print("up", flush=True)
        while True:
            for key, _ in selector.select():
                link, _ = key.fileobj.accept()  # type: ignore[union-attr]
                threading.Thread(target=azure.serve, args=(link, key.data), daemon=True).start()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
