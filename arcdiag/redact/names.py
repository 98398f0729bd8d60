"""Which names hold a secret: keys of JSON, INI, YAML and scripts, parameters of commands, form fields."""

from __future__ import annotations

import re
from functools import lru_cache

from arcdiag.redact.kinds import SecretKind

ANCHORS = (
    "secret",
    "pass",
    "pw",
    "token",
    "key",
    "device_code",
    "devicecode",
    "auth_code",
    "authcode",
    "authorization_code",
    "authorizationcode",
    "code_verifier",
    "codeverifier",
    "client_assertion",
    "clientassertion",
    "protectedsettings",
    "protected_settings",
    "ext_pat",
    "devops_pat",
    "github_pat",
    "identity_header",
    "identity-header",
    "kennwort",
)
"""One of these stands in every name that `kind_of_name` knows, in lower case."""

_SUFFIXES: dict[SecretKind, str] = {
    SecretKind.CLIENT_SECRET: "secret secrets secretvalue secrettext secretstring secretplain secretplaintext",
    SecretKind.PASSWORD: "password passwords passwordtext passwordvalue passwd passphrase passcode passwrd pwd"
    " userpass proxypass dbpass adminpass sshpass httppass ftppass loginpass becomepass storepass keypass certpass"
    " smtppass rootpass passwort kennwort passntlmv passnt passlm admpwd",
    SecretKind.TOKEN: "token tokens tokenvalue clientassertion devicecode authorizationcode authcode codeverifier"
    " extpat devopspat githubpat identityheader",
    SecretKind.CREDENTIALS: "protectedsettings",
    SecretKind.ACCESS_KEY: "accountkey sharedkey sharedaccesskey accesskey storagekey primarykey secondarykey apikey"
    " functionskey subscriptionkey workspacekey secretkey signingkey encryptionkey masterkey authkey decryptionkey"
    " validationkey hmackey symmetrickey registrationkey",
    SecretKind.PRIVATE_KEY: "privatekey privatekeydata privatekeypem pfxkey",
}
_HARMLESS = (
    "publickeytoken",
    "cancellationtoken",
    "changetoken",
    "continuationtoken",
    "skiptoken",
    "nexttoken",
    "pagetoken",
    "unexpectedtoken",
    "synctoken",
    "oldpwd",
)
_LOOSE = frozenset({"pass", "pw", "userpw"})
"""Whole names that other things have, too: only what looks like a secret is one under them."""
_KINDS = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
_LENGTHS = sorted({len(suffix) for suffix in _KINDS}, reverse=True)
_QUOTES = rb"(?:[\\\"'`*)\]]|&quot;|&#3[49];|&apos;|\\u002[27]|%(?:25){0,3}2[27]|\xe2\x80[\x98-\x9d]){0,40}"
_SIGN = re.compile(
    rb"(?P<rest>[a-z0-9_-]{2,48}+)"
    + _QUOTES
    + rb"(?:[ \t]{0,64}(?:[:=,>|;{]|%(?:25){0,3}3[ad])|[ \t]{1,8}(?:property|[\"'\\]{0,8}value|-value|/[td] )"
    rb"|</|(?:\t| {2})[ \t]{0,64}[^\s]|[ \t]{1,32}reg_[a-z]|[ \t][a-z:]{1,40}=[^<>\n]{0,300}>)"
)
# A sentence that goes on with a word that is none; the header of a table, with dashes below it; the last cell of
# another one; a line of two words; a word behind the name. Repeats are possessive: most lines hold none of them.
_AHEAD = re.compile(
    rb"[a-z0-9_-]{2,48}+(?:"
    rb"(?P<says>(?: (?:value|text|string))?(?: (?:we|you|i) [a-z]{2,8})?(?: to use)?"
    rb"(?:[ \t]{1,4}(?:is|was|are|has|have|been|will|be|gets?|now|set|changed|reset|updated|called|to|equals"
    rb"|identified|by|lautet|ist)){1,5}[ \t]{0,4}:?[ \t]{1,4}[^\s]{0,120}?[0-9])"
    rb"|(?P<header>[\"'*`]{0,2}(?:[ \t]++[a-z][a-z0-9_ \t.-]{0,200}+|[ \t]*+)(?:\r?\n(?:[ \t]*+--|\Z)|\r?\Z))"
    rb"|(?P<cell>[\"'*`]{0,2}[ \t]{0,40}+[\r\n])"
    rb"|(?P<line>[ \t]{1,40}[^\s]{4,}+[ \t]*+(?:[\r\n]|\Z))"
    rb"|(?P<shown>(?=[ \t]*+[-=*(\"'\[`\xc2\xe2])"
    rb"(?:[ \t]{0,4}(?:->|=>|--?|\xe2\x80\x93|\xc2\xbb|\*\*|\(value\):?)[ \t]{1,4}|[ \t]{1,2}(?=[\"'(\[`]))"
    rb"[^\s]{0,120}?[0-9])"
    rb"|(?P<word>[ \t]{1,4}[^\s]{0,120}?[0-9]))"
)
_GIVEN = re.compile(
    rb"[0-9][^\s]{0,120}[ \t]{1,4}(?:as|is|was|for(?= the | your | our | my ))[ \t]{1,4}"
    rb"[a-z -]{0,60}[a-z0-9_.$/-]{0,64}\Z"
)
_WITH = re.compile(rb"(?:with|using|use|used|and|under|by)[ \t]{1,4}(?:[a-z-]{1,20} ){0,4}[a-z0-9_.$/-]{0,64}\Z")
_MORE = re.compile(rb"[^a-z0-9]{1,12}[^\s]{6}")
_CELL_BEFORE = re.compile(rb"[,;\t|][ \t]{0,40}[\"'*`]{0,2}[a-z0-9_.-]{0,60}\Z")
_FIRST_WORD = re.compile(rb"(?:\A|\n)(?:\xef\xbb\xbf)?[ \t]{0,40}[a-z0-9_]{0,40}\Z")
_LEAD_CHARS = b"abcdefghijklmnopqrstuvwxyz0123456789_.$/-"
_SETX = re.compile(rb"setx[ \t]{1,4}[\"']?[a-z0-9_]{0,48}\Z")
_LOGIN = re.compile(rb"login[ \t]{1,8}[^\s]{1,128}[ \t]{1,8}\Z")
_LISTED = re.compile(rb"(?:name|key)[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?[a-z0-9_.-]{0,60}\Z")
_REST = re.compile(rb"[a-z0-9_-]*")
_WITH_A_SLASH = (b"username", b"user", b"login", b"account", b"userid")
_NOT_LETTERS = re.compile(r"[^a-z]+")


