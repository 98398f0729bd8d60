"""Names that the shape of a whole line tells: traces of a route, hosts files, tables of sessions, NetBIOS tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from arcdiag.redact.identifiers.context import WORD_BYTES, Context, Reach, Told, before
from arcdiag.redact.identifiers.looks import word_start
from arcdiag.redact.identifiers.shapes import is_host_name
from arcdiag.redact.identifiers.tokens import IdKind

_BACK = re.compile(rb"[A-Za-z0-9_.-]{1,253}")
_ADDRESS_END = re.compile(rb"\d{0,2}(?:\.\d{1,3}){3}[)\]]")
_ROUTE = re.compile(rb"(?:\n[ \t]{0,4}\d{1,2}[ \t]+(?:(?:<?\d{1,5} ms|\*)[ \t]+){0,3}|(?i:ping|pinging|from) )\Z")
_NEIGHBOUR = re.compile(rb"[^\n]{7,40}\) at ")
_HOSTS_LINE = re.compile(
    rb"(?:[0-9]{1,3}\.){3}[0-9]{1,3}[ \t]+"
    rb"(?P<names>[A-Za-z0-9][A-Za-z0-9.-]{0,252}(?:[ \t]+[A-Za-z0-9][A-Za-z0-9.-]{0,252}){0,15})[ \t]*(?:#|\r?\n)"
)
_NAME = re.compile(rb"[A-Za-z0-9.-]+")
_SEARCH_LINE = re.compile(
    rb"(?P<names>[A-Za-z0-9][A-Za-z0-9.-]{0,252}(?:[ \t]+[A-Za-z0-9][A-Za-z0-9.-]{0,252}){0,8})[ \t]*\r?\n"
)
_SEARCH_LIST = re.compile(rb"[ \t]?\[(?P<names>[A-Za-z0-9.\"', -]{1,400})\]")
_SESSION = re.compile(rb"\n>?[ ]?(?P<v>[A-Za-z_][A-Za-z0-9_.-]{0,31})[ \t]+(?:\d+[ \t]+\d+\.\d[^\n]*)?\Z")
_NETBIOS = re.compile(rb"(?P<v>[A-Za-z0-9_-]{1,15})[ \t]{0,15}\Z")
_GROUP_BEHIND = re.compile(rb"[ \t]+GROUP\b")
_WEB_USER = re.compile(rb" - (?P<v>[^\s\-\"\[][^\s\"\[]{0,63}) \[\d\d\Z")
_SQUID_USER = re.compile(rb" [A-Z]{3,8} [^\s]{3,2000} (?P<v>[^\s-][^\s]{0,63})\Z")
_NTLM = re.compile(rb"(?P<v>[A-Za-z0-9_.-]{1,64})\](?:@\[(?P<host>[A-Za-z0-9_.-]{1,64})\])?")
_NTLM_DOMAIN = re.compile(rb"\[(?P<v>[A-Za-z0-9_.-]{1,64})\Z")
_LOW_ACCOUNT = re.compile(
    rb"(?P<lead>whoami[^\n]{0,20}\n[ \t]*|=\r?\n|[,;\"']"
    rb"|(?:logged on|log on|logon|signed in|account|user|run as|runas) (?:as )?[\"']?)"
    rb"(?P<v>[A-Za-z][A-Za-z0-9-]{1,14})\Z"
)
_LOW_USER = re.compile(rb"\\{1,32}(?P<v>[A-Za-z][A-Za-z0-9._-]{1,63}\$?)(?=[\s,;\"']|\Z)")
_RECORD_HOST = re.compile(rb"[A-Za-z0-9_.-]{1,253}(?= [A-Za-z0-9_./-]{1,48} (?:\d{1,7}|-) )")
_STAMP = re.compile(rb"[0-9T:.+-]{10,40}Z? ")
_RECAP = re.compile(rb"\n(?P<v>[A-Za-z0-9_.-]{1,253})[ \t]*:?[ \t]*\Z")
_INVENTORY = re.compile(rb"\n[ ]+(?P<v>[A-Za-z0-9][A-Za-z0-9_.-]{0,100}):[ ]*\r?\n(?:[ ]+ansible_[^\n]*\n){0,8}[ ]+\Z")
_ENTRY = re.compile(rb"\n(?P<v>[A-Za-z_][A-Za-z0-9_.-]{0,31})\Z")
_PASSWD = re.compile(rb"(?P<uid>\d{4,6}):\d{1,6}:(?P<v>[^:,\n]{0,60})")
_LEAST_PERSON, _NOBODY = 1000, 65534


def _back(text: bytes, at: int) -> int:
    """Where the word begins that ends at `at`; `at` without one."""
    back = _BACK.match(text[max(0, at - 253) : at][::-1])
    return word_start(text, at - back.end()) if back else at


def _named_address(text: bytes, at: int, end: int) -> Sequence[Told]:
    """`name (10.1.2.3)` and `name [10.1.2.3]`: the name of a hop, of a neighbour, of what is pinged."""
    start = _back(text, at)
    address = _ADDRESS_END.match(text, end)
    if address is None or start == at:
        return ()
    route = _ROUTE.search(text[max(0, start - 80) : start])
    neighbour = text[start - 1] == 10 and _NEIGHBOUR.match(text, at)
    reach = Reach.EVERYWHERE if route or neighbour else Reach.IF_TELLING
    return (Told(IdKind.HOST, text[start:at], start, reach),)


def _hosts_line(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The names beside an address in a hosts file: a full one tells that the others are names, too."""
    match = _HOSTS_LINE.match(text, at + 1)
    if match is None:
        return ()
    names = [(name.group(), match.start("names") + name.start()) for name in _NAME.finditer(match["names"])]
    full = [name.lower() for name, _ in names if b"." in name and is_host_name(name.decode())]
    labels = {name.partition(b".")[0] for name in full}
    return [
        Told(IdKind.HOST, name, start, Reach.EVERYWHERE if name.lower() in labels else Reach.IF_TELLING)
        for name, start in names
        if full or len(names) == 1
    ]


