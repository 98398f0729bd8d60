"""Names that show by their shape, and those for which one pattern is not enough."""

from __future__ import annotations

import re
from collections.abc import Sequence

from arcdiag.redact.identifiers.context import (
    GROUP,
    HOST,
    PERSON,
    QUOTE,
    SLASH,
    WORD_BYTES,
    Context,
    Reach,
    Told,
    compiled,
)
from arcdiag.redact.identifiers.kept import KEPT_TAILS
from arcdiag.redact.identifiers.shapes import ENDINGS, SID, is_host_name
from arcdiag.redact.identifiers.tokens import IdKind

# Backwards; beyond ASCII the letters of Latin scripts, but the one whose lower case is two letters.
_LATIN = r"(?!\xb0\xc4)[\x80-\xbf][\xc3-\xc5]"
_BACK = compiled(rf"(?:[A-Za-z0-9_.-]|{_LATIN}){{1,253}}")
_BACK_LABELS = compiled(rf"(?:\.(?:[A-Za-z0-9_-]|{_LATIN}){{1,63}}){{1,6}}")
_LETTERS = re.compile(rb"[A-Za-z]")
_STAMP = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9.]*\Z")
_LOCAL = re.compile(rb"[A-Za-z0-9._+%-]{1,64}")
_ADDRESS_BEHIND = re.compile(rb"(?:\d{1,3}\.){3}\d{1,3}(?![A-Za-z0-9_])")
_MAIL_DOMAIN = re.compile(rb"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])")
_PROMPT = re.compile(rb"(?P<v>[A-Za-z0-9][A-Za-z0-9.-]{0,60})(?:(?::|\s)[^\s:]{0,200})?[\]]?[#$](?: |\\?[\r\n\"'])")
_REMOTE = compiled(rf"{HOST}(?=:[/~])")
_USER_INFO = re.compile(rb"://[^\s/@\"'<>]*\Z")
_PROMPT_USER = re.compile(rb"[A-Za-z_][A-Za-z0-9_.-]{0,31}\Z")
_ACCOUNT = re.compile(
    rb"\\{1,32}(?P<v>[A-Za-z0-9_\xc3-\xe1\xe4-\xee\xf0-\xf4][A-Za-z0-9._$\x80-\xbf\xc3-\xe1\xe4-\xee\xf0-\xf4-]{1,63})(?![A-Za-z0-9_\x80-\xbf]|\\{1,32}(?![nrt])(?:[A-Za-z0-9_.]|\xc2\xab))"
)
# An escaped line end and the key that the next line begins with.
_NEXT_KEY = re.compile(rb"\\[nrt][A-Z][A-Za-z]{1,20}(?: [A-Za-z]{1,20}){0,3} ?[:=]")
_BACK_DOMAIN = re.compile(rb"[A-Z0-9-]{0,14}[A-Z](?![A-Za-z0-9_\\/.:%$*-])")
_UNC = compiled(rf"\\{{0,32}}{HOST}(?=\\)")
# A code of a character is no name.
_LONE_SERVER = compiled(rf"\\{{0,6}}(?![xuU][0-9A-Fa-f]{{2,8}}(?![A-Za-z0-9-])){HOST}(?=[\s\"'`,;)<\]]|\.\s)")
_LISTED_SERVER = compiled(rf"{HOST}(?=  |[ \t]*\r?\n)")
_SENDER = compiled(
    r"(?:\"(?P<q>[^\"<>\\\n]{2,60})\"|(?:From|To|Cc|Von|An): (?P<p>[^\"<>;\n]{2,60})"
    rf"|(?:[,:;]|\bby) {PERSON.replace('?P<v>', '?P<r>')}) <(?:mailto:)?\Z"
)
_NOT_ACCOUNTS_TEXT = """
HKLM HKCU HKU HKCR HKEY_LOCAL_MACHINE SOFTWARE SYSTEM MACHINE USER USERS SECURITY SAM CLASSES BUILTIN NT WINDOWS
AUTHORITY SERVICE APPPOOL IIS ROOT PROGRAM FILES POLICIES CURRENT LOCAL GLOBAL REGISTRY DEVICE PIPE WORKGROUP
AZUREAD LOCALHOST BCD
"""
_NOT_ACCOUNTS = frozenset(word.encode() for word in _NOT_ACCOUNTS_TEXT.split())
_PART = rf"(?P<type>[A-Za-z0-9]{{2,60}}){SLASH}(?P<v>[A-Za-z0-9_][A-Za-z0-9_.()-]{{0,126}})"
_PROVIDER = compiled(rf"{SLASH}[A-Za-z0-9.]{{3,60}}{SLASH}")
_PARTS, _NEXT = compiled(_PART), compiled(SLASH)
_PATH = compiled(rf"(?P<v>{SLASH}[A-Za-z0-9.]{{3,60}}(?:{SLASH}[A-Za-z0-9_][A-Za-z0-9_.()-]{{0,126}}){{1,16}})")
# What Azure itself names, or what is an id of its own.
_PRODUCT_TYPES = frozenset(
    b"extensions locations operations operationstatuses operationresults roledefinitions roleassignments providers"
    b" publishers types versions licenseprofiles features runcommands skus usages deployments".split()
)
_MACHINE_TYPES = (b"machines", b"virtualmachines")
_DN_VALUE = compiled(
    r"[ \t]{0,2}=[ \t]{0,2}\\{0,7}[\"']?(?P<v>[A-Za-z0-9\x80-\xf4]"
    r"(?:[^,/\"'`\\\0\n\r<>=+;:()\[\]{}|\t]|\\,|(?<=[A-Za-z])'(?=[A-Z][a-z])){0,63})"
)
_DN_END = re.compile(rb" (?:is|was|has|in|on|not|for|and|CN|OU?|C|L|ST|S|DC) |  |[ .]+\Z")
_COMMAND = re.compile(rb"(?:azcmagent|\baz)(?:\.exe)?[^\n]{0,1990}\Z", re.I)
_AGENT_COMMAND = re.compile(
    rb"(?:azcmagent(?:\.exe)?|az (?:connectedmachine|vm) (?!extension|image))[^\n]{0,1990}\Z", re.I
)
_NAME = compiled(rf"(?:[ \t]{{1,4}}|=|{QUOTE},[ \t]?|\0){QUOTE}?{HOST}")
_GROUP = compiled(rf"(?:[ \t]{{1,4}}|=|{QUOTE},[ \t]?|\0){QUOTE}?{GROUP}")
_DC = re.compile(rb"[ \t]{0,2}=[ \t]{0,2}([A-Za-z0-9_-]{1,63})")
_DC_NEXT = re.compile(rb"(?:\\?,|%2C|/)[ \t]?DC", re.I)
_DC_BEFORE = re.compile(rb"DC[ \t]{0,2}=[ \t]{0,2}[A-Za-z0-9_-]{1,63}(?:\\?,|%2C|/)[ \t]?\Z", re.I)


