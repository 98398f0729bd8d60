"""Names in what people write, in the languages of those who ask most, and beside the words of a few programs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from arcdiag.redact.identifiers.context import (
    FULL_NAME,
    HOST,
    QUOTE,
    WORD,
    WORD_BYTES,
    Context,
    Reach,
    Told,
    before,
    behind,
    compiled,
)
from arcdiag.redact.identifiers.tokens import IdKind

# A word with a digit is a name behind `server`, unless it is a protocol, a system, a device or a code.
_NUMBERED = re.compile(
    rb"(?!(?i:https?|tls|ssl|ipv|sha|md|utf|x|v|i|win|windows|server|socks|port|os|rhel|ubuntu|sles|centos|debian|tcp|udp"
    rb"|amd|arm|aarch|eth|ens|eno|enp|em|bond|docker|veth|br|lo|wlan|tun|tap|azcm|aadsts|kb|hcrp|err|error|event|exit|code"
    rb"|http|level|tier|gen|step|phase|attempt|number|python|php|java|net|ps|log|id|ip|sp|rev|ntp|dns|smb|nfs|krb)[0-9_.-])"
    rb"(?P<v>(?=[A-Za-z-]{1,60}[0-9])[A-Za-z][A-Za-z0-9-]{3,62})(?![A-Za-z0-9_=/\\@(]|\.[A-Za-z0-9]|:[^\s])"
)
_CAPITAL = re.compile(
    rb"(?: |\xeb\xaa\x85\xec\x9d\x80 ?|\xe5\x90\x8d\xe3\x81\xaf|\xe5\x90\x8d\xe7\xa7\xb0?\xe4\xb8\xba ?)?"
    rb"(?P<v>[A-Z][A-Z0-9-]{4,62}|(?=[A-Za-z-]{1,60}[0-9])[A-Za-z][A-Za-z0-9-]{3,62})(?![A-Za-z0-9_./=:-])"
)
_ALL_CAPITALS = re.compile(
    rb"(?P<v>(?!(?:HTTPS?|LDAPS?|KERBEROS|FQDN|AZURE|WINDOWS|LINUX|TCP|UDP|NTLM|ERROR|SYSTEM|NULL|TRUE|FALSE|WHERE|SELECT)\b)"
    rb"[A-Z][A-Z-]{4,14})(?=[ ](?:[a-z(]|\r?\n)|[,;:] |\.(?:\s|\Z)|[)\"'])"
)
_GROUP_NAME = re.compile(rb"rg-[A-Za-z0-9][A-Za-z0-9_-]{2,80}(?![A-Za-z0-9.]*\.[a-z])", re.I)
_GROUP_END = compiled(r"(?P<v>[A-Za-z0-9][A-Za-z0-9_-]{2,80})").match
_ADDRESS_NAME = re.compile(rb"ip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}(?![A-Za-z0-9-])")
_LAST_WORD = re.compile(rb"(?:\A|[\s:])(?P<v>[A-Za-z_][A-Za-z0-9_.-]{1,31})\Z")
_LABEL_BACK = re.compile(rb"[A-Za-z0-9-]{1,63}")
_LOCAL_BACK = re.compile(rb"[A-Za-z0-9._+-]{2,64}")
_PROMPT_HOST = re.compile(rb"\n\[?(?P<v>[A-Za-z0-9][A-Za-z0-9.-]{1,60})\Z")
_NETBIOS_NAME = r"(?P<v>[A-Z][A-Z0-9-]{2,14})(?![A-Za-z0-9_])"
_FIELD = re.compile(rb" {2,60}(?:\\\\)?(?P<v>[^\s=][^\r\n]{0,80}?) *\r?\n(?!=)")
_FIELDS = {
    b"user name": IdKind.USER,
    b"full name": IdKind.NAME,
    b"computer name": IdKind.HOST,
    b"workstation domain": IdKind.DOMAIN,
    b"logon domain": IdKind.DOMAIN,
}


def _numbered(text: bytes, at: int, end: int) -> Sequence[Told]:
    """`server MUCSQL07`, `Rechner web-3`."""
    match = None if text[at - 1] in WORD_BYTES else _NUMBERED.match(text, end)
    return (Told(IdKind.HOST, match["v"], match.start("v"), Reach.HERE),) if match else ()


def _capital(text: bytes, at: int, end: int) -> Sequence[Told]:
    """A Latin word behind the word for a server in Korean, Japanese or Chinese."""
    match = _CAPITAL.match(text, end)
    return (Told(IdKind.HOST, match["v"], match.start("v"), Reach.HERE),) if match else ()


def _group(text: bytes, at: int, end: int) -> Sequence[Told]:
    """`rg-arc-prod`: by their first letters people name resource groups."""
    match = None if text[at - 1] in WORD_BYTES or text[at - 1] in b"-." else _GROUP_NAME.match(text, at)
    return (Told(IdKind.RESOURCE_GROUP, match[0], at),) if match else ()


def _in_capitals(text: bytes, at: int, end: int) -> Sequence[Told]:
    """`the server WESERSQL is offline`: a word in capitals that no message is made of."""
    match = None if text[at - 1] in WORD_BYTES else _ALL_CAPITALS.match(text, end)
    return (Told(IdKind.HOST, match["v"], match.start("v"), Reach.UNCOMMON),) if match else ()


def _address_name(text: bytes, at: int, end: int) -> Sequence[Told]:
    """A host that is called by its address, `ip-10-1-2-3`."""
    match = None if text[at - 1] in WORD_BYTES else _ADDRESS_NAME.match(text, at)
    return (Told(IdKind.HOST, match[0], at),) if match else ()


def _own_endpoint(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The first label of a service that bears the name which its owner gave it."""
    back = _LABEL_BACK.match(text[max(0, at - 63) : at][::-1])
    if back is None or text[end] in WORD_BYTES:
        return ()
    return (Told(IdKind.RESOURCE, text[at - back.end() : at], at - back.end()),)


