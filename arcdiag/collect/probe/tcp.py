"""TCP: every address of a name at once, IPv4 and IPv6, with the network's own word for each."""

from __future__ import annotations

import errno
import selectors
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from arcdiag.collect.deadline import Deadline, milliseconds_since
from arcdiag.collect.probe.kernel_word import Refusal, has_route, is_own, never_left, refused_by, want_errors
from arcdiag.collect.probe.stream import SocketStream

MAX_PER_FAMILY = 3
SMALL_SEGMENT = 536
"""Bytes that every network carries in one packet (the smallest that a host must take, less the headers)."""
CAN_ASK_FOR_SMALL = sys.platform != "win32"
# After the first success the others get this long to show what they can do.
_GRACE = 0.25
# This machine's own reset is there before the call returns; a network's takes its way, however short.
_ON_THE_WAY_MS = 1
# An attempt without an answer tells after this many seconds whether its packets left the machine.
_TELLING = 4.0
_RESULTS: Mapping[int, str] = MappingProxyType(
    {
        errno.ECONNREFUSED: "refused",
        errno.ETIMEDOUT: "timeout",
        errno.ENETUNREACH: "no-route",
        errno.ENETDOWN: "no-route",
        errno.EAFNOSUPPORT: "no-route",
        errno.EHOSTUNREACH: "host-unreachable",
        errno.ECONNRESET: "reset",
        errno.ECONNABORTED: "reset",
        errno.EACCES: "blocked-locally",
        errno.EPERM: "blocked-locally",
        10013: "blocked-locally",
        10047: "no-route",
        10050: "no-route",
        10051: "no-route",
        10054: "reset",
        10060: "timeout",
        10061: "refused",
        10065: "host-unreachable",
        10048: "ports-exhausted",
        10055: "ports-exhausted",
        # Windows means another thing by it: an address that nobody can connect to.
        errno.EADDRNOTAVAIL: "error" if sys.platform == "win32" else "ports-exhausted",
    }
)
_IN_PROGRESS = {0, errno.EINPROGRESS, errno.EWOULDBLOCK, 10035}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One address: `errno` is None for success and for an attempt that the limit ended.

    `refused_by` is who sent an ICMP error; `own_filter` whether this machine itself stopped it, None if not known
    (a reset names no sender: only one that took its time came from elsewhere);
    `neighbour_silent` if the next hop does not answer on the link.
    """

    address: str
    result: str
    errno: int | None
    ms: int
    refused_by: str | None = None
    own_filter: bool | None = None
    neighbour_silent: bool = False

    def value(self) -> dict[str, Any]:
        """As it stands in the fact."""
        return {
            "address": self.address,
            "result": self.result,
            "errno": self.errno,
            "refused_by": self.refused_by,
            "ms": self.ms,
        }


@dataclass(frozen=True, slots=True)
class TcpOutcome:
    """All attempts in the order of the addresses; `stream` of the first IPv4 success, else of the first success."""

    attempts: tuple[Attempt, ...]
    chosen: Attempt | None
    stream: SocketStream | None

    @property
    def result(self) -> str:
        """The word for the whole: that of the chosen address."""
        return self.chosen.result if self.chosen else "error"

    def value(self, port: int) -> dict[str, Any]:
        """The value of `probe.tcp`."""
        chosen = self.chosen
        return {
            "result": self.result,
            "address": chosen.address if chosen else None,
            "port": port,
            "errno": chosen.errno if chosen else None,
            "errno_name": errno_name(chosen.errno) if chosen else None,
            "refused_by": chosen.refused_by if chosen else None,
            "own_filter": chosen.own_filter if chosen else None,
            "neighbour_silent": chosen.neighbour_silent if chosen else None,
            "ms": chosen.ms if chosen else None,
            "ipv4": _family_result([a for a in self.attempts if ":" not in a.address]),
            "ipv6": _family_result([a for a in self.attempts if ":" in a.address]),
            "attempts": [a.value() for a in self.attempts],
        }


def errno_name(number: int | None) -> str | None:
    """`ECONNREFUSED` for 111; the number as text for one that this system does not name."""
    return None if number is None else errno.errorcode.get(number, str(number))


def result_of(error: OSError) -> str:
    """The result word for an error of a connection."""
    if isinstance(error, TimeoutError):
        return "timeout"
    return _RESULTS.get(error.errno or 0, "error")


def _family_result(attempts: Sequence[Attempt]) -> str | None:
    """`ok` if one address works, else the first one's word; None if the name has no address of that family."""
    if any(a.result == "ok" for a in attempts):
        return "ok"
    return attempts[0].result if attempts else None


