"""Which names hold a secret: keys of JSON, INI, YAML and scripts, parameters of commands, form fields."""

from __future__ import annotations

import re
from functools import lru_cache

from arcdiag.redact.kinds import SecretKind

ANCHORS = (
    "secret",
    "pass",
    "pwd",
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
)
"""One of these stands in every name that `kind_of_name` knows, in lower case."""

_SUFFIXES: dict[SecretKind, str] = {
    SecretKind.CLIENT_SECRET: "secret secrets secretvalue secrettext secretstring secretplain secretplaintext",
    SecretKind.PASSWORD: "password passwords passwordtext passwordvalue passwd passphrase passcode passwrd pwd"
    " userpass proxypass dbpass adminpass sshpass httppass ftppass loginpass becomepass storepass keypass certpass"
    " smtppass rootpass",
    SecretKind.TOKEN: "token tokens tokenvalue clientassertion devicecode authorizationcode authcode codeverifier"
    " extpat devopspat githubpat",
    SecretKind.CREDENTIALS: "protectedsettings",
    SecretKind.ACCESS_KEY: "accountkey sharedkey sharedaccesskey accesskey storagekey primarykey secondarykey apikey"
    " functionskey subscriptionkey workspacekey secretkey signingkey encryptionkey masterkey authkey decryptionkey"
    " validationkey hmackey symmetrickey",
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
_KINDS = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
_LENGTHS = sorted({len(suffix) for suffix in _KINDS}, reverse=True)
_QUOTES = rb"(?:[\\\"'`*)\]]|&quot;|&#3[49];|&apos;|\\u002[27]|%(?:25){0,3}2[27]|\xe2\x80[\x98-\x9d]){0,40}"
_SIGN = re.compile(
    rb"(?P<rest>[a-z0-9_-]{2,48}+)"
    + _QUOTES
    + rb"(?:[ \t]{0,64}(?:[:=,>|]|%(?:25){0,3}3[ad])|[ \t]{1,8}(?:property|[\"'\\]{0,8}value)|[ \t]{1,32}reg_[a-z]"
    rb"|[ \t][a-z:]{1,40}=[^<>\n]{0,300}>)"
)
_LEAD_CHARS = b"abcdefghijklmnopqrstuvwxyz0123456789_.$/-"
_SETX = re.compile(rb"setx[ \t]{1,4}[\"']?[a-z0-9_]{0,48}\Z")
_LOGIN = re.compile(rb"login[ \t]{1,8}[^\s]{1,128}[ \t]{1,8}\Z")
_LISTED = re.compile(rb"name[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?[a-z0-9_.-]{0,60}\Z")
_REST = re.compile(rb"[a-z0-9_-]*")
_NOT_LETTERS = re.compile(r"[^a-z]+")


@lru_cache(maxsize=4096)
def kind_of_name(name: str) -> SecretKind | None:
    """What the value under `name` is; None for names whose values are no secrets (`client_secret_id`, `tokenType`)."""
    plain = _NOT_LETTERS.sub("", name.lower())
    if plain.endswith(_HARMLESS):
        return None
    return next((_KINDS[plain[-size:]] for size in _LENGTHS if plain[-size:] in _KINDS), None)


def may_be_named(low: bytes, at: int) -> bool:
    """Whether the anchor at `at` of a text in lower case can name a value: a sign follows it, or dashes lead to it."""
    sign = _SIGN.match(low, at)
    before = low[max(0, at - 64) : at]
    if sign is None and not _is_led(before) and not _is_listed(before):
        return low.startswith(b"password ", at) and _LOGIN.search(low[max(0, at - 160) : at]) is not None
    rest = sign["rest"] if sign else _REST.match(low, at)[0]  # type: ignore[index]
    name = before[len(before.rstrip(_LEAD_CHARS)) :] + rest[:40]
    return is_secret_name(name) and not is_path(name, low[at + len(rest) : at + len(rest) + 1])


def _is_led(before: bytes) -> bool:
    """Whether a parameter's dashes, or `setx`, stand before the name that `before` ends in."""
    if before[len(before.rstrip(_LEAD_CHARS)) :].startswith(b"-"):
        return True
    return b"setx" in before and _SETX.search(before) is not None


def _is_listed(before: bytes) -> bool:
    """Whether the name is itself the value of `name:`, as in a list of settings whose next line has the value."""
    return b"name" in before and _LISTED.search(before) is not None


def is_path(name: bytes, behind: bytes) -> bool:
    """Whether the name ends the path of an address, `example.com/oauth2/token": dial tcp`, and names nothing."""
    before, slash, _ = name.rpartition(b"/")
    return bool(slash and before and behind != b"=")


@lru_cache(maxsize=4096)
def is_secret_name(name: bytes) -> bool:
    """Whether values under `name` (in lower case, with what leads to it) are secrets."""
    return kind_of_name(name.decode("ascii", "replace").rpartition("/")[2]) is not None
