"""One form for all spellings of a value."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

_NIBBLES = 32


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
    address = ip_address(low)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def of_mac(text: str) -> str:
    """Six pairs with colons, in lower case."""
    plain = "".join(c for c in text.lower() if c.isalnum())
    return ":".join(plain[at : at + 2] for at in range(0, len(plain), 2))


def host_parts(low: str) -> tuple[str, ...]:
    """The first label and the domain of a full name in lower case; a short name alone."""
    label, dot, domain = low.strip(".").partition(".")
    return (label, domain) if dot and domain else (label,)
