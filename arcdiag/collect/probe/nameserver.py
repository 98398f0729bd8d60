"""One question to one name server, by UDP and by TCP if the answer does not fit."""

from __future__ import annotations

import errno
import ipaddress
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rdatatype

from arcdiag.collect.deadline import Deadline, milliseconds_since
from arcdiag.collect.probe.zone import Zone, zone_of

_TRIES = 2
# What the IPv6 addresses of a name that has IPv4 ones may cost.
_SIX_SECONDS = 1.0
_RCODES: Mapping[int, str] = MappingProxyType({0: "ok", 2: "servfail", 3: "nxdomain", 5: "refused"})


@dataclass(frozen=True, slots=True)
class NameServer:
    """Where a name server listens."""

    address: str
    port: int = 53

    @property
    def shown(self) -> str:
        """`10.0.0.1:53`, as logs write it."""
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """`addresses` and `cnames` in the order of the answer; `result` as in `probe.dns`; `zone` if it said no."""

    server: NameServer
    result: str
    ms: int
    addresses: tuple[str, ...] = ()
    cnames: tuple[str, ...] = ()
    detail: str | None = None
    zone: Zone | None = None

    def value(self) -> dict[str, Any]:
        """As it stands in the fact."""
        return {
            "server": self.server.shown,
            "result": self.result,
            "ms": self.ms,
            "addresses": list(self.addresses),
            "zone": self.zone.name if self.zone else None,
            "detail": self.detail,
        }


def ask(server: NameServer, host: str, deadline: Deadline) -> ServerAnswer:
    """Ask for the IPv4 and the IPv6 addresses of `host`. A lost packet is sent once more.

    Without an IPv6 address, or an answer to that question, the IPv4 ones stand alone.
    """
    start = time.monotonic()
    first = _ask_type(server, host, "A", deadline, start)
    if first.result == "nodata":
        second = _ask_type(server, host, "AAAA", deadline, start)
        return second if second.result == "ok" else first
    if first.result == "ok":
        second = _ask_type(server, host, "AAAA", deadline.within(_SIX_SECONDS), time.monotonic())
        return replace(first, addresses=(*first.addresses, *second.addresses))
    return first


def _ask_type(server: NameServer, host: str, kind: str, deadline: Deadline, start: float) -> ServerAnswer:
    answer = ServerAnswer(server, "timeout", 0)
    for attempt in range(_TRIES):
        share = deadline.within(max(0.05, deadline.left() / (_TRIES - attempt)))
        try:
            answer = _read(server, host, _exchange(server, host, kind, share), start)
        except (dns.exception.Timeout, TimeoutError):
            answer = ServerAnswer(server, "timeout", milliseconds_since(start))
        except (OSError, EOFError) as error:
            answer = _failed(server, error, start)
        except (dns.exception.DNSException, ValueError) as error:
            answer = ServerAnswer(server, "error", milliseconds_since(start), detail=type(error).__name__)
        if answer.result not in ("timeout", "servfail") or deadline.passed:
            break
    return answer


def _exchange(server: NameServer, host: str, kind: str, deadline: Deadline) -> dns.message.Message:
    question = dns.message.make_query(host, kind)
    family = socket.AF_INET6 if ":" in server.address else socket.AF_INET
    # Connected, so that "port unreachable" comes back as an error instead of a silence.
    with socket.socket(family, socket.SOCK_DGRAM) as link:
        link.connect((server.address, server.port))
        link.setblocking(False)
        answer = dns.query.udp(
            question, server.address, timeout=deadline.left(), port=server.port, sock=link, ignore_errors=True
        )
    if answer.flags & dns.flags.TC:
        answer = dns.query.tcp(question, server.address, timeout=deadline.left(), port=server.port)
    return answer


def _read(server: NameServer, host: str, message: dns.message.Message, start: float) -> ServerAnswer:
    addresses: list[str] = []
    targets: dict[str, str] = {}
    for rrset in message.answer:
        for item in rrset:
            if rrset.rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA):
                addresses.append(str(ipaddress.ip_address(item.to_text())))
            elif rrset.rdtype == dns.rdatatype.CNAME:
                targets[_plain(rrset.name.to_text())] = _plain(item.to_text())
    result = _RCODES.get(int(message.rcode()), "error")
    detail = None if result != "error" else f"rcode {int(message.rcode())}"
    if result == "ok" and not addresses:
        result = "nodata"
    chain = tuple(_chain(host, targets))
    zone = None if addresses else zone_of(message)
    return ServerAnswer(server, result, milliseconds_since(start), tuple(addresses), chain, detail, zone)


def _plain(name: str) -> str:
    return name.rstrip(".").lower()


def _chain(host: str, targets: Mapping[str, str]) -> list[str]:
    """The names that a name leads to, one after the other; a circle ends it."""
    chain: list[str] = []
    name = _plain(host)
    while name in targets and targets[name] not in chain and len(chain) < 20:
        name = targets[name]
        chain.append(name)
    return chain


def _failed(server: NameServer, error: OSError | EOFError, start: float) -> ServerAnswer:
    number = getattr(error, "errno", None)
    refused = number in (errno.ECONNREFUSED, 10061, 10054)
    detail = errno.errorcode.get(number, str(number)) if number else type(error).__name__
    return ServerAnswer(server, "refused" if refused else "error", milliseconds_since(start), detail=detail)
