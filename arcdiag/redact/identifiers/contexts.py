"""Where a name stands that has no shape of its own: in resource ids, under a key, behind a parameter, in a path."""

from __future__ import annotations

import re
from dataclasses import dataclass

from arcdiag.redact.identifiers.tokens import IdKind

_QUOTE = r"(?:\\{0,15}[\"']|&quot;|&#34;|\\{1,15}u0022|%22)"
_SIGN = rf"(?:{_QUOTE})?[ \t.]{{0,60}}(?:[=:]|%3[Dd])[ \t]{{0,3}}(?:{_QUOTE})?"
_WORD = r"(?P<v>[A-Za-z0-9_][A-Za-z0-9_.$-]{0,89})"
_HOST = r"(?P<v>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?)"
_SLASH = r"(?:\\{0,7}/|%2[Ff])"
_GUID = r"(?P<v>[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})"
_OPTION = r"[ =]{1,3}[\"']?"
_TYPES = (
    "privateLinkScopes|gateways|licenses|licenseProfiles|workspaces|storageAccounts|vaults|virtualNetworks|clusters"
    "|managementGroups|policyAssignments|policyDefinitions|policySetDefinitions|userAssignedIdentities|privateEndpoints"
    "|networkSecurityGroups|locks|budgets|applications|disks|networkInterfaces"
)


@dataclass(frozen=True, slots=True)
class Context:
    """`pattern` begins where one of `anchors` (lower case) stands, and has the name as its group `v`.

    A name that is `spread` is replaced wherever else it stands, too; another one only if it has dots or digits.
    """

    kind: IdKind
    anchors: tuple[str, ...]
    pattern: re.Pattern[str]
    spread: bool = True


def _behind(kind: IdKind, anchors: str, lead: str, value: str, spread: bool = True, end: str = "") -> Context:
    """`lead` in any case, then the value."""
    words = tuple(anchor.replace("_", " ") for anchor in anchors.split(" "))
    return Context(kind, words, re.compile(rf"(?i:{lead}){value}{end}"), spread)


def _keyed(kind: IdKind, anchors: str, keys: str, value: str = _WORD) -> Context:
    """The value of a key."""
    return Context(kind, tuple(anchors.split()), re.compile(rf"(?<![A-Za-z0-9])(?i:{keys}){_SIGN}{value}"))


