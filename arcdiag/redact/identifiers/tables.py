"""Names in the columns of a table: CSV, Markdown, and what is pasted from a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from arcdiag.redact.identifiers.context import PERSON, Context, Reach, Told, compiled
from arcdiag.redact.identifiers.tokens import IdKind

_MOST_ROWS = 5_000
_LINE = re.compile(rb"[^\n]*\n")
_RULE = re.compile(rb"[-|:+= \t\r]*\Z")
_COLUMNS_TEXT: tuple[tuple[IdKind, str], ...] = (
    (
        IdKind.HOST,
        "pscomputername csname dnshostname devicename host hostname computer computername server servername machine"
        " machinename vm vmname name node device",
    ),
    (IdKind.USER, "csusername user username login account samaccountname owner"),
    (IdKind.DOMAIN, "domain dnsdomain addomain csdomain"),
    (IdKind.MAC, "mac macaddress wifimac ethernetmac wifimacaddress"),
    (IdKind.RESOURCE_GROUP, "resourcegroup resourcegroupname"),
    (IdKind.NAME, "subscriptionname"),
)
_COLUMNS = {word.encode(): kind for kind, words in _COLUMNS_TEXT for word in words.split()}
# Beside one of these a name is that of a service, a card, a package, a program.
_OF_OTHERS_TEXT = """
interfacedescription ifindex linkspeed displayname starttype startmode startname servicename processid processname
handles pid publisher provider source exportedcommands moduletype commandtype taskname driverversion hotfixid
installedon filesystem drivetype mediatype ciphersuite protocol
"""
_OF_OTHERS = frozenset(word.encode() for word in _OF_OTHERS_TEXT.split())
# Beside one of these it is that of a subscription.
_OF_ACCOUNTS = frozenset((b"cloudname", b"subscriptionid", b"isdefault"))
# A name alone is a word of any table; beside one of these it is the name of a machine.
_LEADS = (
    "hostname",
    "computername",
    "servername",
    "machinename",
    "vmname",
    "server",
    "computer",
    "machine",
    "host",
    "user",
    "username",
    "device name",
    "devicename",
    "server name",
    "computer name",
    "machine name",
    "host name",
    "vm name",
    "user name",
    "timegenerated [utc]",
    "timegenerated",
    "timestamp",
    "date",
    "subscriptionid",
    "resourcegroup",
    "ip",
    "ip address",
    "ipaddress",
    "samaccountname",
    "owner",
)
_TOKEN = "«".encode()
_MAC = re.compile(rb"[0-9A-Fa-f]{12}\Z")
_DASHES = re.compile(rb"-{2,}(?: {1,80}-{2,}){1,40}[ \t\r]*\n")
_CELL = re.compile(rb"[A-Za-z0-9_\x80-\xf4][A-Za-z0-9_.$()\x80-\xf4-]{0,126}(?=[ \t]*(?: |\r?\n))")
_PERSON = compiled(PERSON)
_WORD = re.compile(rb"[A-Za-z0-9_\x80-\xf4][A-Za-z0-9_.$()\x80-\xf4-]{0,126}\Z")


def _cells(line: bytes, sign: bytes) -> Iterator[tuple[bytes, int]]:
    """The cells of a row and where each begins, without blanks, quotes and Markdown around them."""
    at = 0
    for cell in line.split(sign):
        bare = cell.strip(b" \t\r\n\"'`*")
        yield bare, at + (cell.find(bare) if bare else 0)
        at += len(cell) + len(sign)


def _sign_of(line: bytes) -> bytes | None:
    return next((sign for sign in (b"|", b"\t", b";", b",") if line.count(sign) >= 1), None)


def _table(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The names in the rows below a header, whose line begins behind `at`."""
    begin = at + 1
    header = _LINE.match(text, begin)
    sign = _sign_of(header[0]) if header and header.end() - begin < 1000 else None
    if header is None or sign is None:
        return ()
    names = [re.sub(rb"[ _-]", b"", cell).lower() for cell, _ in _cells(header[0], sign)]
    kinds = _kinds(names)
    if not any(kinds) or len(list(filter(None, names))) < 2 or not all(len(name) < 40 for name in names):
        return ()
    found: list[Told] = []
    place = header.end()
    for _ in range(_MOST_ROWS):
        row = _LINE.match(text, place)
        if row is None or row[0].count(sign) != header[0].count(sign):
            break
        if not _RULE.match(row[0].rstrip(b"\n")):
            found += _row(row[0], sign, kinds, place)
        place = row.end()
    return found