def word_start(text: bytes, start: int) -> int:
    """Where a word begins that was read backwards from its end: behind an escaped sign that looks like a part of it."""
    before = text[start - 1]
    if before == 92:  # a backslash
        if text[start] == 117 and _is_hex(text[start + 1 : start + 5]):
            return start + 5
        return start + 1 if text[start] in b"nrt" else start
    if before == 37 and _is_hex(text[start : start + 2]):  # a percent sign
        return start + 2
    return start


def _is_hex(text: bytes) -> bool:
    return bool(text) and all(sign in b"0123456789abcdefABCDEF" for sign in text)


def labels_before(text: bytes, start: int) -> int:
    """Where the labels begin that stand before the domain at `start`; `start` if there are none."""
    back = _BACK_LABELS.match(text[max(0, start - 254) : start][::-1])
    if back is None:
        return start
    begin = word_start(text, start - back.end()) if start > back.end() else 0
    while begin < start and text[begin] in b".-":
        begin += 1
    return begin


def _host(text: bytes, at: int, end: int) -> Sequence[Told]:
    """A full host name; `at` is the dot before its ending, behind which one of `_BEHIND_HOST` stands."""
    dot = text.rfind(b".", at - 24, at)
    if dot >= 0 and text[dot:end] in KEPT_TAILS:
        return ()
    if text[end] == 46 and text[end + 1] in WORD_BYTES:
        return ()
    back = _BACK.match(text[max(0, at - 253) : at][::-1])
    if back is None:
        return ()
    start = word_start(text, at - back.end())
    while text[start] in b".-":
        start += 1
    behind_sign = text[start - 1] in b"\\$%" or (text[start - 1] == 64 and text[start - 2] != 35)
    if start >= at or (behind_sign and start == at - back.end()):
        return ()
    value = text[start:end]
    return (Told(IdKind.HOST, value, start, Reach.HERE),) if is_host_name(value.decode()) else ()