def connect(addresses: Sequence[str], port: int, deadline: Deadline, segment: int | None = None) -> TcpOutcome:
    """Connect to up to three addresses of each family at once; never later than the deadline.

    An address that is not reached counts only if no other one is: IPv6 without a route is normal on an IPv4 network.
    `segment`: ask the other end for segments of at most so many bytes; OSError where a system cannot.
    """
    race = _Race(_limited(addresses), port, segment)
    try:
        race.run(deadline)
        return race.outcome()
    finally:
        race.close_losers()


def _limited(addresses: Sequence[str]) -> list[str]:
    four = [a for a in addresses if ":" not in a][:MAX_PER_FAMILY]
    six = [a for a in addresses if ":" in a][:MAX_PER_FAMILY]
    return four + six


class _Race:
    def __init__(self, addresses: Sequence[str], port: int, segment: int | None) -> None:
        self._addresses, self._port, self._segment = addresses, port, segment
        self._start = time.monotonic()
        self._sockets: dict[str, socket.socket] = {}
        self._done: dict[str, Attempt] = {}
        self._at_once: set[str] = set()
        self._winner: str | None = None

    def run(self, deadline: Deadline) -> None:
        with selectors.DefaultSelector() as selector:
            for address in self._addresses:
                self._begin(address, selector)
            end = deadline
            while len(self._done) < len(self._addresses) and not end.passed:
                for key, _ in selector.select(min(end.left(), 0.1)):
                    selector.unregister(key.fileobj)
                    self._ended(key.data)
                if end is deadline and any(a.result == "ok" for a in self._done.values()):
                    end = deadline.within(_GRACE)

    def _begin(self, address: str, selector: selectors.BaseSelector) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            connection = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:
            self._note(address, result_of(error), error.errno)
            return
        self._sockets[address] = connection
        connection.setblocking(False)
        want_errors(connection)
        if self._segment is not None:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, self._segment)
        try:
            code = connection.connect_ex((address, self._port))
        except OSError as error:
            code = error.errno or errno.EINVAL
        if code in _IN_PROGRESS:
            selector.register(connection, selectors.EVENT_WRITE, address)
            self._at_once.update(key.data for key, _ in selector.select(0) if key.data == address)
        else:
            self._at_once.add(address)
            self._note(address, _at_once(code, address), code)

    def _ended(self, address: str) -> None:
        connection = self._sockets[address]
        code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if not code:
            self._note(address, "ok", None)
            return
        refusal = refused_by(connection)
        result = _RESULTS.get(code, "error")
        own = refusal is not None and refusal.sender != address and is_own(refusal.sender)
        if refusal is not None and own and not refusal.silent:
            result = "blocked-locally"
        elif result == "no-route" and has_route(address):
            # The routing table knows a way: the word came from a device on it.
            result = "host-unreachable"
        self._note(address, result, code, refusal, own)

    def _note(
        self, address: str, result: str, code: int | None, refusal: Refusal | None = None, own: bool = False
    ) -> None:
        ms = milliseconds_since(self._start)
        by_packet = result in ("refused", "reset") and address not in self._at_once and ms >= _ON_THE_WAY_MS
        came = refusal is not None or by_packet
        filtered = True if result == "blocked-locally" else (False if came else None)
        sender = refusal.sender if refusal else None
        silent = own and refusal is not None and refusal.silent
        self._done[address] = Attempt(address, result, code, ms, sender, filtered, silent)

    def _unanswered(self, address: str) -> Attempt:
        # Sooner, a neighbour that is still being looked for on the link looks the same.
        waited = time.monotonic() - self._start >= _TELLING and address in self._sockets
        swallowed = never_left(self._sockets[address]) if waited else None
        result = "blocked-locally" if swallowed else "timeout"
        return Attempt(address, result, None, milliseconds_since(self._start), None, swallowed)

    def outcome(self) -> TcpOutcome:
        attempts = tuple(self._done.get(a) or self._unanswered(a) for a in self._addresses)
        chosen = next((a for a in attempts if a.result == "ok"), attempts[0] if attempts else None)
        if chosen is None or chosen.result != "ok":
            return TcpOutcome(attempts, chosen, None)
        self._winner = chosen.address
        return TcpOutcome(attempts, chosen, SocketStream(self._sockets[chosen.address]))

    def close_losers(self) -> None:
        for address, connection in self._sockets.items():
            if address != self._winner:
                connection.close()


def _at_once(code: int, address: str) -> str:
    """The word for a refusal by this machine's own routing: nothing was sent."""
    if code in (errno.EHOSTUNREACH, errno.EINVAL) or (code == errno.EADDRNOTAVAIL and ":" in address):
        # An unreachable or blackhole route; an IPv6 network without an address of our own to send from.
        return "no-route"
    return _RESULTS.get(code, "error")
