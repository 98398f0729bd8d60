"""Whose zone says that a name does not exist: the public one, or one of this network's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.rdatatype

# Primary servers of the public zones of Azure's names; `azureprivatedns.net` stands for private zones inside Azure.
_PUBLIC = (
    "azure-dns.com",
    "azure-dns.net",
    "azure-dns.org",
    "azure-dns.info",
    "dns-tm.com",
    "microsoft.com",
    "microsoftonline.com",
    "msft.net",
    "windows.net",
    "akam.net",
    "gtld-servers.net",
)
_PRIVATE = "azureprivatedns.net"


@dataclass(frozen=True, slots=True)
class Zone:
    """The start of authority in a negative answer: the zone's name, its primary server, and whether the server that

    answered has the zone itself.
    """

    name: str
    primary: str
    own: bool

    def is_private(self, names: Iterable[str]) -> bool | None:
        """Whether it is a zone of this network's own; None if that cannot be told.

        `names`: the host and those that it leads to; one of them lies in the zone.
        A zone for the root or a top domain is none: a network without internet names says no to everything.
        """
        if "." not in self.name or not any(_ends(name, self.name) for name in names):
            return None
        if any(_ends(self.primary, name) for name in _PUBLIC):
            return False
        return True if self.own or _ends(self.primary, _PRIVATE) else None


def _ends(name: str, suffix: str) -> bool:
    return name == suffix or name.endswith("." + suffix)


def zone_of(message: dns.message.Message) -> Zone | None:
    """The zone that a negative answer names; None if it names none."""
    for rrset in message.authority:
        if rrset.rdtype == dns.rdatatype.SOA:
            primary = next(iter(rrset)).mname
            own = bool(message.flags & dns.flags.AA)
            return Zone(_plain(rrset.name.to_text()), _plain(primary.to_text()), own)
    return None


def _plain(name: str) -> str:
    return name.rstrip(".").lower()