def _at_sign(text: bytes, at: int, end: int) -> Sequence[Told]:
    """A mail address or a prompt."""
    back = _LOCAL.match(text[max(0, at - 64) : at][::-1])
    if back is None:
        return ()
    start = word_start(text, at - back.end())
    user = _USER_INFO.search(text[max(0, start - 80) : start])
    local, domain = text[start:at], None if user else _MAIL_DOMAIN.match(text, end)
    found = [Told(IdKind.MAIL, text[start : domain.end()], start)] if domain and local.strip(b".%+-") else []
    login = _PROMPT_USER.match(local)
    if domain is None and login and text[start - 1] in b" \t\n\"'([" and _ADDRESS_BEHIND.match(text, end):
        return (Told(IdKind.USER, local, start),)
    if found and (sender := _SENDER.search(text[max(0, start - 80) : start])):
        group = next(group for group in "qpr" if sender[group])
        found.append(Told(IdKind.NAME, sender[group], max(0, start - 80) + sender.start(group)))
    remote = _REMOTE.match(text, end) if login and not found and text[start - 1] in b" \t\n\"'" else None
    if remote:
        found += [Told(IdKind.USER, local, start), Told(IdKind.HOST, remote["v"], end)]
    prompt = _PROMPT.match(text, end)
    if prompt and login:
        found += [Told(IdKind.USER, local, start), Told(IdKind.HOST, prompt["v"], end)]
    return found


def _account(text: bytes, at: int, end: int) -> Sequence[Told]:
    """`DOMAIN\\user`, or `\\\\server\\share`; `at` is the first backslash."""
    before = text[at - 1]
    if before == 92:
        return ()
    if before not in WORD_BYTES:
        return _server(text, at, end) if text[end] == 92 and before in b" \t\n\"'=(,<>`|" else ()
    back = _BACK_DOMAIN.match(text[max(0, at - 16) : at][::-1])
    match = _ACCOUNT.match(text, at) if back else None
    if back is None or match is None or _NEXT_KEY.match(text, at):
        return ()
    start = word_start(text, at - back.end())
    if text[start:at] in _NOT_ACCOUNTS:
        return ()
    return Told(IdKind.DOMAIN, text[start:at], start), Told(IdKind.USER, match["v"], match.start("v"))


