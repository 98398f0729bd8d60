"""Where tools of Windows, Linux and Azure say names in lines of their own: netdom, MSI, auditd, sqlcmd, Terraform."""

from __future__ import annotations

from arcdiag.redact.identifiers.context import (
    GROUP,
    HOST,
    QUOTE,
    QUOTE_STARTS,
    SLASH,
    WORD,
    Context,
    Reach,
    before,
    behind,
    compiled,
    keyed,
)
from arcdiag.redact.identifiers.tokens import IdKind

_END = r"(?=[\s\"'`,;:)\]<&|/\\]|\.\s)"
_QUOTED = rf"{QUOTE}{HOST}(?={QUOTE})"
_CAPITALS = r"(?P<v>(?!NT )[A-Z][A-Z0-9-]{2,14})(?=[\s,;)\"'<]|\\{1,15}[rn\"])"
_LOGIN_AT = r"(?P<v>[A-Za-z_][A-Za-z0-9_.-]{0,31})(?=@[A-Za-z0-9])"
_AT_HOST = r"(?:[A-Za-z_][A-Za-z0-9_.-]{0,31}@)?" + HOST
_KEY_COMMENT = r"[A-Za-z0-9+/=]{10,2000} "
_HEX = frozenset(b"0123456789abcdefABCDEF")
_OBJECTS = (
    "private link scope ",
    "private endpoint ",
    "key vault ",
    "workspace ",
    "storage account ",
    "custom location ",
    "resource bridge ",
    "data collection rule ",
    "data collection endpoint ",
    "virtual network ",
    "automation account ",
)
_TYPES = (
    "sqlserverinstances",
    "privatelinkscopes",
    "privateendpoints",
    "storageaccounts",
    "datacollectionrules",
    "datacollectionendpoints",
    "customlocations",
    "virtualnetworks",
    "privatednszones",
    "managedclusters",
    "vaults",
)
_NO_ACTION = r"(?!(?:read|write|delete|action|join|move|providers|operations|list[A-Za-z]*)(?![A-Za-z0-9_-]))"
_OBJECT = r"(?P<v>[A-Za-z0-9_][A-Za-z0-9_.-]{0,126})"
_VERBS = r"(?:join|query|verify|reset|resetpwd|add|remove|move|computername|renamecomputer)"

