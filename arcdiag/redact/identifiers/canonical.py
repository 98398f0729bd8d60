"""One form for all spellings of a value."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from arcdiag.redact.identifiers.shapes import ends_like_host

_NIBBLES = 32
_DC_JOINT = re.compile(r"(?:\\?,|%2c|/) ?dc ?= ?")
_COLONS = 5
_SHORT_PAIR = re.compile(r"(?<![0-9a-f])(?=[0-9a-f](?![0-9a-f]))")
_PADDED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){3}")


def of_address(text: str) -> str:
    """An IP address as short as it can be written, without its zone; an IPv4 one in IPv6 clothes as IPv4."""
    try:
        return str(plain_address(text))
    except ValueError:
        return text.lower()


def plain_address(text: str) -> IPv4Address | IPv6Address:
    """The address of any spelling: zone, brackets, reverse name, name of a literal. Raises ValueError."""
    low = text.lower().strip("[]").partition("%")[0]
    if low.endswith(".in-addr.arpa"):
        low = ".".join(reversed(low.removesuffix(".in-addr.arpa").split(".")))
    elif low.endswith(".ip6.arpa"):
        digits = "".join(reversed(low.removesuffix(".ip6.arpa").split(".")))
        low = ":".join(digits[at : at + 4] for at in range(0, _NIBBLES, 4))
    elif low.endswith(".ipv6-literal.net"):
        low = low.removesuffix(".ipv6-literal.net").partition("s")[0].replace("-", ":")
    if _PADDED.fullmatch(low):
        low = ".".join(str(int(part)) for part in low.split("."))
    address = ip_address(low)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def of_mac(text: str) -> str:
    """Six pairs with colons, in lower case."""
    pairs = _SHORT_PAIR.sub("0", text.lower()) if text.count(":") == _COLONS else text.lower()
    plain = "".join(c for c in pairs if c.isalnum())
    return ":".join(plain[at : at + 2] for at in range(0, len(plain), 2))


def of_directory_name(low: str) -> str:
    """The domain of `corp,dc=example`, the values of a directory's name from the first one on, in lower case.

    openssl writes them from the root on, which the ending tells.
    """
    labels = _DC_JOINT.sub(".", low).split(".")
    if ends_like_host(f".{labels[0]}") and not ends_like_host(f".{labels[-1]}"):
        labels.reverse()
    return ".".join(labels)


def host_parts(low: str) -> tuple[str, ...]:
    """The first label and the domain of a full name in lower case; a short name alone."""
    label, dot, domain = low.strip(".").partition(".")
    return (label, domain) if dot and domain else (label,)
