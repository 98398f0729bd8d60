"""Identifiers that show by their own shape: ids, addresses, SIDs; and how words of several dots are told apart."""

from __future__ import annotations

import re

_H = "[0-9A-Fa-f]"
# What stands before may also be the end of an escaped sign: `\\n` of JSON, `%2F` of an address, `\\u0022`.
_ESCAPED = r"(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2})|(?<=\\u[0-9A-Fa-f]{4})"
ESCAPE_END = re.compile(rb"(?:\\[nrt]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})\Z")
"""What a word begins behind, though it ends in a letter or a digit."""


def _begin(not_behind: str) -> str:
    return rf"(?:(?<![{not_behind}])|{_ESCAPED})"


def shape(text: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[bytes]:
    """A pattern over bytes."""
    return re.compile(text.encode("latin-1"), flags)


GUID_DASHES = shape(rf"-{_H}{{4}}-{_H}{{4}}-{_H}{{4}}-")
"""What to look for first: a pattern that begins with a plain sign is found fast."""
GUID = shape(rf"{_begin('0-9A-Za-z-')}{_H}{{8}}-{_H}{{4}}-{_H}{{4}}-{_H}{{4}}-{_H}{{12}}(?![0-9A-Za-z-])")
GUID_JOINTS = shape(rf"_{_H}{{4}}_{_H}{{4}}_{_H}{{4}}_")
GUID_JOINED = shape(rf"{_begin('0-9A-Za-z')}{_H}{{8}}_{_H}{{4}}_{_H}{{4}}_{_H}{{4}}_{_H}{{12}}(?![0-9A-Za-z])")
"""As names of folders and of tables have it."""
SID = shape(r"S-1-(?:5-21|12-1)-\d{1,10}-\d{1,10}-\d{1,10}(?:-\d{1,10})?", re.I)
MAC = shape(rf"{_begin('0-9A-Za-z:-')}{_H}{{2}}(?:(?::{_H}{{2}}){{5}}|(?:-{_H}{{2}}){{5}})(?![0-9A-Za-z:-])")
MAC_SIGNS = (
    shape(rf":{_H}{{2}}:{_H}{{2}}:{_H}{{2}}:{_H}{{2}}:"),
    shape(rf"-{_H}{{2}}-{_H}{{2}}-{_H}{{2}}-{_H}{{2}}-"),
)
MAC_DOTS = shape(rf"\.{_H}{{4}}\.")
MAC_DOTTED = shape(
    rf"{_begin('0-9A-Za-z.-')}(?=[0-9.]{{0,13}}[A-Fa-f]){_H}{{4}}\.{_H}{{4}}\.{_H}{{4}}(?![0-9A-Za-z-]|\.\w)"
)
ETHERNET_HEADER = shape(
    rf"MAC=(?P<to>{_H}{{2}}(?::{_H}{{2}}){{5}}):(?P<from>{_H}{{2}}(?::{_H}{{2}}){{5}}):{_H}{{2}}:{_H}{{2}} "
)
DUID_HEADS = shape(r"00[:-]0[1-4][:-]00[:-]0[1-6][:-]")
DUID = shape(
    rf"{_begin('0-9A-Za-z:-')}00(?:-0[1-4]-00-0[1-6](?:-{_H}{{2}}){{6,12}}|:0[1-4]:00:0[1-6](?::{_H}{{2}}){{6,12}})(?![0-9A-Za-z:-])"
)
"""What a machine names itself by for DHCPv6: most end in the address of a network card."""
EMPTY_MAC = shape(r"(?:00|ff)(?:[:-]?(?:00|ff)){5}", re.I)
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_FOUR = rf"(?:(?:{_OCTET}\.){{3}}{_OCTET}|\d{{1,3}}(?:\.[0-2]\d\d){{3}})"
# As tcpdump writes a port.
_PORT = r"(?=\.\d{1,5}(?: >|: ))"
IPV4 = shape(
    rf"(?:(?<![A-Za-z0-9.])(?<![A-Za-z0-9.]-)|{_ESCAPED}|(?<=\d-)){_FOUR}"
    rf"(?:{_PORT}|(?P<reverse>\.in-addr\.arpa)?"
    rf"(?![A-Za-z0-9]|\.(?!(?:log|txt|csv|json|xml|html?|pcap|pcapng|cap|etl|evtx)(?![A-Za-z0-9]))[A-Za-z0-9]|-[A-Za-z]|_[A-Za-z0-9]{{1,12}}\.(?:deb|rpm|msi|exe|zip)))",
    re.I,
)
IPV4_DOTS = shape(r"\.\d{1,3}\.\d{1,3}\.\d")
IPV4_DEFANGED = shape(rf"(?<![A-Za-z0-9.])(?:{_OCTET}\[\.\]){{1,3}}{_OCTET}(?:\.{_OCTET}){{0,2}}(?![A-Za-z0-9])")
IPV6 = shape(
    rf"{_begin('0-9A-Za-z:.')}(?P<ip>(?:{_H}{{0,4}}:){{2,8}}(?:\d{{1,3}}(?:\.\d{{1,3}}){{3}}|{_H}{{0,4}}))"
    r"(?P<zone>%(?:25)?[0-9A-Za-z]{1,16}(?![0-9A-Za-z]|\.[A-Za-z]))?"
)
IPV6_COLONS = shape(rf":(?::|{_H}{{1,4}}:{_H}{{1,4}}:{_H}{{1,4}}:)")
IPV6_REVERSE = shape(rf"{_begin('0-9A-Za-z.-')}(?:{_H}\.){{32}}ip6\.arpa(?![0-9A-Za-z-])", re.I)
IPV6_LITERAL = shape(
    rf"{_begin('0-9A-Za-z.-')}[0-9A-Fa-f-]{{2,39}}(?:s\d{{1,5}})?\.ipv6-literal\.net(?![0-9A-Za-z-])", re.I
)
_VERSION_BEFORE = shape(
    r"(?:version|\b(?:ver|build|release|revision|assembly|culture|kernel|openssl|agent|v|chapter|section|clause|paragraph|rule|step|oid))[\"']?[\s:=]{0,3}[\"']?v?\Z"
    r"|[A-Za-z0-9](?:/|_|-)v?\Z",
    re.I,
)
# The version of a product in a table: the product's name, of several words in one, stands in the cell before it.
_PRODUCT_CELL = shape(r"(?:[a-z][A-Z]|[A-Za-z]\.[A-Z])[A-Za-z]{0,20}\"?[,;|\t][ \t\"]{0,3}\Z")
# The same in a sentence, unless it is the key of an address.
_PRODUCT_WORD = shape(
    r"(?<![A-Za-z0-9])(?![A-Za-z.]{0,60}(?:[Aa]ddr(?:ess)?|IP|I[Pp]|[Hh]ost|[Ss]erver|[Gg]ateway|[Dd]ns|DNS"
    r"|[Pp]roxy|[Pp]eer|[Cc]lient|[Tt]arget|[Ss]ource|[Dd]estination|[Nn]ode|[Mm]achine|[Ee]ndpoint|[Rr]esolver"
    r"|[Hh]op|[Ff]rom|To|Range|Mask|Net|Via) \Z)"
    r"(?:[A-Z][A-Za-z]{0,40}\.){0,5}(?:[A-Z][a-z]{1,30}){2,8} \Z"
)
# Arcs of X.500 for the attributes of a name and the extensions of a certificate, unless it is said to be an address.
_CERTIFICATE_OID = shape(r"2\.5\.(?:29|4)\.\d{1,2}(?![0-9:/])")
_ADDRESS_WORD = shape(
    r"(?:addr(?:ess)?|ip|src|dst|from|to|host|client|server|peer|rhost)[\"']?[\s:=]{0,3}[\"'(\[]?\Z", re.I
)
_SMALL_NUMBER = shape(r"\d\.")
_VERSION_WORD = shape(
    r"(?:version|\b(?:ver|build|release|revision|assembly|kernel|openssl|v))[\"']?[\s:=]{0,3}[\"']?v?\Z", re.I
)
_GENERIC_TEXT = """
com net org edu gov mil int info biz eu de at ch fr nl be lu uk ie us ca mx br ar cl au nz jp cn tw hk kr in sg my
id th vn ph ae sa il tr za ru ua by kz pl cz sk hu ro bg gr it es pt se no dk fi is ee lv lt si hr rs ba mk al cloud
online site tech app dev shop store bank group global world agency company solutions systems network services local
lan corp internal intern intra intranet home localdomain ad priv private test example invalid domain dom loc arpa io
co ai me tv cc
"""
_GENERIC = frozenset(_GENERIC_TEXT.split())
_NO_NAMES = frozenset(
    {"asp.net", "system.net", "ado.net", "vb.net", "socket.io", "system.io", "config.me", "ip4.domain", "ip6.domain"}
)
# What ends a file or a setting and is a country or a word as well.
_AMBIGUOUS_TEXT = """
ad ai al app at be by cc cloud co company dev dom domain global group home id in info int internal invalid io is it
loc local me my network no online priv private rs services site store systems test us
"""
_AMBIGUOUS = frozenset(_AMBIGUOUS_TEXT.split())
_CODE_CASE = re.compile(r"[a-z][A-Z]|\b[A-Z][a-z]")

ENDINGS = tuple(f".{ending}" for ending in sorted(_GENERIC))
"""What every host name ends in, in lower case."""


def is_version(text: bytes, start: int, private: bool) -> bool:
    """Whether the four numbers that begin at `start` are a version: what stands before them says so.

    Numbers of a `private` network are one only behind a word for it.
    """
    before = text[max(0, start - 24) : start]
    if before.endswith((b"DIRECT/", b"PARENT/", b"NONE/")):  # as squid says where it got an answer
        return False
    if not private and _SMALL_NUMBER.match(text, start):
        if _PRODUCT_CELL.search(before) or _PRODUCT_WORD.search(text[max(0, start - 80) : start]):
            return True
        if _CERTIFICATE_OID.match(text, start) and not _ADDRESS_WORD.search(before):
            return True
    return (_VERSION_WORD if private else _VERSION_BEFORE).search(before) is not None


def ends_like_host(low: str) -> bool:
    """Whether the last label of a dotted word in lower case ends host names."""
    return low.rpartition(".")[2] in _GENERIC


def is_host_name(name: str) -> bool:
    """Whether a dotted word is a host name and no file, class or setting."""
    low = name.lower()
    labels = low.split(".")
    if labels[-1] not in _GENERIC or low in _NO_NAMES:
        return False
    if name not in (low, name.upper()) and _CODE_CASE.search(name):
        return False
    return labels[-1] not in _AMBIGUOUS or len(labels) > 2 or bool(re.search(r"\d|-", labels[0]))
