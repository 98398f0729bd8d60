"""Runs in the namespaces of a Windows machine of the lab: its name server and Azure's endpoints, until input ends.

python -m tests.lab.windows.azure FOLDER   writes FOLDER/ca.der, then prints `up`.
"""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from arcdiag.knowledge.endpoints import hosts_for
from arcdiag.knowledge.load import load_rules
from tests.collect.servers import dns_server, http_answer, read_head, tcp_server, zone

ADDRESS = "20.60.1.1"
REGION = "eastus"
_REASONS = {200: "OK", 301: "Moved Permanently", 400: "Bad Request", 404: "Not Found"}


def main(folder: Path) -> None:
    authority = trustme.CA(organization_name="Microsoft Corporation")
    root = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
    (folder / "ca.der").write_bytes(root.public_bytes(Encoding.DER))
    subprocess.run(["ip", "addr", "add", f"{ADDRESS}/32", "dev", "lo"], check=True)
    for name, text in (("resolv.conf", "nameserver 127.0.0.1\n"), ("hosts", "127.0.0.1 localhost\n")):
        (folder / name).write_text(text)
        subprocess.run(["mount", "--bind", str(folder / name), f"/etc/{name}"], check=True)
    with ExitStack() as stack:
        serve(stack, authority)
        print("up", flush=True)
        sys.stdin.read()


def serve(stack: ExitStack, authority: trustme.CA) -> None:
    """Each endpoint of the catalogue gives the answer that the catalogue expects of it."""
    hosts = {h.host: h for h in hosts_for(load_rules(), "AzureCloud", REGION)}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*hosts).configure_cert(context)

    def answer(link: socket.socket) -> None:
        with context.wrap_socket(link, server_side=True) as tls:
            head = read_head(tls).decode()
            host = next(line.split(": ")[1] for line in head.splitlines() if line.startswith("Host: "))
            status = (hosts[host].expect or (200,))[0]
            date = time.strftime("Date: %a, %d %b %Y %H:%M:%S GMT\r\n", time.gmtime())
            tls.sendall(http_answer(f"{status} {_REASONS[status]}", date))

    stack.enter_context(tcp_server(answer, ADDRESS, 443))
    names = {name: [("A", ADDRESS)] for name in (*hosts, "www.microsoft.com", "www.example.com")}
    stack.enter_context(dns_server(zone(names), port=53))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