def _written_at(text: bytes, at: int, end: int) -> Sequence[Told]:
    """`jane.doe(at)corp.example`."""
    back = _LOCAL_BACK.match(text[max(0, at - 64) : at][::-1])
    return (Told(IdKind.USER, text[at - back.end() : at], at - back.end()),) if back else ()


def _field(text: bytes, at: int, end: int) -> Sequence[Told]:
    """A field of `net user` and `net config`, with nothing but blanks before its value."""
    match = _FIELD.match(text, end) if text[at - 1] in b"\n " else None
    return (Told(_FIELDS[text[at:end].lower()], match["v"], match.start("v")),) if match else ()


_NAMED = tuple(
    f"{what} {verb} "
    for what in ("machine", "server", "host", "computer", "node", "rechner", "proxy", "vm")
    for verb in ("is called", "called", "is named", "named", "heißt", "namens")
)
_NESTED = r"\s{0,4}:\s{0,4}\{[^{}]{0,300}?\"%s\"\s{0,3}:\s{0,3}\""
PROSE_LOOKS: tuple[Context, ...] = (
    Context(
        (
            "subject: ",
            "betreff: ",
            "objet: ",
            "objet : ",
            "asunto: ",
            "件名: ",
            "제목: ",
            "主题: ",
            "servidor ",
            "equipo ",
            "serwer ",
            "сервер ",
            "Сервер ",
            "sunucu ",
            "server ",
            "machine ",
            "computer ",
            "host ",
            "node ",
            "proxy ",
            "firewall ",
            "rechner ",
            "maschine ",
            "vm ",
            "gateway ",
            "serveur ",
            "controller ",
            "controllers ",
            "forwarder ",
            "bastion ",
            "rdp to ",
            "logged on to ",
            "log on to ",
            "logged into ",
            "retrieved from ",
            "received from ",
        ),
        _numbered,
    ),
    Context(
        (
            "서버",
            "호스트",
            "컴퓨터",
            "프록시",
            "サーバー",
            "サーバ",
            "ホスト",
            "マシン",
            "プロキシ",
            "服务器",
            "主机",
            "计算机",
        ),
        _capital,
    ),
    behind(IdKind.HOST, _NAMED, rf"{QUOTE}?{HOST}", free=True),
    behind(
        IdKind.HOST,
        ("hostname is ", "host name is ", "computername ist ", "hostname ist "),
        rf"(?:{QUOTE}|(?=[^\s]{{0,60}}[0-9A-Z])){HOST}",
        free=True,
    ),
    behind(IdKind.HOST, ("device name ", "computer name ", "machine name "), HOST, reach=Reach.IF_TELLING, free=True),
    behind(
        IdKind.HOST,
        (
            "ホスト名は",
            "サーバー名は",
            "호스트명은 ",
            "호스트 이름은 ",
            "서버 이름은 ",
            "主机名为",
            "主机名是",
            "服务器名称为 ",
        ),
        rf" ?{HOST}",
    ),
    behind(
        IdKind.USER,
        ("ユーザーは", "ユーザー名は", "사용자는 ", "사용자명은 ", "用户为", "用户是", "用户 ", "benutzername ist "),
        rf" ?{WORD}",
    ),
    behind(
        IdKind.DOMAIN,
        ("domain is ", "domäne ist ", "domain named "),
        r"(?P<v>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})",
        free=True,
    ),
    behind(
        IdKind.DOMAIN,
        ("in domain ", "of domain ", "for domain ", "netbios ", "netbios name ", "in der domäne "),
        _NETBIOS_NAME,
        free=True,
    ),
    behind(IdKind.HOST, ("machine: ",), r"(?P<v>[A-Z][A-Z0-9-]{3,14})(?=[ \t]{0,8}\r?\n)", free=True),
    behind(IdKind.HOST, ("azcmagent-logs-",), r"[0-9TZ]{6,20}(?:-[0-9]{4,6})?-(?P<v>[A-Za-z0-9_-]{1,63})(?=\.zip)"),
    behind(IdKind.HOST, ("$ hostname", "# hostname", "> hostname", ">hostname"), rf"\r?\n{HOST}(?=\r?\n)"),
    behind(
        IdKind.HOST,
        ("shexpmatch(host, ", "localhostordomainis(host, ", "dnsdomainis(host, "),
        rf"{QUOTE}[.*]{{0,2}}{HOST}",
        free=True,
    ),
    behind(IdKind.HOST, ("resolving ", "connecting to "), rf"{HOST}(?= \((?P=v)\))", free=True),
    behind(IdKind.HOST, ('"host"', '"agent"', '"machine"'), _NESTED % "(?:name|hostname)" + HOST),
    behind(IdKind.USER, ('"user"',), _NESTED % "name" + WORD + '(?=")'),
    behind(IdKind.DOMAIN, ('"user"',), _NESTED % "domain" + HOST),
    behind(IdKind.NAME, ('"hometenantid"',), r"[^{}]{0,400}?\"name\"\s{0,3}:\s{0,3}\"" + FULL_NAME),
    behind(IdKind.USER, ("client: ",), rf"{WORD}(?= ?@ )", free=True),
    behind(
        IdKind.USER,
        ("users:",),
        r"\s{0,4}\n(?:\s{1,8}- (?:default|\S{1,60}: [^\n]{0,120})\s{0,4}\n){0,2}\s{1,8}- name: " + WORD,
    ),
    Context(("server ", "machine ", "computer ", "rechner ", "serveur ", "equipo ", "ordinateur "), _in_capitals),
    Context(("ip-",), _address_name),
    Context(("rg-",), _group, _GROUP_END),
    before(IdKind.USER, (" is not in the sudoers file", " is not allowed to run sudo"), _LAST_WORD, 64),
    Context((".vault.azure.net", ".azurecr.io", ".database.windows.net"), _own_endpoint),
    Context(("(at)", "[at]"), _written_at),
    # The host of a prompt that names no user.
    before(IdKind.HOST, (":~ #", ":~#", ":~$", ":/ #", "]: ps "), _PROMPT_HOST, 64),
    Context(tuple(field.decode() for field in _FIELDS), _field),
)
