"""Who answered in place of Azure: proxies and filters sign their headers and their block pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from arcdiag.collect.probe.message import Answer

_HEADERS = ("server", "via", "proxy-agent", "x-cache", "x-cache-lookup", "proxy-authenticate", "location")
_SIGNATURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Squid": ("squid",),
        "tinyproxy": ("tinyproxy",),
        "Zscaler": ("zscaler", "zscloud", "zscalerone", "zscalertwo"),
        "Symantec ProxySG (Blue Coat)": ("bluecoat", "blue coat", "proxysg", "cfauth"),
        "Forcepoint (Websense)": ("forcepoint", "websense", "blockpage.cgi"),
        "Skyhigh (McAfee Web Gateway)": ("mcafee", "mwg-internal", "skyhigh"),
        "FortiGate": ("fortigate", "fortiguard", "fortinet", "fgtauth", "fgd_icon"),
        "Palo Alto Networks": ("palo alto", "pan_form", "globalprotect"),
        "Cisco": ("cisco ", "ironport", "opendns", "umbrella"),
        "Check Point": ("check point", "checkpoint", "usercheck"),
        "Sophos": ("sophos", "astaro"),
        "Netskope": ("netskope", "goskope"),
        "Barracuda": ("barracuda",),
        "SonicWall": ("sonicwall",),
        "WatchGuard": ("watchguard", "firebox"),
        "Trend Micro": ("trend micro", "iwss"),
        "iboss": ("iboss",),
        "Smoothwall": ("smoothwall",),
        "e2guardian": ("e2guardian", "dansguardian"),
        "Kerio": ("kerio",),
        "Menlo Security": ("menlosecurity", "safe.menlo"),
        "Microsoft Forefront TMG": ("forefront tmg", "isa server"),
        "Envoy": ("envoy",),
        "HAProxy": ("haproxy",),
        "nginx": ("nginx",),
        "Apache": ("apache",),
    }
)
_NO_FILTERS = ("Envoy", "HAProxy", "nginx", "Apache")
_BLOCK_WORDS = (
    "blocked",
    "access denied",
    "access to this",
    "not allowed",
    "forbidden by",
    "web filter",
    "url filter",
    "category",
    "policy",
    "acceptable use",
    "content filter",
    "restricted",
)


def name_of(answer: Answer, body: str) -> str | None:
    """The product whose signature an answer bears, else what its `Server` or `Via` header says; None without any."""
    head = " ".join(value for name in _HEADERS for value in answer.all(name)).lower()
    text = body.lower()
    for where in (head, text):
        for product, marks in _SIGNATURES.items():
            if any(mark in where for mark in marks):
                return product
    said = answer.first("server") or answer.first("via")
    return said[:100] if said else None


def is_block_page(answer: Answer, body: str) -> bool:
    """Whether the body is a page for people that says that something was refused."""
    text = body.lower()
    return is_page(answer, body) and any(word in text for word in _BLOCK_WORDS)


def lacks_signs(answer: Answer, signs: Collection[str]) -> bool:
    """Whether none of the headers is there that the service itself always sends; False if no such header is known."""
    return bool(signs) and not any(answer.first(sign) for sign in signs)


def is_filters_page(answer: Answer, body: str) -> bool:
    """Whether the body is a block page, or any page of a product that filters the web."""
    product = name_of(answer, body)
    return is_page(answer, body) and (
        is_block_page(answer, body) or (product in _SIGNATURES and product not in _NO_FILTERS)
    )


def is_page(answer: Answer, body: str) -> bool:
    """Whether the body is HTML, which no service that speaks to programs sends of itself."""
    text = body.lower()
    return "html" in (answer.first("content-type") or "").lower() or "<html" in text or "<!doctype html" in text