@lru_cache(maxsize=4096)
def kind_of_name(name: str) -> SecretKind | None:
    """What the value under `name` is; None for names whose values are no secrets (`client_secret_id`, `tokenType`)."""
    plain = _NOT_LETTERS.sub("", name.lower())
    if plain.endswith(_HARMLESS):
        return None
    if plain in _LOOSE:
        return SecretKind.PASSWORD
    return next((_KINDS[plain[-size:]] for size in _LENGTHS if plain[-size:] in _KINDS), None)


def is_loose_name(name: str) -> bool:
    """Whether only what looks like a secret is one under `name`."""
    return _NOT_LETTERS.sub("", name.lower()) in _LOOSE


def may_be_named(low: bytes, at: int) -> bool:
    """Whether the anchor at `at` of a text in lower case can name a value: a sign follows it, or dashes lead to it."""
    sign = _SIGN.match(low, at)
    before = low[at - 64 if at > 64 else 0 : at]
    lead = before[len(before.rstrip(_LEAD_CHARS)) :]
    if sign is None and not lead.startswith(b"-") and not _is_told(low, at, before) and not _is_led_to(before):
        return low.startswith(b"password ", at) and _LOGIN.search(low[max(0, at - 160) : at]) is not None
    rest = sign["rest"] if sign else _REST.match(low, at)[0]  # type: ignore[index]
    name = lead + rest[:40]
    if not is_secret_name(name) or is_path(name, low[at + len(rest) : at + len(rest) + 1]):
        return False
    return not _is_loose(name) or _MORE.match(low, at + len(rest)) is not None


def _is_told(low: bytes, at: int, before: bytes) -> bool:
    """Whether a sentence may say what the secret is, or a table has a column of that name."""
    ahead = _AHEAD.match(low, at)
    if ahead is not None:
        match ahead.lastgroup:
            case "says" | "header" | "shown":
                return True
            case "cell" if _CELL_BEFORE.search(before):
                return True
            case "line" if _FIRST_WORD.search(before):
                return True
            case "line" | "word" if _WITH.search(_line_before(low, at)):
                return True
    given = b" as " in before or b" is " in before or b" was " in before or b" for " in before
    return given and _GIVEN.search(_line_before(low, at)) is not None


def _line_before(low: bytes, at: int) -> bytes:
    return low[max(low.rfind(b"\n", 0, at) + 1, at - 200) : at]


def _is_led_to(before: bytes) -> bool:
    """Whether `setx` stands before the name, or `name:` as in a list of settings whose next line has the value."""
    if b"setx" in before and _SETX.search(before) is not None:
        return True
    return (b"name" in before or b"key" in before) and _LISTED.search(before) is not None


def is_path(name: bytes, behind: bytes) -> bool:
    """Whether the name ends the path of an address, `example.com/oauth2/token": dial tcp`, and names nothing."""
    before, slash, _ = name.rpartition(b"/")
    return bool(slash and before and behind != b"=" and not (behind == b":" and before in _WITH_A_SLASH))


@lru_cache(maxsize=4096)
def _is_loose(name: bytes) -> bool:
    return is_loose_name(name.decode("ascii", "replace"))


@lru_cache(maxsize=4096)
def is_secret_name(name: bytes) -> bool:
    """Whether values under `name` (in lower case, with what leads to it) are secrets."""
    return kind_of_name(name.decode("ascii", "replace").rpartition("/")[2]) is not None