CONTEXTS: tuple[Context, ...] = (
    _behind(IdKind.SUBSCRIPTION, "subscriptions/ subscriptions%2f subscriptions\\", f"subscriptions{_SLASH}", _GUID),
    _keyed(IdKind.SUBSCRIPTION, "subscription", "subscription[_ -]?id|subscription", _GUID),
    _behind(IdKind.SUBSCRIPTION, "--subscription", f"--subscription(?:-id)?{_OPTION}", _GUID),
    _behind(
        IdKind.TENANT,
        "microsoftonline. login.windows.net sts.windows.net chinacloudapi.cn",
        rf"(?:microsoftonline\.(?:com|us)|login\.windows\.net|sts\.windows\.net|chinacloudapi\.cn){_SLASH}",
        _GUID,
    ),
    _keyed(IdKind.TENANT, "tenant", "tenant[_ -]?id|tenant", _GUID),
    _behind(IdKind.TENANT, "--tenant", f"--tenant(?:-id)?{_OPTION}", _GUID),
    _behind(
        IdKind.RESOURCE_GROUP,
        "resourcegroups/ resourcegroups%2f resourcegroups\\",
        f"resourceGroups{_SLASH}",
        r"(?P<v>[A-Za-z0-9_.()-]{1,90})",
    ),
    _keyed(IdKind.RESOURCE_GROUP, "resource", "resource[_ -]?group(?:[_ -]?name)?"),
    _behind(IdKind.RESOURCE_GROUP, "--resource-group", f"--resource-group{_OPTION}", _WORD),
    _behind(IdKind.HOST, "machines/ machines%2f machines\\", f"(?<=[/\\\\lfF])(?:virtual)?machines{_SLASH}", _WORD),
    _behind(
        IdKind.RESOURCE,
        "providers/ providers%2f",
        f"providers{_SLASH}[A-Za-z0-9.]{{3,60}}{_SLASH}(?:{_TYPES}){_SLASH}",
        _WORD,
    ),
    _keyed(
        IdKind.HOST,
        "resource machine computer host node fqdn dns vm netbiosname",
        r"resource[_ -]?name|machine[_ -]?name|computer(?:[_ -]?name)?|host[_ -]?name|node[_ -]?name|fqdn|dns host name"
        r"|vm[_ -]?name|netbiosname",
        _HOST,
    ),
    _behind(IdKind.HOST, "--resource-name", f"--resource-name{_OPTION}", _HOST),
    _keyed(
        IdKind.DOMAIN,
        "user dns primary logonserver domain",
        r"user[_ -]?dns[_ -]?domain|user[_ -]?domain|dns[_ -]?domain|primary dns suffix|dns suffix(?: search list)?"
        r"|logonserver|domain[_ -]?name",
        _HOST,
    ),
    _behind(IdKind.DOMAIN, "\nsearch \ndomain", r"\n(?:search|domain)[ \t]{1,8}", _HOST),
    _behind(IdKind.USER, "/home \\home /users \\users", r"[\\/](?:home|users)[\\/]{1,4}", _WORD),
    _keyed(
        IdKind.USER,
        "user logname sudo_user log run owner",
        "user[_ -]?name|logname|sudo_user|user|log on user|run as user|owner",
    ),
    _behind(
        IdKind.USER,
        "session_opened_for_user session_closed_for_user password_for publickey_for by_user_ as_user_",
        "session (?:opened|closed) for user|password for(?: invalid user)?|publickey for|by user|as user",
        " ?[\"']?" + _WORD,
    ),
    Context(IdKind.USER, ("uid=",), re.compile(rf"uid=\d{{1,9}}\({_WORD}")),
    Context(IdKind.USER, ("sudo:", "sudo["), re.compile(rf"sudo(?:\[\d{{1,9}}\])?:\s{{1,8}}{_WORD}(?= : TTY=)")),
    Context(
        IdKind.HOST,
        ("://",),
        re.compile(rf"://(?:[^\s/@\"'<>]{{1,200}}@)?{_HOST}(?=[:/\s\"'\\?,;)\]<&]|\Z)"),
        spread=False,
    ),
    Context(
        IdKind.HOST,
        ("lookup ", "resolve host", "could not resolve", "host name ", "proxy server ", "proxy host "),
        re.compile(
            r"(?i:lookup|resolve host:?|could not resolve:?|host name|proxy server|proxy host)"
            rf" {_HOST}(?=[\s:,;\"'\\)]|\Z)"
        ),
        spread=False,
    ),
    Context(
        IdKind.HOST,
        ("dial tcp", "connect ", "host: ", "connect to ", "trying "),
        re.compile(rf"(?:dial tcp:?|CONNECT|Host:|connect to|Trying) {_HOST}(?=:\d)"),
        spread=False,
    ),
    Context(
        IdKind.HOST,
        ("host: ", "connected to "),
        re.compile(rf"(?:Host:|Connected to) {_HOST}(?= \(|\r?\n|\Z)"),
        spread=False,
    ),
)

_PROCESS = r"(?=[A-Za-z0-9_./()-]{1,60}(?:\[\d{1,9}\])?:)"
LINE_STARTS: tuple[re.Pattern[str], ...] = (
    re.compile(rf"\n(?:<\d{{1,3}}>)?[A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d {_HOST} {_PROCESS}"),
    re.compile(rf"\n\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{{1,9}})?(?:Z|[+-]\d\d:?\d\d) {_HOST} {_PROCESS}"),
)
"""The host that a journal or a syslog puts into each line."""
PROMPT = re.compile(
    r"(?<![A-Za-z0-9_.@-])(?P<user>[a-z_][a-z0-9_.-]{1,31})@(?P<host>[A-Za-z0-9][A-Za-z0-9.-]{0,60})"
    r":[^\s:]{0,200}[#$](?: |$)"
)
PORTS = (":443", ":3128", ":8080", ":8443", ":8888")
PORT_BEHIND = re.compile(r"(?<![A-Za-z0-9_./@-])(?=[A-Za-z0-9.-]{0,250}[A-Za-z])" + _HOST + r"\Z")
