"""The copying between two connections that the labs' proxies and inspecting devices stand on."""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor

import trustme

from tests.collect.servers import connect_proxy, tcp_server
from tests.splice import splice

_ROUNDS = 200


def _contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("far.example").configure_cert(server)
    authority.configure_trust(client)
    return server, client


def _all(link: socket.socket) -> bytes:
    data = b""
    while block := link.recv(4096):
        data += block
    return data


def test_tls_on_both_sides_loses_nothing() -> None:
    server, client = _contexts()

    def origin(raw: socket.socket) -> None:
        with server.wrap_socket(raw, server_side=True) as link:
            asked = link.recv(4096)
            link.sendall(asked * 20_000)

    def device(raw: socket.socket) -> None:
        with (
            socket.create_connection(("127.0.0.1", far.port)) as onward,
            server.wrap_socket(raw, server_side=True) as near,
            client.wrap_socket(onward, server_hostname="far.example") as inner,
        ):
            splice(near, inner)

    def ask(number: int) -> bool:
        with (
            socket.create_connection(("127.0.0.1", middle.port), 30) as raw,
            client.wrap_socket(raw, server_hostname="far.example") as link,
        ):
            link.sendall(f"{number:04}".encode())
            return _all(link) == f"{number:04}".encode() * 20_000

    with tcp_server(origin) as far, tcp_server(device) as middle, ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(_ROUNDS)))


def test_end_of_the_near_side_reaches_the_far_one() -> None:
    def echo(link: socket.socket) -> None:
        link.sendall(_all(link)[::-1])

    with (
        tcp_server(echo) as far,
        connect_proxy(lambda _target, _head: far.port) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port), 30) as link,
    ):
        link.sendall(b"CONNECT far.example:443 HTTP/1.1\r\n\r\n")
        assert link.recv(4096).startswith(b"HTTP/1.1 200")
        link.sendall(b"abc")
        link.shutdown(socket.SHUT_WR)
        assert _all(link) == b"cba"
