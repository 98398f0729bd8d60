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
    "protectedsetting",
    "protected_setting",
    "protected-setting",
    "ext_pat",
    "devops_pat",
    "github_pat",
    "identity_header",
    "identity-header",
    "kennwort",
    "authtok",
    "psk",
    "estsauth",
    "smstsreserved",
)
"""One of these stands in every name that `kind_of_name` knows, in lower case."""

FOREIGN_PASSWORDS = (
    *("kennwort", "contraseña", "contrasena", "mot de passe", "senha", "wachtwoord", "hasło", "пароль"),
    *("비밀번호", "비번", "암호", "패스워드", "密码", "密碼", "口令", "パスワード"),
)
"""Names of a password in other languages, in lower case."""
SETTER = (
    r"(?:\bsetx|\benv|\bconfigure set|\bsetenv|\bset -[gux]{1,4}|\bset --(?:global|export|universal))"
    r"[ \t]{1,4}[\"']?\Z"
)
"""What sets a variable whose name follows it, and behind a blank its value; in lower case."""
_SUFFIXES: dict[SecretKind, str] = {
    SecretKind.CLIENT_SECRET: "secret secrets secretvalue secrettext secretstring secretplain secretplaintext",
    SecretKind.PASSWORD: "password passwords passwordtext passwordvalue passwd passphrase passcode passwrd pwd"
    " userpass proxypass dbpass adminpass sshpass httppass ftppass loginpass becomepass storepass keypass certpass"
    " smtppass rootpass passwort kennwort defaultauthtok passntlmv passnt passlm admpwd smstsreserved",
    SecretKind.TOKEN: "token tokens tokenvalue clientassertion devicecode authorizationcode authcode codeverifier"
    " extpat devopspat githubpat identityheader",
    SecretKind.CREDENTIALS: "protectedsettings protectedsetting",
    SecretKind.ACCESS_KEY: "accountkey sharedkey sharedaccesskey accesskey storagekey primarykey secondarykey apikey"
    " functionskey subscriptionkey workspacekey secretkey signingkey encryptionkey masterkey authkey decryptionkey"
    " validationkey hmackey symmetrickey registrationkey saskey spnkey unsealkey",
    SecretKind.PRIVATE_KEY: "privatekey privatekeydata privatekeypem pfxkey clientkeydata",
    SecretKind.COOKIE: "estsauth estsauthpersistent estsauthlight",
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
    "stdinpassword",
)
_LOOSE = frozenset({"pass", "pw", "userpw", "psk", "presharedkey"})
"""Whole names that other things have, too: only what looks like a secret is one under them."""
TOLD_LOOSE = ("pw", "userpw")
"""Loose names of which a sentence can tell what they are: something may pass, but nothing else is a pw."""
_KINDS = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
_LENGTHS = sorted({len(suffix) for suffix in _KINDS}, reverse=True)
_WITH_A_SLASH = (b"username", b"user", b"login", b"account", b"userid", b"id")
_NOT_LETTERS = re.compile(r"[^a-z]+")
_LOOSE_END = re.compile(r"[a-z0-9][_.-](?:pass|pw|psk)\Z")


@lru_cache(maxsize=4096)
def kind_of_name(name: str) -> SecretKind | None:
    """What the value under `name` is; None for names whose values are no secrets (`client_secret_id`, `tokenType`)."""
    kind = _surely(name)
    return SecretKind.PASSWORD if kind is None and is_loose_name(name) else kind


def _surely(name: str) -> SecretKind | None:
    plain = _NOT_LETTERS.sub("", name.lower())
    if plain.endswith(_HARMLESS):
        return None
    return next((_KINDS[plain[-size:]] for size in _LENGTHS if plain[-size:] in _KINDS), None)


def is_loose_name(name: str) -> bool:
    """Whether only what looks like a secret is one under `name`."""
    low = name.lower()
    return _NOT_LETTERS.sub("", low) in _LOOSE or (_LOOSE_END.search(low) is not None and _surely(name) is None)


def is_path(name: bytes, behind: bytes) -> bool:
    """Whether the name ends the path of an address, `example.com/oauth2/token": dial tcp`, and names nothing."""
    before, slash, _ = name.rpartition(b"/")
    return bool(slash and before and behind != b"=" and not (behind == b":" and before in _WITH_A_SLASH))


@lru_cache(maxsize=4096)
def is_loose(name: bytes) -> bool:
    """The same for a name as it stands in the bytes of a text."""
    return is_loose_name(name.decode("ascii", "replace"))


@lru_cache(maxsize=4096)
def is_secret_name(name: bytes) -> bool:
    """Whether values under `name` (in lower case, with what leads to it) are secrets."""
    return kind_of_name(name.decode("ascii", "replace").rpartition("/")[2]) is not None
