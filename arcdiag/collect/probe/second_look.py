"""Further connections to where a TLS handshake failed: does the name in it matter, and does the size of the packets?"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.probe.call import Call
from arcdiag.collect.probe.stream import Stream
from arcdiag.collect.probe.tls_stream import TlsStream

SECONDS = 4.0
OTHER_NAMES = ("www.microsoft.com", "www.example.com")
"""Server names that nobody has a reason to cut: one that allow lists hold, one that no list holds."""

Reopen = Callable[[Deadline], Stream | None]
"""A second connection to the same place by the same way; None if that fails now."""


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Words: `answered` (the peer spoke TLS), `done` (the whole handshake), `silent`, `reset`, `closed`, `unreached`.

    None where it was not tried.
    """

    without_name: str | None = None
    other_name: str | None = None
    again: str | None = None
    small_packets: str | None = None

    @property
    def name_matters(self) -> bool | None:
        """Whether the same place speaks TLS if the handshake names another server, or none."""
        words = {self.without_name, self.other_name} - {None, "unreached"}
        return bool(words & {"answered", "done"}) if words else None

    @property
    def large_packets_lost(self) -> bool | None:
        """Whether the handshake ends with small packets and stalls again with ordinary ones."""
        if self.small_packets in (None, "unreached") or self.again in (None, "unreached"):
            return None
        return self.small_packets == "done" and self.again != "done"

    def value(self) -> dict[str, str | bool | None]:
        """The part of `probe.tls`."""
        return {
            "without_name": self.without_name,
            "other_name": self.other_name,
            "name_matters": self.name_matters,
            "again": self.again,
            "small_packets": self.small_packets,
            "large_packets_lost": self.large_packets_lost,
        }


def after_cut(blind: ssl.SSLContext, deadline: Deadline, reopen: Reopen) -> SecondLook:
    """After a reset or an end: the same place without a server name, and with others."""
    limit = deadline.within(SECONDS)
    calls = [Call(partial(_try, blind, name, limit, reopen)) for name in (None, *OTHER_NAMES)]
    without, *others = (_word(call, limit, deadline) for call in calls)
    return SecondLook(without_name=without, other_name=_best(others))


def after_stall(
    blind: ssl.SSLContext, host: str, deadline: Deadline, reopen: Reopen, narrow: Reopen | None
) -> SecondLook:
    """After a silence: once more, with small packets, and without the server's name."""
    limit = deadline.within(SECONDS)
    nameless = Call(partial(_try, blind, None, limit, reopen))
    again = Call(partial(_try, blind, host, limit, reopen))
    small = Call(partial(_try, blind, host, limit, narrow)) if narrow else None
    return SecondLook(
        without_name=_word(nameless, limit, deadline),
        again=_word(again, limit, deadline),
        small_packets=_word(small, limit, deadline) if small else None,
    )


def _best(words: list[str]) -> str:
    order = ("done", "answered", "reset", "closed", "silent", "unreached")
    return min(words, key=order.index)


def _word(call: Call[str], limit: Deadline, whole: Deadline) -> str:
    """The end of the whole run is no silence of the peer's."""
    call.wait(limit)
    try:
        return call.result()
    except TimeoutError:
        return "unreached" if whole.passed else "silent"


def _try(blind: ssl.SSLContext, name: str | None, deadline: Deadline, reopen: Reopen) -> str:
    try:
        stream = reopen(deadline)
    except OSError:
        return "unreached"
    if stream is None:
        return "unreached"
    tls = TlsStream(stream, blind, name)
    try:
        tls.handshake(deadline)
        return "done"
    except TimeoutError:
        return "silent" if not tls.peer.count else "answered"
    except (OSError, EOFError) as error:
        if tls.peer.count and tls.peer.is_tls:
            return "answered"
        return "closed" if isinstance(error, EOFError | ssl.SSLError) else "reset"
    finally:
        tls.close()