def _row(row: bytes, sign: bytes, kinds: list[IdKind | None], place: int) -> Iterator[Told]:
    for kind, (cell, start) in zip(kinds, _cells(row, sign), strict=False):
        if kind is not None and (_MAC if kind is IdKind.MAC else _WORD).match(cell):
            yield Told(kind, cell, place + start, Reach.EVERYWHERE)
        elif kind is IdKind.USER and _PERSON.fullmatch(cell):
            yield Told(IdKind.NAME, cell, place + start, Reach.UNCOMMON)


def _kinds(names: list[bytes]) -> list[IdKind | None]:
    """What stands in the columns of these names."""
    if not _OF_OTHERS.isdisjoint(names):
        return [None if name == b"name" else _COLUMNS.get(name) for name in names]
    if not _OF_ACCOUNTS.isdisjoint(names) and b"computer" not in names:
        return [IdKind.NAME if name == b"name" else _COLUMNS.get(name) for name in names]
    return [_COLUMNS.get(name) for name in names]


def _whole(row: bytes, start: int, stop: int, place: int) -> Iterator[Told]:
    """All words of a cell that is as wide as the dashes above it."""
    cell = row[start:stop].strip()
    if len(cell) > 1 and row[start - 1 : start] in (b"", b" ") and row[start : start + 1].strip():
        yield Told(IdKind.NAME, cell, place + start, Reach.HERE)


def _ruled(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The names in a table with an underlined header, as PowerShell and `az -o table` print it; `at` ends that."""
    rule = _DASHES.match(text, at + 1)
    begin = text.rfind(b"\n", 0, at) + 1
    header = text[begin:at]
    if rule is None or len(header) > 1000:
        return ()
    columns = []
    for dashes in re.finditer(rb"-+", rule[0]):
        name = re.sub(rb"[ _-]", b"", header[dashes.start() : dashes.end()]).strip().lower()
        columns.append((dashes.span(), name))
    if len(columns) < 2:
        return ()
    kinds = _kinds([name for _, name in columns])
    if not any(kinds):
        return ()
    found: list[Told] = []
    place = rule.end()
    for _ in range(_MOST_ROWS):
        row = _LINE.match(text, place)
        if row is None or not row[0].strip():
            break
        if _TOKEN in row[0]:  # its cells stand no longer below their names
            place = row.end()
            continue
        for ((start, stop), name), kind in zip(columns, kinds, strict=True):
            if kind is None:
                continue
            if kind is IdKind.NAME:
                found += _whole(row[0], start, stop, place)
                continue
            cell = _CELL.match(text, place + start) if place + start < row.end() else None
            if cell is not None and text[place + start - 1 : place + start] in b" \n":
                reach = Reach.IF_TELLING if name == b"name" else Reach.UNCOMMON
                found.append(Told(kind, cell[0], cell.start(), reach))
        place = row.end()
    return found


TABLES: tuple[Context, ...] = (
    Context(tuple(f"\n{lead}{sign}" for lead in _LEADS for sign in (",", ";", "\t")), _table),
    Context(tuple(f'\n"{lead}"{sign}' for lead in _LEADS for sign in (",", ";")), _table),
    Context(tuple(f"\n| {lead} |" for lead in _LEADS), _table),
    Context(("\n-----", "\n----  ", "\n---- -"), _ruled),
)
