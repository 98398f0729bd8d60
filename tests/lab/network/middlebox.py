"""A device in the path: connections that the router redirects arrive here. `python -m tests.lab.network.middlebox CONFIG.json`.

The configuration: {"ports": [...], "rules": [{"names": [...] or null for all, "do": "pass" | "reset" | "silent" |
"portal" | "inspect" | "html" | "close", "pem": a chain for portal, {name: chain} for inspect, "location": ...}]}.
The first rule whose names hold the server name (of TLS, or of the Host line on port 80) wins; otherwise it passes.
"""

from __future__ import annotations

import json
import selectors
import socket
import ssl
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tests.http_head import read_head
from tests.lab.network.azure_server import answer
from tests.splice import splice

SO_ORIGINAL_DST = 80
Rule = dict[str, Any]


def reset(link: socket.socket) -> None:
    """End a connection with RST."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    link.close()


def server_name(data: bytes) -> str | None:
    """The server name of a ClientHello, None if there is none."""
    try:
        at = 5 + 4 + 2 + 32
        at += 1 + data[at]
        at += 2 + int.from_bytes(data[at : at + 2], "big")
        at += 1 + data[at]
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        at += 2
        while at + 4 <= end:
            kind, size = struct.unpack("!HH", data[at : at + 4])
            if kind == 0:
                return data[at + 9 : at + 4 + size].decode("ascii")
            at += 4 + size
    except (IndexError, struct.error, UnicodeDecodeError):
        return None
    return None


def peek(link: socket.socket) -> bytes:
    """The first record or head, left where it is."""
    for _ in range(200):
        data = link.recv(16384, socket.MSG_PEEK)
        if not data:
            return b""
        whole = len(data) >= 5 + int.from_bytes(data[3:5], "big") if data[0] == 0x16 else b"\r\n\r\n" in data
        if whole:
            return data
        time.sleep(0.01)
    return data


def name_of(data: bytes) -> str | None:
    """Who is meant, by TLS or by HTTP."""
    if data[:1] == b"\x16":
        return server_name(data)
    lines = data.decode("latin-1").split("\r\n")
    return next((line[6:].partition(":")[0] for line in lines if line.lower().startswith("host: ")), None)


class Middlebox:
    def __init__(self, rules: list[Rule]) -> None:
        self.rules = rules

    def serve(self, link: socket.socket) -> None:
        link.settimeout(60)
        try:
            with link:
                self._serve(link)
        except OSError:
            # The client went away in the middle, or the far end does not answer.
            return

    def _serve(self, link: socket.socket) -> None:
        data = peek(link)
        name = name_of(data)
        rule = next((r for r in self.rules if r["names"] is None or name in r["names"]), {"do": "pass"})
        secure = data[:1] == b"\x16"
        getattr(self, f"_{rule['do']}")(link, rule, name or "", secure)

    def _far(self, link: socket.socket) -> socket.socket:
        raw = link.getsockopt(socket.SOL_IP, SO_ORIGINAL_DST, 16)
        port, address = struct.unpack("!2xH4s8x", raw)
        return socket.create_connection((socket.inet_ntoa(address), port), 10)

    def _pass(self, link: socket.socket, rule: Rule, name: str, secure: bool) -> None:
        with self._far(link) as far:
            splice(link, far)

    def _reset(self, link: socket.socket, rule: Rule, name: str, secure: bool) -> None:
        reset(link)

    def _close(self, link: socket.socket, rule: Rule, name: str, secure: bool) -> None:
        link.recv(16384)

    def _silent(self, link: socket.socket, rule: Rule, name: str, secure: bool) -> None:
        time.sleep(60)

    def _html(self, link: socket.socket, rule: Rule, name: str, secure: bool) -> None:
        """A page in clear text, also where TLS was begun."""
        link.recv(16384)
        link.sendall(answer(200, {"Content-Type": "text/html"}, "<html><title>Sign in to Hotel WiFi</title></html>"))

    def _portal(self, link: socket.socket, rule: Rule, name: str, secure: bool) -> None:
        """Send every request to the portal's page, with a certificate of its own."""
        page = answer(302, {"Location": rule["location"], "Server": "portal"}, "<html>Please sign in</html>")
        if not secure:
            read_head(link)
            link.sendall(page)
            return
        with _context(rule["pem"]).wrap_socket(link, server_side=True) as tls:
            read_head(tls)
            tls.sendall(page)

    def _inspect(self, link: socket.socket, rule: Rule, name: str, secure: bool) -> None:
        """Open the traffic, sign it again, and go on to the real server."""
        far = self._far(link)
        with far, _context(rule["pem"][name]).wrap_socket(link, server_side=True) as near:
            blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
            with blind.wrap_socket(far, server_hostname=name) as onward:
                splice(near, onward)


def _context(pem: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def main(path: Path) -> None:
    config = json.loads(path.read_text())
    box = Middlebox(config["rules"])
    with selectors.DefaultSelector() as selector:
        for port in config["ports"]:
            selector.register(socket.create_server(("0.0.0.0", port), backlog=64), selectors.EVENT_READ)
        print("up", flush=True)
        while True:
            for key, _ in selector.select():
                link, _ = key.fileobj.accept()  # type: ignore[union-attr]
                threading.Thread(target=box.serve, args=(link,), daemon=True).start()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