def _search(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The suffixes of resolv.conf and of netplan; one with a dot tells that all are."""
    match = _SEARCH_LINE.match(text, end) if text[at - 1] == 10 and text[end - 1] == 32 else None
    match = match or _SEARCH_LIST.match(text, end)
    if match is None or b"." not in match["names"]:
        return ()
    begin = match.start("names")
    return [Told(IdKind.DOMAIN, name.group(), begin + name.start()) for name in _NAME.finditer(match["names"])]


def _netbios(text: bytes, at: int, end: int) -> Sequence[Told]:
    match = _NETBIOS.search(text[at - 31 if at > 31 else 0 : at])
    if match is None:
        return ()
    kind = IdKind.DOMAIN if _GROUP_BEHIND.match(text, end) else IdKind.HOST
    return (Told(kind, match["v"], (at - 31 if at > 31 else 0) + match.start("v")),)


def _squid_user(text: bytes, at: int, end: int) -> Sequence[Told]:
    begin = max(text.rfind(b"\n", 0, at), at - 2100, 0)
    match = _SQUID_USER.search(text[begin:at])
    return (Told(IdKind.USER, match["v"], begin + match.start("v")),) if match else ()


def _ntlm(text: bytes, at: int, end: int) -> Sequence[Told]:
    """`[DOMAIN]\\[user]@[host]`; `at` is the first closing bracket."""
    domain, user = _NTLM_DOMAIN.search(text[max(0, at - 66) : at]), _NTLM.match(text, end)
    if domain is None or user is None:
        return ()
    found = [
        Told(IdKind.DOMAIN, domain["v"], max(0, at - 66) + domain.start("v")),
        Told(IdKind.USER, user["v"], user.start("v")),
    ]
    if user["host"]:
        found.append(Told(IdKind.HOST, user["host"], user.start("host")))
    return found


def _low_account(text: bytes, at: int, end: int) -> Sequence[Told]:
    """`domain\\user` in lower case, which a path may be as well: only where something says that it is an account."""
    if text[at - 1] not in WORD_BYTES:
        return ()
    user = _LOW_USER.match(text, at)
    if user is None:
        return ()
    begin = max(0, at - 80)
    lead = _LOW_ACCOUNT.search(text[begin:at])
    if lead is None and not text.startswith((b" S-1-5-21", b"\tS-1-5-21"), user.end()):
        return ()
    if lead is not None and lead["lead"][-1:] in b",;\"'" and text[user.end()] not in b",;\"'":
        return ()
    start = begin + lead.start("v") if lead else _back(text, at)
    return Told(IdKind.DOMAIN, text[start:at], start), Told(IdKind.USER, user["v"], user.start("v"))


def _record_host(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The host of a record in the syslog form of RFC 5424: `<30>1 time host program pid`."""
    stamp = _STAMP.match(text, end)
    match = _RECORD_HOST.match(text, stamp.end()) if stamp and text[at - 1] in b"0123456789" else None
    return (Told(IdKind.HOST, match[0], match.start()),) if match else ()


def _passwd(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The login and the real name of a person in /etc/passwd."""
    name, entry = _ENTRY.search(text[max(0, at - 33) : at]), _PASSWD.match(text, end)
    if name is None or entry is None or not _LEAST_PERSON <= int(entry["uid"]) != _NOBODY:
        return ()
    found = [Told(IdKind.USER, name["v"], max(0, at - 33) + name.start("v"))]
    return [*found, Told(IdKind.NAME, entry["v"], entry.start("v"))] if entry["v"] else found


_DIGITS = "123456789"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LINE_LOOKS: tuple[Context, ...] = (
    Context(tuple(f" {bracket}{digit}" for bracket in "([" for digit in _DIGITS), _named_address),
    Context(("\n10.", "\n100.", "\n127.", "\n172.", "\n192."), _hosts_line),
    Context(("search ", "search:", "search = "), _search),
    # The first word of a line of `last`, `who`, `ps` or `query user`.
    before(IdKind.USER, ("pts/", "rdp-tcp#"), _SESSION, 200),
    Context(("<00>", "<03>", "<20>", "<1b>", "<1c>", "<1d>", "<1e>"), _netbios),
    # The user of a line in an access log, before the day of its date.
    before(IdKind.USER, tuple(f"/{month}/20" for month in _MONTHS), _WEB_USER, 80),
    Context((" hier_", " direct/", " first_up_parent/"), _squid_user),
    Context(("]\\[", "]\\\\["), _ntlm),
    Context(("\\",), _low_account),
    Context((">1 ",), _record_host),
    # The host of a line in a recap or an inventory of ansible, and above its settings in one in YAML.
    before(IdKind.HOST, ("ok=", "ansible_host=", "ansible_user="), _RECAP, 300),
    before(IdKind.HOST, ("ansible_host:", "ansible_user:", "ansible_connection:"), _INVENTORY, 400),
    Context((":x:",), _passwd),
)
