"""Names in the columns of a table: CSV, Markdown, and what is pasted from a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from arcdiag.redact.identifiers.context import Context, Reach, Told
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
)
_COLUMNS = {word.encode(): kind for kind, words in _COLUMNS_TEXT for word in words.split()}
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
)
_TOKEN = "«".encode()
_MAC = re.compile(rb"[0-9A-Fa-f]{12}\Z")
_DASHES = re.compile(rb"-{2,}(?: {1,80}-{2,}){1,40}[ \t\r]*\n")
_CELL = re.compile(rb"[A-Za-z0-9_\x80-\xf4][A-Za-z0-9_.$()\x80-\xf4-]{0,126}(?=[ \t]*(?: |\r?\n))")
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
    kinds = [_COLUMNS.get(name) for name in names]
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
        columns.append((dashes.start(), _COLUMNS.get(name), name == b"name"))
    if len(columns) < 2 or not any(kind for _, kind, _ in columns):
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
        for start, kind, is_name in columns:
            if kind is None:
                continue
            cell = _CELL.match(text, place + start) if place + start < row.end() else None
            if cell is not None and text[place + start - 1 : place + start] in b" \n":
                reach = Reach.IF_TELLING if is_name else Reach.UNCOMMON
                found.append(Told(kind, cell[0], cell.start(), reach))
        place = row.end()
    return found


TABLES: tuple[Context, ...] = (
    Context(tuple(f"\n{lead}{sign}" for lead in _LEADS for sign in (",", ";", "\t")), _table),
    Context(tuple(f'\n"{lead}"{sign}' for lead in _LEADS for sign in (",", ";")), _table),
    Context(tuple(f"\n| {lead} |" for lead in _LEADS), _table),
    Context(("\n-----", "\n----  ", "\n---- -"), _ruled),
)
