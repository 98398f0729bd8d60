"""Identifiers that show by their own shape: ids, addresses, mail names, accounts of a domain, full host names."""

from __future__ import annotations

import re

_H = "[0-9A-Fa-f]"
# What stands before may also be the end of an escaped sign: `\\n` of JSON, `%2F` of an address.
_ESCAPED = r"(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2})"


def _begin(not_behind: str) -> str:
    return rf"(?:(?<![{not_behind}])|{_ESCAPED})"


GUID = re.compile(_begin("0-9A-Za-z-") + rf"{_H}{{8}}-{_H}{{4}}-{_H}{{4}}-{_H}{{4}}-{_H}{{12}}(?![0-9A-Za-z-])")
GUID_DASHES = re.compile(rf"-{_H}{{4}}-{_H}{{4}}-{_H}{{4}}-")
"""What to look for first: a pattern that begins with a plain sign is found fast."""
SID = re.compile(r"S-1-5-21-\d{1,10}-\d{1,10}-\d{1,10}(?:-\d{1,10})?", re.I)
MAC = re.compile(_begin("0-9A-Za-z:-") + rf"{_H}{{2}}(?:(?::{_H}{{2}}){{5}}|(?:-{_H}{{2}}){{5}})(?![0-9A-Za-z:-])")
MAC_SIGNS = (
    re.compile(rf":{_H}{{2}}:{_H}{{2}}:{_H}{{2}}:{_H}{{2}}:"),
    re.compile(rf"-{_H}{{2}}-{_H}{{2}}-{_H}{{2}}-{_H}{{2}}-"),
)
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
IPV4 = re.compile(_begin(r"\w.-") + rf"(?:{_OCTET}\.){{3}}{_OCTET}(?![\w-]|\.\w)")
IPV4_DOTS = re.compile(r"\.\d{1,3}\.\d{1,3}\.\d")
IPV6 = re.compile(
    _begin("0-9A-Za-z:.") + r"(?P<open>\[)?(?P<ip>[0-9A-Fa-f:]{2,39}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?)"
    r"(?P<zone>%[0-9A-Za-z]{1,16})?(?P<close>\])?"
)
IPV6_COLONS = re.compile(r":[0-9A-Fa-f]{0,4}:")
MAIL = re.compile(
    _begin("A-Za-z0-9._%+-") + r"[A-Za-z0-9._+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])"
)
ACCOUNT = re.compile(
    r"(?<![\w\\/.:%$*-])(?P<domain>[A-Z][A-Z0-9-]{1,14})\\{1,8}(?P<user>[A-Za-z0-9_][A-Za-z0-9._$-]{1,63})(?![\\\w])"
)
HOST = re.compile(
    _begin(r"\w.@\\$%-")
    + r"(?P<host>(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.){1,8}[A-Za-z]{2,24})(?![\w(-]|\.\w)"
)
_VERSION_BEFORE = re.compile(
    r"(?:version|ver|build|release|revision|assembly|culture|kernel|openssl|agent|v|_|/)[\"']?[\s:=]{0,3}[\"']?v?\Z",
    re.I,
)
_NOT_ACCOUNTS_TEXT = """
HKLM HKCU HKU HKCR HKEY_LOCAL_MACHINE SOFTWARE SYSTEM MACHINE USER USERS SECURITY SAM CLASSES BUILTIN NT WINDOWS
AUTHORITY SERVICE APPPOOL IIS ROOT PROGRAM FILES POLICIES CURRENT LOCAL GLOBAL REGISTRY DEVICE PIPE WORKGROUP
AZUREAD LOCALHOST BCD
"""
NOT_ACCOUNTS = frozenset(_NOT_ACCOUNTS_TEXT.split())
_GENERIC_TEXT = """
com net org edu gov mil int info biz eu de at ch fr nl be lu uk ie us ca mx br ar cl au nz jp cn tw hk kr in sg my
id th vn ph ae sa il tr za ru ua by kz pl cz sk hu ro bg gr it es pt se no dk fi is ee lv lt si hr rs ba mk al cloud
online site tech app dev shop store bank group global world agency company solutions systems network services local
lan corp internal intern intra intranet home localdomain ad priv private test example invalid domain dom loc arpa io
co ai me tv cc
"""
_GENERIC = frozenset(_GENERIC_TEXT.split())
_NO_NAMES = frozenset({"asp.net", "system.net", "ado.net", "vb.net", "socket.io", "system.io", "config.me"})
# What ends a file or a setting and is a country or a word as well.
_AMBIGUOUS_TEXT = """
ad ai al app at be by cc cloud co company dev dom domain global group home id in info int internal invalid io is it
loc local me my network no online priv private rs services site store systems test us
"""
_AMBIGUOUS = frozenset(_AMBIGUOUS_TEXT.split())


ENDINGS = tuple(f".{ending}" for ending in sorted(_GENERIC))
"""What every host name ends in, in lower case."""


def is_version(text: str, start: int) -> bool:
    """Whether the four numbers that begin at `start` are a version: what stands before them says so."""
    return _VERSION_BEFORE.search(text, max(0, start - 24), start) is not None


def is_host_name(name: str) -> bool:
    """Whether a dotted word is a host name and no file, class or setting."""
    low = name.lower()
    labels = low.split(".")
    if labels[-1] not in _GENERIC or low in _NO_NAMES:
        return False
    if name not in (low, name.upper()) and re.search(r"[a-z][A-Z]|\b[A-Z][a-z]", name):
        return False
    return labels[-1] not in _AMBIGUOUS or len(labels) > 2 or bool(re.search(r"\d|-", labels[0]))
