"""Names that lines and blocks of single tools tell by their form: netstat, repadmin, kubectl, quser, inventories."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from arcdiag.redact.identifiers.context import HOST, WORD_BYTES, Context, Reach, Told, before, compiled
from arcdiag.redact.identifiers.tokens import IdKind

_MOST_ROWS = 2_000
_LINE = re.compile(rb"[^\n]*\n")
_TRUST = compiled(
    r"\n[ \t]*\d{1,3}: (?P<nb>[A-Z0-9][A-Z0-9-]{1,14})(?: (?P<dns>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}))?\Z"
)
_SITE = compiled(r"\n[ \t]*(?P<site>[A-Za-z0-9][A-Za-z0-9_-]{0,63})\\(?P<v>[A-Za-z0-9][A-Za-z0-9-]{1,62})(?:\r?\n)?\Z")
_SAM_LOGON = compiled(rf" from {HOST}(?: \(via (?P<via>[A-Za-z0-9_.-]{{2,255}})\))?\Z")
_CONNECTION = compiled(
    r"[ \t]{1,12}(?:\d{1,9}[ \t]{1,12}\d{1,9}[ \t]{1,12})?(?P<here>[^\s]{3,260})[ \t]{1,60}(?P<there>[^\s]{3,260})"
)
_NAMED_PORT = compiled(
    r"(?P<v>(?=[A-Za-z0-9_.-]{0,255}[A-Za-z])[A-Za-z0-9_][A-Za-z0-9_.-]{1,255}):[A-Za-z0-9-]{1,32}\Z"
)
_EXPORT = compiled(
    r"(?:\A|[\s\"'])(?P<v>[A-Za-z0-9_][A-Za-z0-9_.-]{1,253}):/[^\s]{0,200} (?:on )?/[^\s]{0,200} ?(?:type)?\Z"
)
_FIRST_WORD = compiled(r"[ >]?(?P<v>[A-Za-z0-9_][A-Za-z0-9_.-]{1,126})(?=[ \t])")
_SESSION = compiled(r"[ >](?P<v>[A-Za-z0-9_][A-Za-z0-9_.-]{1,126})(?: {1,40}[^\s]{1,40})? {1,40}\d{1,5} {1,20}[^\s]")
_SSH_HOSTS = compiled(
    r"(?P<names>[A-Za-z0-9_][A-Za-z0-9_. -]{1,253})[ \t]*\r?\n"
    r"(?=[ \t]+(?i:HostName|User|Port|ProxyJump|ProxyCommand|IdentityFile)[ =])"
)
_SSH_USER = compiled(r"[ \t]+(?i:user)[ \t=]+(?P<v>[A-Za-z_][A-Za-z0-9_.@-]{0,63})[ \t]*\r?\n")
_KEY_LINE = compiled(r"(?P<indent>[ ]+)(?P<v>[A-Za-z0-9][A-Za-z0-9_.-]{0,100}):[ ]*\r?\n")
_INDENT = re.compile(rb"[ ]*")
_WORD = re.compile(rb"[A-Za-z0-9_.-]+")
_HOLDERS = re.compile(rb"[A-Za-z]{3,40}(?:Right|Privilege)[ \t]?=[ \t]?(?P<list>[^\r\n]{2,2000})")
_HOLDER = compiled(r"(?:\A|,)(?P<v>[A-Za-z][A-Za-z0-9._-]{2,63}\$?)(?=,|\Z)")
_ONE_SPN = compiled(rf"{HOST}[ \t]*\r?\n")
_GROUP_ENTRY = compiled(r"\d{1,10}\((?P<v>[A-Za-z0-9_][A-Za-z0-9_.-]{1,63})\)")
_GROUPS = re.compile(rb"(?:\d{1,10}\([^)\n]{1,80}\),?){1,60}")
_FIREWALL = compiled(r"\n(?:<\d{1,3}>)?(?:[^\n ]{1,40} ){1,5}?(?P<v>[A-Za-z0-9][A-Za-z0-9_.-]{1,100}) (?:: )?\Z")
_TRAFFIC = compiled(
    r"\n(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d "
    r"(?P<v>[A-Za-z0-9][A-Za-z0-9_.-]{1,100}) \d,[^\n]{5,80}\Z"
)
_SWITCH = compiled(r"\n(?P<v>[A-Za-z][A-Za-z0-9_.-]{2,62})\Z")
_STRING = re.compile(
    rb"[ \t]{0,4}\\{0,3}[\"'](?P<v>[A-Za-z0-9_][A-Za-z0-9_.-]{1,126})\\{0,3}[\"'][ \t]{0,4}(?P<more>,)?"
)
_TERRAFORM = re.compile(
    rb"(?P<type>[a-z0-9_]{3,60})\"[ \t]\"[^\"\n]{1,80}\"[ \t]*\{[^{}]{0,600}?\bname[ \t]*=[ \t]*"
    rb"\"(?P<v>[A-Za-z0-9_][A-Za-z0-9_.-]{1,90})\""
)
_UNREACHED = compiled(
    r"(?:\A|[\s\"'(])(?!(?i:ipv|x86|tcp|tls|udp))(?P<v>(?=[A-Za-z._-]{1,60}\d)[A-Za-z][A-Za-z0-9_.-]{2,253})\Z"
)
_ACCOUNT = compiled(
    r"(?:https?:\\?/\\?/|%2[Ff])(?!oaas|umsa|zrdf|ardf|rdfe|azgn|azure|msft|microsoft|scadvisor)(?P<v>[a-z0-9]{3,24})\Z"
)
# What the agent and the extensions load by themselves are archives and manifests.
_OWN_FILE = re.compile(
    rb"[a-z.]{5,40}/[^\s\"'<>?]{1,300}\.(?:ps1|psm1|sh|bash|cmd|bat|py|sql|bak|csv|xlsx|vhdx?)(?![A-Za-z0-9])"
)
_RULE_ID = re.compile(rb"[dD][cC][rR]-[0-9a-f]{32}(?![0-9A-Za-z])")
_ITEMS = compiled(r"[ \t]*\r?\n(?P<list>(?:[ \t]*[-*+] [^\n]{2,200}\n){1,200})")
_ITEM = compiled(r"[ \t]*[-*+] [\"'`*]{0,2}(?P<v>[A-Za-z0-9][A-Za-z0-9_.-]{2,126})(?=[\s,;(\"'`*])[^\n]*\n")
_MEMBERS = compiled(r"[ \t]*\r?\n[ \t]*\r?\n-{20,}[ \t]*\r?\n(?P<list>(?:[^\r\n]{1,100}\r?\n){1,200})")
_MEMBER = compiled(r"(?:\A|\n)(?P<v>[A-Za-z0-9_][A-Za-z0-9_.-]{1,62})[ \t]*\r?(?=\n)")


def _search(pattern: re.Pattern[bytes], text: bytes, at: int, size: int) -> tuple[re.Match[bytes] | None, int]:
    begin = max(0, at - size)
    return pattern.search(text[begin:at]), begin


def _trust(text: bytes, at: int, end: int) -> Sequence[Told]:
    """`0: CORP corp.example (NT 5)`, as nltest lists trusts."""
    match, begin = _search(_TRUST, text, at, 360)
    if match is None:
        return ()
    found = [Told(IdKind.DOMAIN, match["nb"], begin + match.start("nb"))]
    return [*found, Told(IdKind.DOMAIN, match["dns"], begin + match.start("dns"))] if match["dns"] else found


def _replica(text: bytes, at: int, end: int) -> Sequence[Told]:
    """`Site\\DC` of repadmin."""
    match, begin = _search(_SITE, text, at, 160)
    if match is None:
        return ()
    site = Told(IdKind.NAME, match["site"], begin + match.start("site"), Reach.HERE)
    return site, Told(IdKind.HOST, match["v"], begin + match.start("v"))


def _sam_logon(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The workstation, and the server between, of a line of netlogon.log."""
    match, begin = _search(_SAM_LOGON, text, at, 560)
    return [
        Told(IdKind.HOST, match[group], begin + match.start(group)) for group in ("v", "via") if match and match[group]
    ]