TOOL_CONTEXTS: tuple[Context, ...] = (
    keyed(IdKind.HOST, "configuration_item affected_ci ci_name", HOST, reach=Reach.UNCOMMON),
    keyed(IdKind.RESOURCE, "target_group", WORD, reach=Reach.IF_TELLING),
    behind(IdKind.HOST, ("member /common/", "node /common/"), HOST + r"(?=:\d|\s)"),
    behind(IdKind.HOST, ("ip host ",), HOST + r"(?= \d)", free=True),
    behind(IdKind.HOST, ("changed: [", "ok: [", "failed: ["), HOST + r"(?= -> )", free=True),
    behind(IdKind.HOST, ("changed: [", "ok: [", "failed: ["), r"[A-Za-z0-9_.-]{1,100} -> " + HOST, free=True),
    behind(
        IdKind.HOST,
        ("haproxy[",),
        rf"\d{{1,9}}\]: \S{{3,60}} \[[^\]\n]{{10,40}}\] \S{{1,80}} [^\s/]{{1,80}}/{HOST}(?= )",
        reach=Reach.UNCOMMON,
    ),
    behind(
        IdKind.RESOURCE_GROUP,
        ("resource group is called ", "resource group called ", "resource group named ", "resource group is named "),
        rf"{QUOTE}?{WORD}",
        reach=Reach.IF_TELLING,
        free=True,
    ),
    behind(
        IdKind.NAME,
        ("subscription is ", "subscription name is ", "subscription named ", "subscription called "),
        rf"{QUOTE}(?P<v>[^\"'`\\\n]{{3,64}})(?={QUOTE})",
        free=True,
    ),
    behind(
        IdKind.HOST,
        ("server=",),
        rf"{HOST}(?=(?:\\[A-Za-z0-9_$]{{1,40}})?(?:,\d{{1,5}})?;(?i:database|initial|integrated|trusted|user|uid))",
        reach=Reach.UNCOMMON,
        free=True,
    ),
    behind(IdKind.RESOURCE, ("referenceid: 0x",), r"(?P<v>[0-9A-F]{8})(?= \(source IP)", reach=Reach.HERE),
    behind(IdKind.DOMAIN, ("sompath>",), r"(?P<v>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})"),
    behind(
        IdKind.NAME,
        ('"policyassignment"',),
        r"\s{0,4}:\s{0,4}\{\s{0,40}\"name\"\s{0,3}:\s{0,3}\"(?P<v>[^\"\n]{3,100})(?=\")",
        reach=Reach.HERE,
    ),
    behind(
        IdKind.HOST,
        ('"devicedetail"',),
        rf"\s{{0,4}}:\s{{0,4}}\{{[^{{}}]{{0,300}}?\"displayName\"\s{{0,3}}:\s{{0,3}}\"{HOST}",
    ),
    keyed(IdKind.DOMAIN, "domain domain_name", _CAPITALS, reach=Reach.UNCOMMON),
    behind(
        IdKind.DOMAIN,
        ("\n域:", "\n域：", "\n域 :"),
        r"[ \t]{0,60}(?P<v>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})",
    ),
    behind(IdKind.DOMAIN, ("$@",), r"(?P<v>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})" + _END),
    behind(
        IdKind.DOMAIN,
        ("/userd:", "/usero:", "/ud:", "/ru:", "/ru ", "/user:", "/u:"),
        rf"{QUOTE}?(?P<v>[A-Za-z0-9.-]{{2,64}})(?=\\)",
    ),
    behind(
        IdKind.USER,
        ("/userd:", "/usero:", "/ud:", "/ru:", "/ru "),
        rf"{QUOTE}?(?:[A-Za-z0-9.-]{{2,64}}\\{{1,8}})?{WORD}{_END}",
    ),
    behind(
        IdKind.DOMAIN, ("authenticated as ", "principal "), r"(?P<v>[A-Z][A-Z0-9-]{2,14})(?=[/+][A-Za-z])", free=True
    ),
    behind(IdKind.USER, ("authenticated as ", "principal "), rf"[A-Z][A-Z0-9-]{{2,14}}[/+]{WORD}{_END}", free=True),
    behind(IdKind.HOST, ("netdom ",), rf"{_VERBS} (?:\\\\)?{HOST}(?= /)", free=True),
    behind(
        IdKind.HOST,
        ("computer name ", "machine name ", "host name ", "hostname ", "node name "),
        _QUOTED,
        reach=Reach.UNCOMMON,
        free=True,
        signs=QUOTE_STARTS,
    ),
    behind(IdKind.HOST, ("computername property. its value is ",), _QUOTED),
    behind(
        IdKind.USER,
        ("username property. its value is ", "logonuser property. its value is "),
        rf"{QUOTE}{WORD}(?={QUOTE})",
    ),
    behind(IdKind.HOST, ("network name <",), HOST + "(?=>)"),
    behind(IdKind.HOST, ("data source=", "server=tcp:", "server=np:"), HOST + _END, reach=Reach.UNCOMMON, free=True),
    behind(
        IdKind.RESOURCE,
        ("initial catalog=",),
        r"(?!(?:master|model|msdb|tempdb)\b)(?P<v>[A-Za-z0-9_][A-Za-z0-9_.-]{1,126})" + _END,
        free=True,
    ),
    behind(
        IdKind.RESOURCE, (";database=",), r"(?P<v>[A-Za-z0-9_][A-Za-z0-9_.-]{1,126})(?=[;\"'])", reach=Reach.UNCOMMON
    ),
    behind(IdKind.USER, ("user id=",), WORD + _END, free=True),
    behind(IdKind.USER, (" -j ", "proxyjump "), rf"{QUOTE}?{_LOGIN_AT}"),
    behind(IdKind.HOST, (" -j ",), r"[A-Za-z_][A-Za-z0-9_.-]{0,31}@" + HOST),
    behind(
        IdKind.HOST,
        ("proxyjump ", "visible_hostname ", "unique_hostname "),
        _AT_HOST + _END,
        reach=Reach.UNCOMMON,
        free=True,
    ),
    before(IdKind.HOST, ("'s password:",), compiled(rf"(?:\A|[\s@]){HOST}\Z"), 120, reach=Reach.IF_TELLING),
    behind(
        IdKind.USER,
        ("ssh-rsa ", "ssh-ed25519 ", "ssh-dss ", "nistp256 ", "nistp384 ", "nistp521 "),
        _KEY_COMMENT + _LOGIN_AT,
    ),
    behind(
        IdKind.HOST,
        ("ssh-rsa ", "ssh-ed25519 ", "nistp256 "),
        rf"{_KEY_COMMENT}[A-Za-z0-9_.-]{{1,32}}@{HOST}" + r"(?=\s)",
    ),
    behind(IdKind.USER, ('auid="',), WORD + '(?=")'),
    behind(
        IdKind.HOST, ("dhcpack(", "dhcprequest(", "dhcpoffer("), rf"[^)\n]{{1,20}}\) \S{{7,45}} [0-9a-f:]{{17}} {HOST}"
    ),
    behind(
        IdKind.HOST,
        ("dhcpack on ", "dhcprequest for ", "dhcpoffer on "),
        rf"\S{{7,45}}(?: \([^)\n]{{1,45}}\))? (?:to|from) [0-9a-f:]{{17}} \({HOST}(?=\))",
    ),
    behind(
        IdKind.MAC,
        (",assign,", ",renew,", ",release,"),
        r"[0-9.]{7,15},[A-Za-z0-9_.-]{0,253},(?P<v>[0-9A-Fa-f]{12})(?=,)",
    ),
    behind(IdKind.HOST, (",assign,", ",renew,", ",release,"), rf"[0-9.]{{7,15}},{HOST}(?=,[0-9A-Fa-f]{{12}},)"),
    behind(IdKind.RESOURCE, _OBJECTS, rf"{QUOTE}{GROUP}(?={QUOTE})", free=True, signs=QUOTE_STARTS),
    behind(
        IdKind.RESOURCE, _OBJECTS, rf"(?P<v>[A-Za-z0-9][A-Za-z0-9_-]{{2,80}}){_END}", reach=Reach.IF_TELLING, free=True
    ),
    behind(IdKind.RESOURCE, tuple(f"/{type_}" for type_ in _TYPES), SLASH + _NO_ACTION + _OBJECT, reach=Reach.HERE),
    behind(
        IdKind.RESOURCE,
        ("resource name ",),
        rf"{QUOTE}(?P<v>[^\"'`\\\n]{{3,90}})(?={QUOTE} (?:or|is|already|must))",
        free=True,
    ),
    keyed(
        IdKind.RESOURCE,
        "workspace_name vault_name key_vault_name storage_account_name private_link_scope_name cluster_resource_name",
        GROUP,
    ),
    behind(
        IdKind.RESOURCE, ("accountname=",), r"(?P<v>[a-z0-9]{3,24})(?=;AccountKey|;EndpointSuffix|;Endpoint)", free=True
    ),
    behind(IdKind.RESOURCE, ("sb://",), r"(?!azgn)(?P<v>[A-Za-z0-9-]{3,60})(?=\.servicebus\.)"),
    behind(IdKind.RESOURCE, ("/vmfs/volumes/",), GROUP),
    behind(IdKind.HOST, ("/vmfs/volumes/",), rf"[^/\s]{{1,90}}/{HOST}(?=/)", reach=Reach.IF_TELLING),
    behind(IdKind.HOST, ("displayname = ",), _QUOTED, reach=Reach.IF_TELLING),
    behind(IdKind.HOST, ("\norigin: ",), HOST + r"(?=[ \t]*\r?\n)", reach=Reach.IF_TELLING),
    behind(
        IdKind.GUID,
        ("vmware-", 'uuid.bios = "', 'uuid.location = "'),
        r"(?P<v>(?:[0-9a-f]{2} ){7}[0-9a-f]{2}-(?:[0-9a-f]{2} ){7}[0-9a-f]{2})",
    ),
    behind(IdKind.MAC, ("...",), r"(?P<v>[0-9A-Fa-f]{2}(?: [0-9A-Fa-f]{2}){5})(?= \.{2,})", signs=_HEX),
    behind(IdKind.MAC, (") at ",), r"(?P<v>[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5})(?= )", signs=_HEX),
    keyed(
        IdKind.RESOURCE,
        "serial_number devid asset_tag",
        r"(?P<v>(?=[A-Z0-9-]{0,30}[G-Z])(?=[A-Z-]{0,30}[0-9])[A-Z0-9][A-Z0-9-]{5,31})(?![A-Za-z0-9:])",
    ),
)
