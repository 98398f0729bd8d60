"""What the kernel knows of a connection that failed: who refused it, and whether its packets ever left the machine.

Neither needs rights. Where a system does not tell (Windows answers 10013 by itself), the word is None: not known.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys
from dataclasses import dataclass

# linux/in.h, linux/in6.h and linux/errqueue.h.
_IP_RECVERR, _IPV6_RECVERR, _MSG_ERRQUEUE = 11, 25, 0x2000
_EXTENDED_ERROR = 16
_FROM_ICMP = (2, 3)
_OFFENDER = {socket.AF_INET: slice(20, 24), socket.AF_INET6: slice(24, 40)}
# struct tcp_info: the timer's count of repeats, and how many repeated packets are out (tcpi_retrans, the eighth u32).
_TCP_INFO_BYTES, _REPEATS_AT, _OUT_AT = 104, 2, 8 + 7 * 4


# "Host unreachable" (ICMP), "address unreachable" (ICMPv6): this machine says so to itself if a neighbour is silent.
_UNREACHABLE = {socket.AF_INET: 1, socket.AF_INET6: 3}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An ICMP error: `sender` is the address it came from; `silent` if it says that the next hop does not answer."""

    sender: str
    silent: bool


def want_errors(connection: socket.socket) -> None:
    """Ask the kernel to keep the sender of an ICMP error for `refused_by`."""
    if not sys.platform.startswith("linux"):
        return
    six = connection.family == socket.AF_INET6
    level, option = (socket.IPPROTO_IPV6, _IPV6_RECVERR) if six else (socket.IPPROTO_IP, _IP_RECVERR)
    try:
        connection.setsockopt(level, option, 1)
    except OSError:
        # Only a detail is lost.
        return


def refused_by(connection: socket.socket) -> Refusal | None:
    """The ICMP error that ended the attempt; None for a TCP reset and where it is not told."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        _, messages, _, _ = connection.recvmsg(1, 512, _MSG_ERRQUEUE)
    except OSError:
        return None
    for level, kind, data in messages:
        if (level, kind) in ((socket.IPPROTO_IP, _IP_RECVERR), (socket.IPPROTO_IPV6, _IPV6_RECVERR)):
            return _offender(data)
    return None


def _offender(data: bytes) -> Refusal | None:
    """struct sock_extended_err (its seventh byte is the ICMP code), then the socket address of who sent it."""
    if len(data) < _EXTENDED_ERROR + 8 or data[4] not in _FROM_ICMP:
        return None
    family = struct.unpack_from("=H", data, _EXTENDED_ERROR)[0]
    raw = data[_OFFENDER[family]] if family in _OFFENDER else b""
    try:
        return Refusal(str(ipaddress.ip_address(raw)), data[6] == _UNREACHABLE[family])
    except (ValueError, KeyError):
        return None


def never_left(connection: socket.socket) -> bool | None:
    """Whether a filter of this machine swallowed every packet of an attempt that got no answer.

    The kernel counts a repeated packet as out only if no local filter dropped it. None before the first repeat, which
    comes after one second.
    """
    if not sys.platform.startswith("linux"):
        return None
    try:
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    except OSError:
        return None
    if len(info) < _OUT_AT + 4 or info[_REPEATS_AT] == 0:
        return None
    return bool(struct.unpack_from("=I", info, _OUT_AT)[0] == 0)


def is_own(address: str) -> bool:
    """Whether this machine has the address: only such a one can be bound."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as link:
            link.bind((address, 0))
    except OSError:
        return False
    return True


def has_route(address: str) -> bool:
    """Whether this machine knows a way to the address. Connecting a datagram socket looks it up and sends nothing."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as link:
            link.connect((address, 9))
    except OSError:
        return False
    return True
