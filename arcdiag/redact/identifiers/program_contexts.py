"""Where programs say host names in their own words: ping, ssh, wget, ansible, Chef, WinRM, auditd, squid."""

from __future__ import annotations

from arcdiag.redact.identifiers.context import GROUP, HOST, QUOTE, QUOTE_STARTS, Context, Reach, behind
from arcdiag.redact.identifiers.tokens import IdKind

_LINE_END = r"(?=[ \t]{0,8}(?:[\r\n]|\\{1,7}[rn]|[\"'`;&|<]))"
_QUOTED = rf"{QUOTE}{HOST}(?={QUOTE})"
_QUOTED_NAME = rf"{QUOTE}(?P<v>[^\"'`\\&%/:\n]{{2,64}})(?={QUOTE})"
_FLAGS = r"(?:-[A-Za-z0-9]{1,3} (?:\d{1,5} |[\w/.]{1,60} )?){0,4}(?:-(?:ComputerName|HostName|Name) )?"
_LOGIN = r"(?:-[A-Za-z0-9]{1,8} (?:[\w/.@:,~=\\-]{1,120} )?){0,5}"

PROGRAM_CONTEXTS: tuple[Context, ...] = (
    behind(IdKind.HOST, ("resolving ", "connecting to "), rf"{HOST}(?= \(|\.\.\.|\|)", reach=Reach.HERE, free=True),
    behind(IdKind.HOST, ("connected to ",), rf"{HOST}(?=\.{_LINE_END})", reach=Reach.HERE, free=True),
    behind(IdKind.HOST, ("name resolution of ",), rf"{HOST}(?= failed)", free=True),
    behind(
        IdKind.HOST,
        ("could not be resolved: ", "could not resolve hostname ", "target host name ", "connecting to remote server "),
        rf"{QUOTE}?{HOST}(?={QUOTE}|: | failed)",
        free=True,
    ),
    behind(
        IdKind.HOST,
        ("nc ", "ncat ", "telnet ", "test-netconnection ", "tnc "),
        _FLAGS + HOST + r"(?= (?:-Port )?\d{2,5}\b)",
        free=True,
    ),
    behind(
        IdKind.HOST,
        ("ping ", "tracert ", "traceroute ", "nslookup ", "dig ", "resolve-dnsname ", "enter-pssession ", "mstsc /v:"),
        _FLAGS + HOST + _LINE_END,
        reach=Reach.IF_TELLING,
        free=True,
    ),
    behind(IdKind.USER, ("ssh ", "sftp ", "scp "), _LOGIN + r"(?P<v>[A-Za-z0-9_.-]{1,32})(?=@)", free=True),
    behind(IdKind.HOST, ("ssh ", "sftp "), _LOGIN + r"[A-Za-z0-9_.-]{1,32}@" + HOST, free=True),
    behind(IdKind.HOST, ("scp ", "rsync "), _LOGIN + r"(?:[A-Za-z0-9_.-]{1,32}@)?" + HOST + r"(?=:[/~.])", free=True),
    behind(
        IdKind.HOST,
        ("ok: [", "changed: [", "fatal: [", "skipping: [", "unreachable: [", "failed: ["),
        HOST + r"(?=\])",
        free=True,
    ),
    behind(
        IdKind.HOST,
        ("client run for ", "infra phase for ", "x-cache: miss from ", "x-cache: hit from ", "restrictedkrbhost/"),
        HOST,
        free=True,
    ),
    behind(
        IdKind.HOST, ("by ",), HOST + r"(?= \((?:squid|Cisco|McAfee|Zscaler|Sophos|Postfix)[^)\n]{0,60}\))", free=True
    ),
    behind(IdKind.HOST, ("via: ",), rf"(?:HTTP/)?[12](?:\.[01])? {HOST}", free=True),
    behind(
        IdKind.HOST,
        ("resource ",),
        rf"{QUOTE}{HOST}(?={QUOTE} (?:already exists|was disallowed|was not found|could not|cannot|is ))",
        free=True,
        signs=QUOTE_STARTS,
    ),
    behind(
        IdKind.HOST,
        ('"name": "', '"name":"'),
        rf'{HOST}(?=",\s{{0,40}}"(?:location|instanceView|osProfile|provisioningState|resourceGroup|storageProfile))',
        reach=Reach.IF_TELLING,
        free=True,
    ),
    behind(IdKind.HOST, ("failed to connect to ", "connect to "), rf"{HOST}(?= port \d)", free=True),
    behind(IdKind.HOST, ("set-hostname ", "-newname "), rf"{QUOTE}?{HOST}(?={QUOTE}?{_LINE_END})", free=True),
    behind(IdKind.DOMAIN, ("/sc_query:", "/sc_verify:", "/dsgetdc:", "/domain:", "/dclist:"), HOST),
    behind(
        IdKind.DOMAIN,
        ("primary domain ", "trusted domain "),
        rf"{HOST}(?= (?:failed|is|could|and))",
        reach=Reach.UNCOMMON,
        free=True,
    ),
    behind(
        IdKind.RESOURCE_GROUP, ("az group ",), rf"[a-z]{{2,12}} (?:[^\n]{{0,200}} )?(?:-n|--name|-g)[ =]{QUOTE}?{GROUP}"
    ),
    behind(
        IdKind.HOST,
        ("az connectedmachine ",),
        rf"(?:show|delete|update|upgrade-extension)[^\n]{{0,200}} --name[ =]{QUOTE}?{HOST}",
    ),
    behind(IdKind.DOMAIN, ("runas ", "net use "), r"[^\n]{0,120}/user:(?P<v>[A-Za-z0-9.-]{1,64})(?=\\)"),
    behind(IdKind.HOST, ("dc: ",), rf"\\{{2,8}}{HOST}", free=True),
    behind(IdKind.HOST, ("node=",), HOST + r"(?= type=[A-Z_]{3,30} )", free=True),
    behind(IdKind.HOST, ("host-name ", "host-name = "), _QUOTED, free=True),
    behind(IdKind.HOST, ("machine: ",), HOST + r"(?= \(Microsoft Windows)", free=True),
    behind(
        IdKind.HOST,
        ("ip ", "ip6 ", "> "),
        HOST + r"(?=\.(?:\d{1,5}|[a-z][a-z0-9-]{1,14})(?: >|: (?:Flags|UDP|\d{1,5}[+*]{0,2} )))",
        free=True,
    ),
    behind(
        IdKind.NAME,
        ("authority certificate ", "in the directory ", "the subscription ", "tenant "),
        _QUOTED_NAME,
        free=True,
    ),
    behind(IdKind.NAME, ("access to ",), rf"{_QUOTED_NAME}['\"] tenant", free=True),
)
"""What stands right behind the words of programs."""
