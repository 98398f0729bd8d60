"""Azure for a test that has a network of its own: a name server, and every endpoint with the answer it is expected to give."""

from __future__ import annotations

import http
import socket
import ssl
import time
from contextlib import ExitStack

import trustme

from arcdiag.knowledge.endpoints import hosts_for
from arcdiag.knowledge.rule_set import RuleSet
from tests.collect.servers import dns_server, http_answer, tcp_server, zone
from tests.http_head import read_head

AZURE_ADDRESS = "20.60.1.1"
"""An address as Azure has them; a test that uses it puts it on its own loopback, so that nothing leaves it."""


def serve_azure(stack: ExitStack, rules: RuleSet, authority: trustme.CA, address: str = "127.0.0.1") -> None:
    """Every endpoint of the catalogue for `eastus` on port 443 of `address`, and the name server of port 53 that says so."""
    hosts = {h.host: h for h in hosts_for(rules, "AzureCloud", "eastus")}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*hosts).configure_cert(context)

    def answer(link: socket.socket) -> None:
        with context.wrap_socket(link, server_side=True) as tls:
            head = read_head(tls).decode()
            host = next(line.split(": ")[1] for line in head.splitlines() if line.startswith("Host: "))
            status = (hosts[host].expect or (200,))[0]
            date = time.strftime("Date: %a, %d %b %Y %H:%M:%S GMT\r\n", time.gmtime())
            tls.sendall(http_answer(f"{status} {http.HTTPStatus(status).phrase}", date))

    stack.enter_context(tcp_server(answer, address, 443))
    names = {name: [("A", address)] for name in (*hosts, "www.microsoft.com", "www.example.com")}
    stack.enter_context(dns_server(zone(names), port=53))
