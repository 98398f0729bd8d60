"""DNS: what the system resolver answers, which is what the agent gets, and what each name server says by itself."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.probe.address import NOWHERE, common_class
from arcdiag.collect.probe.call import Call
from arcdiag.collect.probe.nameserver import NameServer, ServerAnswer, ask

DNS_SECONDS = 5.0
# The resolver asks the next server only after five seconds of silence: if one of them answers us, it is worth the wait.
SECOND_SERVER_SECONDS = 11.0
_NO_NAME = "nxdomain"
_TRY_AGAIN = "servfail"


def _gai_results() -> Mapping[int, str]:
    words = {"EAI_NONAME": _NO_NAME, "EAI_NODATA": "nodata", "EAI_ADDRFAMILY": "nodata", "EAI_AGAIN": _TRY_AGAIN}
    words |= {"EAI_FAIL": "servfail"}
    known = {getattr(socket, name): word for name, word in words.items() if hasattr(socket, name)}
    return MappingProxyType(known | {11001: _NO_NAME, 11002: _TRY_AGAIN, 11003: "servfail", 11004: "nodata"})


@dataclass(frozen=True, slots=True)
class DnsOutcome:
    """`addresses` in the order in which the system would use them; `cnames` from the first server that answers.

    `swallowed`: the name itself does not exist, and the system found another one by adding a search domain.
    """

    host: str
    result: str
    addresses: tuple[str, ...]
    ms: int
    servers: tuple[ServerAnswer, ...]
    hosts_file: bool
    detail: str | None = None
    swallowed: bool = False

    def value(self) -> dict[str, Any]:
        """The value of `probe.dns`."""
        told = [a for a in self.servers if a.result == self.result] or list(self.servers)
        cnames = next((a.cnames for a in self.servers if a.cnames), ())
        no = None if self.result == "ok" else next((a for a in told if a.zone), None)
        return {
            "result": self.result,
            "resolver": None if self.hosts_file or not told else told[0].server.shown,
            "addresses": list(self.addresses),
            "cnames": list(cnames),
            "address_class": common_class(self.addresses),
            "hosts_file": self.hosts_file,
            "search_suffix": self.swallowed,
            "zone": no.zone.name if no and no.zone else None,
            "private_zone": no.zone.is_private((self.host, *no.cnames)) if no and no.zone else None,
            "known_elsewhere": self._known_elsewhere,
            "no_route": self._no_route,
            "ms": self.ms,
            "detail": self.detail,
            "resolvers": [a.value() for a in self.servers],
        }

    @property
    def _known_elsewhere(self) -> bool:
        """Whether one of this machine's name servers knows the name that another one denies."""
        return self.result in (_NO_NAME, "nodata") and any(a.result == "ok" and a.addresses for a in self.servers)

    @property
    def leads_nowhere(self) -> bool:
        """Whether a name server gave an address that no public name can have."""
        return self.result == "ok" and not self.hosts_file and common_class(self.addresses) in NOWHERE

    @property
    def _no_route(self) -> bool:
        """Whether it failed because this machine knows no way to any of its name servers."""
        unreachable = [a.detail in ("ENETUNREACH", "10051") for a in self.servers]
        return self.result != "ok" and bool(unreachable) and all(unreachable)


Lookup = Callable[[str], tuple[tuple[str, ...], str]]
"""A system's look-up: addresses and `ok`, or none and the word for why."""


def resolve(
    host: str,
    servers: Sequence[NameServer],
    pinned: Sequence[str],
    deadline: Deadline,
    lookup: Lookup,
    full: float = DNS_SECONDS,
) -> DnsOutcome:
    """Ask the system and every server at once. `pinned`: addresses of the hosts file; `full` seconds for one server.

    Raises TimeoutError if the deadline, not the limit of the layer, ended the system's look-up.
    """
    start = time.monotonic()
    limit = deadline.within(full)
    system = Call(partial(lookup, host))
    asked = [Call(partial(ask, server, host, limit)) for server in servers]
    system.wait(limit)
    for call in asked:
        call.wait(limit)
    answers = tuple(_ended(call, server, full) for call, server in zip(asked, servers, strict=True))
    if any(a.result not in ("timeout", "error") for a in answers):
        system.wait(deadline.within(max(0.0, SECOND_SERVER_SECONDS * full / DNS_SECONDS - (time.monotonic() - start))))
    try:
        addresses, word = system.result()
    except TimeoutError:
        if deadline.passed:
            raise
        addresses, word = (), "timeout"
    if not addresses and word != "timeout" and any(a.addresses for a in answers):
        # The servers know the name by now: one failure that passed is no fault.
        addresses, word = _once_more(host, lookup, deadline.within(full)) or (addresses, word)
    result = "ok" if addresses else _told_by(answers, word)
    from_hosts = bool(addresses) and bool(pinned) and set(addresses) <= set(pinned)
    unknown = bool(addresses) and not from_hosts and {a.result for a in answers} == {_NO_NAME}
    swallowed = unknown and _fails_alone(host, lookup, deadline.within(full))
    detail = "the name was found only with a search domain behind it" if swallowed else _detail(result, answers)
    return DnsOutcome(host, result, addresses, system.ms, answers, from_hosts, detail, swallowed)


def _once_more(host: str, lookup: Lookup, deadline: Deadline) -> tuple[tuple[str, ...], str] | None:
    """Another look-up by the system; None if it does not end in time."""
    again = Call(partial(lookup, host))
    again.wait(deadline)
    try:
        return again.result()
    except TimeoutError:
        return None


def _fails_alone(host: str, lookup: Lookup, deadline: Deadline) -> bool:
    """Whether the system, too, does not know the name if it must not add anything to it."""
    alone = _once_more(f"{host}.", lookup, deadline)
    return alone is not None and alone[1] == _NO_NAME


def system_lookup(host: str) -> tuple[tuple[str, ...], str]:
    """Addresses, or the word for why there are none. One failure that may pass by itself is tried again."""
    results = _gai_results()
    word = "error"
    for _ in range(2):
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            return tuple(dict.fromkeys(str(item[4][0]) for item in found)), "ok"
        except socket.gaierror as error:
            word = results.get(error.errno or 0, "error")
        except (OSError, UnicodeError):
            return (), "error"
        if word != _TRY_AGAIN:
            break
    return (), word


def _ended(call: Call[ServerAnswer], server: NameServer, full: float) -> ServerAnswer:
    try:
        return call.result()
    except TimeoutError:
        return ServerAnswer(server, "timeout", round(full * 1000))


def _told_by(answers: Sequence[ServerAnswer], word: str) -> str:
    """The system tells too little: "no such name" can be "no address", "try again" can be a silence."""
    told = [a.result for a in answers]
    if word == _NO_NAME and "nodata" in told and _NO_NAME not in told:
        return "nodata"
    if word in (_TRY_AGAIN, "error"):
        return next((w for w in ("servfail", "refused", "timeout", "error") if w in told), word)
    return word


def _detail(result: str, answers: Sequence[ServerAnswer]) -> str | None:
    words = {a.result for a in answers}
    if result != "ok" and words == {"ok"}:
        return "the name servers answer, the system's resolver does not"
    if result == "ok" and words and "ok" not in words:
        return "the system's resolver knows the name, the name servers do not"
    return None if result == "ok" else next((a.detail for a in answers if a.detail), None)
