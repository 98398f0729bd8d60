"""Which names hold a secret: keys of JSON, INI, YAML and scripts, parameters of commands, form fields."""

from __future__ import annotations

import re

from arcdiag.redact.kinds import SecretKind

ANCHORS = ("secret", "pass", "pwd", "token", "key")
"""One of these stands in every name that `kind_of_name` knows, in lower case."""

_SUFFIXES: dict[SecretKind, str] = {
    SecretKind.CLIENT_SECRET: "secret secrets secretvalue secrettext secretstring secretplain secretplaintext",
    SecretKind.PASSWORD: "password passwords passwordtext passwordvalue passwd passphrase passcode passwrd pwd"
    " userpass proxypass dbpass adminpass sshpass httppass ftppass loginpass",
    SecretKind.TOKEN: "token tokens tokenvalue",
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
_QUOTES = rb"(?:[\\\"'`)\]]|&quot;|&#3[49];|&apos;|\\u002[27]|%2[27]|\xe2\x80[\x98-\x9d]){0,40}"
_SIGN = re.compile(
    rb"[a-z0-9_-]{2,48}"
    + _QUOTES
    + rb"(?:[ \t]{0,64}(?:[:=,>]|%3[ad])|[ \t]{1,8}(?:property|[\"'\\]{0,8}value)|[ \t][a-z:]{1,40}=[^<>\n]{0,300}>)"
)
_DASHED = re.compile(rb"(?:\A|[^a-z0-9_.-])--?[a-z0-9-]{0,48}\Z")
_LOGIN = re.compile(rb"login[ \t]{1,8}[^\s]{1,128}[ \t]{1,8}\Z")
_NOT_LETTERS = re.compile(r"[^a-z]+")


def kind_of_name(name: str) -> SecretKind | None:
    """What the value under `name` is; None for names whose values are no secrets (`client_secret_id`, `tokenType`)."""
    plain = _NOT_LETTERS.sub("", name.lower())
    if plain.endswith(_HARMLESS):
        return None
    return next((_KINDS[plain[-size:]] for size in _LENGTHS if plain[-size:] in _KINDS), None)


def may_be_named(low: bytes, at: int) -> bool:
    """Whether the anchor at `at` of a text in lower case can name a value: a sign follows it, or dashes lead to it."""
    if _SIGN.match(low, at) or _DASHED.search(low[max(0, at - 48) : at]):
        return True
    return low.startswith(b"password ", at) and _LOGIN.search(low[max(0, at - 160) : at]) is not None