def _connection(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The names in a line of netstat: each stands before its port, which may be a name as well."""
    match = _CONNECTION.match(text, end)
    found = []
    for group in ("here", "there") if match else ():
        if match and (name := _NAMED_PORT.match(match[group])):
            found.append(Told(IdKind.HOST, name["v"], match.start(group), Reach.UNCOMMON))
    return found


def _rows(text: bytes, place: int) -> Iterator[tuple[bytes, int]]:
    for _ in range(_MOST_ROWS):
        row = _LINE.match(text, place)
        if row is None or not row[0].strip():
            return
        yield row[0], place
        place = row.end()


def _nodes(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The nodes of a cluster, by the columns that `kubectl get nodes` prints."""
    header = _LINE.match(text, end)
    if header is None or not re.match(rb" *STATUS +ROLES +AGE +VERSION", header[0]):
        return ()
    rows = [(_FIRST_WORD.match(row), place) for row, place in _rows(text, header.end())]
    return [Told(IdKind.HOST, row["v"], place + row.start("v"), Reach.UNCOMMON) for row, place in rows if row]


def _sessions(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The users below the header of `query user`."""
    header = _LINE.match(text, at)
    found: list[Told] = []
    for row, place in _rows(text, header.end() if header else len(text)):
        match = _SESSION.match(row)
        if match is None:
            break
        found.append(Told(IdKind.USER, match["v"], place + match.start("v")))
    return found


def _ssh_hosts(text: bytes, at: int, end: int) -> Sequence[Told]:
    """What `Host` of an ssh configuration is followed by, and the users in its block."""
    match = _SSH_HOSTS.match(text, end)
    if match is None:
        return ()
    found = [Told(IdKind.HOST, name[0], end + name.start(), Reach.UNCOMMON) for name in _WORD.finditer(match["names"])]
    for row, place in _rows(text, match.end()):
        if row[:1] not in b" \t":
            break
        if user := _SSH_USER.match(row):
            found.append(Told(IdKind.USER, user["v"], place + user.start("v")))
    return found


def _inventory(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The keys right below `hosts:` of an inventory in YAML."""
    first = _KEY_LINE.match(text, end)
    lead = text[text.rfind(b"\n", 0, at) + 1 : at]
    if first is None or lead.strip() or len(first["indent"]) <= len(lead):
        return ()
    reach = Reach.UNCOMMON if b"ansible_" in text[max(0, at - 2000) : end + 2000] else Reach.IF_TELLING
    found: list[Told] = []
    for row, place in _rows(text, end):
        indent = _INDENT.match(row)
        if indent is None or indent.end() < len(first["indent"]):
            break
        key = _KEY_LINE.match(row)
        if key and key["indent"] == first["indent"]:
            found.append(Told(IdKind.HOST, key["v"], place + key.start("v"), reach))
    return found


def _holders(text: bytes, at: int, end: int) -> Sequence[Told]:
    """Who has a right, in what secedit exports."""
    match = _HOLDERS.match(text, end)
    begin = match.start("list") if match else 0
    names = _HOLDER.finditer(match["list"]) if match else ()
    return [Told(IdKind.USER, name["v"], begin + name.start("v"), Reach.UNCOMMON) for name in names]


def _one_spn(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The host of a service name that stands alone in its line, as setspn lists them."""
    lead = text[text.rfind(b"\n", 0, at) + 1 : at]
    match = _ONE_SPN.match(text, end) if lead and not lead.strip() else None
    return (Told(IdKind.HOST, match["v"], match.start("v"), Reach.UNCOMMON),) if match else ()


def _groups(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The groups that `id` lists."""
    match = _GROUPS.match(text, end)
    entries = _GROUP_ENTRY.finditer(match[0]) if match else ()
    return [Told(IdKind.USER, entry["v"], end + entry.start("v"), Reach.IF_TELLING) for entry in entries]


def _strings(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The strings that a query compares the name of a machine with."""
    reach = Reach.IF_TELLING if text[at : at + 4].lower() == b"name" else Reach.UNCOMMON
    found: list[Told] = []
    place = end
    while len(found) < 50 and (match := _STRING.match(text, place)):
        found.append(Told(IdKind.HOST, match["v"], match.start("v"), reach))
        place = match.end()
        if not match["more"]:
            break
    return found


def _terraform(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The name in a block of Terraform."""
    match = _TERRAFORM.match(text, end)
    if match is None:
        return ()
    kind = IdKind.RESOURCE_GROUP if match["type"] == b"resource_group" else IdKind.RESOURCE
    if match["type"].endswith(b"machine"):
        kind = IdKind.HOST
    return (Told(kind, match["v"], match.start("v")),)


def _storage(text: bytes, at: int, end: int) -> Sequence[Told]:
    """A storage account in the address of a program or of data that somebody put there himself."""
    match, begin = _search(_ACCOUNT, text, at, 40)
    if match is None or not _OWN_FILE.match(text, end):
        return ()
    return (Told(IdKind.RESOURCE, match["v"], begin + match.start("v")),)


def _rule_id(text: bytes, at: int, end: int) -> Sequence[Told]:
    """`dcr-` and 32 digits, the id of a rule that collects data."""
    match = None if text[at - 1] in WORD_BYTES else _RULE_ID.match(text, at)
    return (Told(IdKind.RESOURCE, match[0], at),) if match else ()


def _many(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The items of a list below `Servers:`, one in each line."""
    match = _ITEMS.match(text, end)
    items = _ITEM.finditer(match["list"]) if match else ()
    begin = match.start("list") if match else 0
    return [Told(IdKind.HOST, item["v"], begin + item.start("v"), Reach.IF_TELLING) for item in items]


def _members(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The members that `net localgroup` lists."""
    match = _MEMBERS.match(text, end)
    names = _MEMBER.finditer(match["list"]) if match else ()
    begin = match.start("list") if match else 0
    return [Told(IdKind.USER, name["v"], begin + name.start("v"), Reach.IF_TELLING) for name in names]


_BLANK = frozenset(b" \t\r\n")
_SPN = ("http/", "https/", "host/", "cifs/", "termsrv/", "wsman/", "mssqlsvc/", "restrictedkrbhost/", "dns/", "gc/")
_COMPARED = ("==", "=~", "has", "contains", "startswith", "in (", "in~ (")
TOOL_LOOKS: tuple[Context, ...] = (
    Context((" (nt 5)", " (nt 6)"), _trust),
    Context((" via rpc", "dsa options: "), _replica),
    Context((" returns 0x",), _sam_logon),
    Context(("\n  tcp ", "\n  udp ", "\ntcp ", "\n  tcp\t", "\ntcp6 "), _connection),
    before(IdKind.HOST, (" nfs ", " nfs4 ", " type nfs "), _EXPORT, 500, reach=Reach.UNCOMMON),
    Context(("\nname ",), _nodes),
    Context(("  sessionname  ", "  sitzungsname  "), _sessions),
    Context(("\nhost ",), _ssh_hosts),
    Context(("hosts:\n", "hosts:\r\n"), _inventory),
    Context(("\nse",), _holders),
    Context(_SPN, _one_spn),
    Context(("groups=",), _groups),
    before(IdKind.HOST, ("%asa-", "%ftd-", "%asa-"), _FIREWALL, 160),
    before(IdKind.HOST, (",traffic,", ",threat,"), _TRAFFIC, 260),
    before(IdKind.HOST, ("#show ", "# show ", ">show ", "> show ", "#ping ", "# conf t"), _SWITCH, 64),
    before(IdKind.HOST, (" unreachable", " is not reachable"), _UNREACHED, 260, reach=Reach.IF_TELLING),
    Context(
        tuple(f"{column} {sign} " for column in ("computer", "hostname", "devicename") for sign in _COMPARED)
        + tuple(f"{column} {sign}" for column in ("computer", "name") for sign in ("in (", "in~ (", "in(", "in~(")),
        _strings,
    ),
    Context(('"azurerm_',), _terraform),
    Context((".blob.core.", ".file.core.", ".dfs.core."), _storage),
    Context(("\nmembers",), _members),
    Context(("dcr-",), _rule_id),
    Context(("servers:", "machines:", "computers:", "hosts:", "nodes:", "vms:"), _many, signs=_BLANK),
)
