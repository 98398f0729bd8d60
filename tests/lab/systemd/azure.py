"""Runs inside the container: Azure's endpoints and a name server that knows them; makes /run/lab/azure when they stand.

Its authority goes into the machine's own bundle, so that the agent's TLS would trust it.
"""

from __future__ import annotations

import signal
import socket
import ssl
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import trustme

from arcdiag.knowledge.endpoints import hosts_for
from arcdiag.knowledge.load import load_rules
from tests.collect.azure_in_a_box import REASONS
from tests.collect.servers import dns_server, http_answer, read_head, tcp_server, zone

ADDRESS = "20.60.1.1"
"""An address as Azure has them, on the container's own loopback: nothing leaves it."""


def main() -> None:
    subprocess.run(["ip", "address", "add", f"{ADDRESS}/32", "dev", "lo"], check=False, capture_output=True)
    hosts = {h.host: h for h in hosts_for(load_rules(), "AzureCloud", "eastus")}
    authority = trustme.CA(organization_name="Microsoft Corporation")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*hosts).configure_cert(context)

    def answer(link: socket.socket) -> None:
        with context.wrap_socket(link, server_side=True) as tls:
            head = read_head(tls).decode()
            host = next(line.split(": ")[1] for line in head.splitlines() if line.startswith("Host: "))
            status = (hosts[host].expect or (200,))[0]
            date = time.strftime("Date: %a, %d %b %Y %H:%M:%S GMT\r\n", time.gmtime())
            tls.sendall(http_answer(f"{status} {REASONS[status]}", date))

    names = {name: [("A", ADDRESS)] for name in (*hosts, "www.microsoft.com", "www.example.com")}
    Path("/etc/ssl/certs/ca-certificates.crt").write_bytes(authority.cert_pem.bytes())
    Path("/etc/resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    with ExitStack() as stack:
        stack.enter_context(tcp_server(answer, ADDRESS, 443))
        stack.enter_context(dns_server(zone(names), port=53))
        Path("/run/lab/azure").touch()
        signal.pause()


if __name__ == "__main__":
    main()
