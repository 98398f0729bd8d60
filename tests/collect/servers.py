"""Real servers on the loopback, each in a thread of its own, ended by the test that started them."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from tests.http_head import read_head
from tests.splice import splice

Handler = Callable[[socket.socket], None]


@dataclass
class Server:
    """`seen` are the first bytes of every connection or packet."""

    port: int
    seen: list[bytes] = field(default_factory=list)


def _serve(listener: socket.socket, handler: Handler, stop: threading.Event) -> None:
    listener.settimeout(0.1)
    while not stop.is_set():
        try:
            link, _ = listener.accept()
        except TimeoutError:
            continue
        except OSError:
            return
        threading.Thread(target=_handle, args=(link, handler), daemon=True).start()


def _handle(link: socket.socket, handler: Handler) -> None:
    link.settimeout(10)
    with link:
        try:
            handler(link)
        except OSError:
            # The client went away in the middle, which is what many of these tests are about.
            return


@contextmanager
def tcp_server(handler: Handler, address: str = "127.0.0.1", port: int = 0) -> Iterator[Server]:
    """Calls `handler` with each connection."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    stop = threading.Event()
    with socket.create_server((address, port), family=family) as listener:
        thread = threading.Thread(target=_serve, args=(listener, handler, stop), daemon=True)
        thread.start()
        yield Server(listener.getsockname()[1])
        stop.set()
        thread.join(2)


def reset(link: socket.socket) -> None:
    """End a connection with RST."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    link.close()


def http_answer(status: str, headers: str = "", body: bytes = b"") -> bytes:
    """An HTTP answer's bytes."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


@contextmanager
def http_server(answer: bytes, context: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> Iterator[Server]:
    """Answers each request with the same bytes; over TLS with a context."""
    seen: list[bytes] = []

    def handle(link: socket.socket) -> None:
        if context is None:
            seen.append(read_head(link))
            link.sendall(answer)
            return
        with context.wrap_socket(link, server_side=True) as tls:
            seen.append(read_head(tls))
            tls.sendall(answer)

    with tcp_server(handle, address) as server:
        server.seen = seen
        yield server


@contextmanager
def connect_proxy(
    decide: Callable[[str, bytes], bytes | int], context: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """A CONNECT proxy. `decide(target, head)` gives the local port to tunnel to, or an answer's bytes."""
    seen: list[bytes] = []

    def handle(raw: socket.socket) -> None:
        link = context.wrap_socket(raw, server_side=True) if context else raw
        head = read_head(link)
        seen.append(head)
        target = head.split(b" ")[1].decode()
        verdict = decide(target, head)
        if isinstance(verdict, bytes):
            link.sendall(verdict)
            return
        with socket.create_connection(("127.0.0.1", verdict)) as far:
            link.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            splice(link, far)

    with tcp_server(handle) as server:
        server.seen = seen
        yield server


Answerer = Callable[[dns.message.Message, str], dns.message.Message | None]


@contextmanager
def dns_server(answer: Answerer, address: str = "127.0.0.1", port: int = 0) -> Iterator[Server]:
    """A name server by UDP, and by TCP on the same port; None as an answer is silence."""
    seen: list[bytes] = []

    def over_tcp(link: socket.socket) -> None:
        size = struct.unpack("!H", link.recv(2))[0]
        reply = answer(dns.message.from_wire(link.recv(size)), "tcp")
        if reply is not None:
            wire = reply.to_wire()
            link.sendall(struct.pack("!H", len(wire)) + wire)

    def over_udp() -> None:
        while not stop.is_set():
            try:
                data, peer = link.recvfrom(4096)
            except TimeoutError:
                continue
            except OSError:
                return
            seen.append(data)
            reply = answer(dns.message.from_wire(data), "udp")
            if reply is not None:
                link.sendto(reply.to_wire(), peer)

    stop = threading.Event()
    with tcp_server(over_tcp, address, port) as server, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind((address, server.port))
        link.settimeout(0.1)
        thread = threading.Thread(target=over_udp, daemon=True)
        thread.start()
        server.seen = seen
        yield server
        stop.set()
        thread.join(2)


def zone(records: dict[str, list[tuple[str, str]]], rcodes: dict[str, str] | None = None) -> Answerer:
    """Answers from a table: name to (type, value) in order; a name in `rcodes` gets that code, others NXDOMAIN."""

    def answer(query: dns.message.Message, way: str) -> dns.message.Message | None:
        reply = dns.message.make_response(query)
        name = query.question[0].name.to_text().rstrip(".")
        kind = dns.rdatatype.to_text(query.question[0].rdtype)
        code = (rcodes or {}).get(name)
        if code == "silence":
            return None
        if code == "truncate" and way == "udp":
            reply.flags |= dns.flags.TC
            return reply
        if code and code != "truncate":
            reply.set_rcode(dns.rcode.from_text(code))
            return reply
        if name not in records:
            reply.set_rcode(dns.rcode.NXDOMAIN)
            return reply
        owner = name
        for type_, value in records[name]:
            if type_ in (kind, "CNAME"):
                reply.answer.append(dns.rrset.from_text(f"{owner}.", 60, "IN", type_, value))
                owner = value.rstrip(".") if type_ == "CNAME" else owner
        return reply

    return answer