def _server(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The server of `\\\\server\\share`, or alone; escaped text has a `\\\\word\\\\` that is only a part of a path."""
    if (unc := _UNC.match(text, end + 1)) is not None:
        start, stop = unc.span("v")
        behind = text[stop : stop + 64]
        lead, trail = start - at, len(behind) - len(behind.lstrip(b"\\"))
        certain = lead == 2 * trail and unc["v"].upper() not in _NOT_ACCOUNTS
        return (Told(IdKind.HOST, unc["v"], start, Reach.UNCOMMON if certain else Reach.IF_TELLING),)
    if text[at - 1] == 10 and (listed := _LISTED_SERVER.match(text, end + 1)):
        return (Told(IdKind.HOST, listed["v"], listed.start("v")),)
    alone = _LONE_SERVER.match(text, end + 1)
    if alone is None:
        return ()
    full = b"." in alone["v"] and is_host_name(alone["v"].decode())
    return (Told(IdKind.HOST, alone["v"], alone.start("v"), Reach.EVERYWHERE if full else Reach.IF_TELLING),)


def _sid(text: bytes, at: int, end: int) -> Sequence[Told]:
    match = SID.match(text, at)
    return (Told(IdKind.SID, match[0], at),) if match else ()


def _before_port(text: bytes, at: int, end: int) -> Sequence[Told]:
    """A name before the port of a proxy or of TLS."""
    if text[end] in WORD_BYTES or text[at - 1] not in WORD_BYTES:
        return ()
    back = _BACK.match(text[max(0, at - 253) : at][::-1])
    start = word_start(text, at - back.end()) if back else at
    while start < at and text[start] in b".-":
        start += 1
    value = text[start:at]
    if not _LETTERS.search(value) or text[start - 1] in b"/@" or _STAMP.match(value):
        return ()
    return (Told(IdKind.HOST, value, start, Reach.HERE),)


def _resource_id(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The names in what follows `providers/`: a provider, then types and names by turns."""
    provider = _PROVIDER.match(text, end)
    found: list[Told] = []
    place = provider.end() if provider else -1
    while place >= 0 and len(found) < 8 and (part := _PARTS.match(text, place)):
        type_, value = part["type"].lower(), part["v"].rstrip(b".)")
        if type_ not in _PRODUCT_TYPES:
            kind = IdKind.HOST if type_ in _MACHINE_TYPES else IdKind.RESOURCE
            found.append(Told(kind, value, part.start("v")))
        following = _NEXT.match(text, part.end())
        place = following.end() if following else -1
    return found


def _directory_name(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The value of CN, O or OU of a certificate's or a directory's name."""
    if text[at] in WORD_BYTES and text[at - 1] in WORD_BYTES:
        return ()
    match = _DN_VALUE.match(text, end - 1)
    if match is None:
        return ()
    value = match["v"]
    if text[match.end()] == 61 and b" " in value:  # the last word is the next key
        value = value[: value.rindex(b" ")]
    stop = _DN_END.search(value)
    first = value.partition(b" ")[0].strip(b".")
    if b"." in first and is_host_name(first.decode("latin-1")):
        return (Told(IdKind.HOST, first, match.start("v"), Reach.HERE),)
    return (Told(IdKind.NAME, value[: stop.start()] if stop else value, match.start("v")),)


def _domain_parts(text: bytes, at: int, end: int) -> Sequence[Told]:
    """`DC=corp,DC=example`; the value is the whole of it, from the first name on."""
    if text[at - 1] in WORD_BYTES or _DC_BEFORE.search(text[max(0, at - 80) : at]):
        return ()
    match, first, last = _DC.match(text, at + 2), -1, -1
    while match:
        first, last = first if first >= 0 else match.start(1), match.end()
        following = _DC_NEXT.match(text, last)
        match = _DC.match(text, following.end()) if following else None
    return (Told(IdKind.DOMAIN, text[first:last], first),) if first >= 0 else ()


def _short_group(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The short parameter for a resource group, in a command of azcmagent or az."""
    if not _COMMAND.search(text[max(0, at - 2000) : at]):
        return ()
    match = _GROUP.match(text, end)
    return (Told(IdKind.RESOURCE_GROUP, match["v"], match.start("v")),) if match else ()


def _short_name(text: bytes, at: int, end: int) -> Sequence[Told]:
    """The short parameter for the name of the resource, in a command of azcmagent."""
    match = _NAME.match(text, end) if _AGENT_COMMAND.search(text[max(0, at - 2000) : at]) else None
    return (Told(IdKind.HOST, match["v"], match.start("v")),) if match else ()


_BEHIND_HOST = frozenset(range(256)) - WORD_BYTES - frozenset(b"(-")
_PORTS = (":443", ":3128", ":8080", ":8443", ":8888", ":8081", ":9090", ":3129", ":389", ":636")
LOOKS: tuple[Context, ...] = (
    Context(("@",), _at_sign),
    Context(("\\",), _account),
    Context(("s-1-5-21-", "s-1-12-1-"), _sid),
    Context(_PORTS, _before_port),
    Context(ENDINGS, _host, signs=_BEHIND_HOST),
    Context(("providers",), _resource_id, _PATH.match),
    Context(("cn=", "cn =", "ou=", "ou =", ",o=", ", o=", " o =", " o=", '"o=', "'o=", "/o="), _directory_name),
    Context(("dc=", "dc ="), _domain_parts),
    Context((" -n", '"-n', "'-n", "\0-n"), _short_name),
    Context((" -g", '"-g', "'-g", "\0-g"), _short_group),
)
