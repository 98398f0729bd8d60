"""All finders of secrets, in one list; a new kind of secret is one entry here."""

from __future__ import annotations

import re

from arcdiag.redact.assignments import find_named
from arcdiag.redact.bare import find_entra, find_jwt, find_key_bytes, find_pem
from arcdiag.redact.commands import (
    PACKS,
    find_credential,
    find_history_event,
    find_packed_user,
    find_secure_string,
    find_short_secret,
    find_user,
    find_user_setting,
)
from arcdiag.redact.devices import DEVICES, find_device_secret, may_be_device
from arcdiag.redact.foreign import FOREIGN, FOREIGN_GATES, find_foreign
from arcdiag.redact.headers import find_authorization, find_cookie, find_scheme
from arcdiag.redact.line import Finder
from arcdiag.redact.logins import LOGINS, find_login, may_be_login
from arcdiag.redact.mails import MAIL_HEADER
from arcdiag.redact.makers import (
    BEGINNINGS,
    SIGNS,
    find_amazon_key,
    find_maker_token,
    find_signed_key,
    find_web_hook,
    may_be_maker_token,
    may_be_signed_key,
)
from arcdiag.redact.named import may_be_named, may_be_set
from arcdiag.redact.names import ANCHORS
from arcdiag.redact.nested import FRAGMENTS, find_nested
from arcdiag.redact.options import CALLS, PROGRAMS, find_argument, find_option
from arcdiag.redact.packed import PACKED, find_nothing, may_open_packed
from arcdiag.redact.prompts import find_sent
from arcdiag.redact.shapes import (
    CRYPT_SIGNS,
    find_announced_key,
    find_bare_key,
    find_crypt,
    find_encrypted_key,
    find_envelope,
    find_ntlm,
    find_pgpass,
    find_protected_blob,
    find_recovery_key,
    find_registry_login,
    may_be_announced_key,
)
from arcdiag.redact.shells import (
    MASKS,
    find_arguments,
    find_curl,
    find_direct,
    find_encoded_command,
    find_here_string,
    find_masked,
    find_piped,
    find_substituted,
)
from arcdiag.redact.urls import find_code, find_encoded_userinfo, find_schemeless, find_signature, find_userinfo

_HEADER = re.compile(rb"authorization[\\\\\"'&a-z0-9;`\]]{0,40}[ \t]{0,8}[:=,]")
_SCHEME = re.compile(rb"(?:basic|bearer|negotiate|ntlm)(?:[ \t]|%20|\+){1,8}[^\s]{6}")
_AT_SIGN = re.compile(rb"%40")
_SHORT = re.compile(rb"-p(?:[\\\"'=:, \t]|[^\s\"'-]{6})")
_USER = re.compile(rb"-u(?:ser)?[ \t=]|-u[^\s]{1,64}:")
_AMAZON = re.compile(rb"a[ks]ia[a-z2-7]{16}[^a-z0-9]")
_KEY_HEADS = (
    "b3blbnnzac1rzxktdje",
    "mhccaqee",
    "mhqcaqee",
    "migkageb",
    "mihcageb",
    "mighagea",
    "mig2agea",
    "mihuagea",
    "mc4caqawbqydk2vw",
)
_DIRECT = re.compile(rb"-pass(?:in|out)?[ \t=\"',]{1,4}pass:|/pass(?:word)?:[^\s]|/rp[ \t]|net")
_ENCODED = re.compile(rb" -e(?:c|n(?:c[a-z]{0,12})?)?[ \t:=]{1,4}[\"']?[a-z0-9+/]{24}|(?:proctitle|cmd)=[0-9a-f]{24}")
_CODE = re.compile(rb"[?&;a-z0-9]{1,2}[a-z0-9]{0,1}code(?:=|%3d)")
_INTO = (
    *("chpasswd", "passwd --stdin", "sudo -", "password-stdin", "stdin-password"),
    *(
        "| base64",
        "|base64",
        "| kinit",
        "|kinit",
        "| runas",
        "| realm ",
        "| adcli ",
        "| net ads",
        "| sudo kinit",
        "| sudo realm",
        "| sudo adcli",
    ),
)
_PACKED_LOGIN = re.compile(rb"[\"_]auth[\\\"]{0,16}[ \t]{0,8}[:=][ \t]{0,8}[\\\"]{0,16}[a-z0-9+/]{8}")
_SEND = re.compile(rb"send(?:line)?[ \t(]{1,4}(?:-[a-z-][ \t]{1,4}){0,3}[bru]?[\"'{]")
_USER_SETTING = re.compile(rb"[a-z-]{4,10}[ \t]{0,8}=[ \t]{0,8}[\"']?[^\s:@/]{1,128}:[^\s]")
_KEY_BYTES = re.compile(rb"mii[a-z0-9+/]{3}ib")


def _is_short(low: bytes, at: int) -> bool:
    return low[max(0, at - 1) : at] in (b" ", b"\t", b'"', b"'", b"") and _SHORT.match(low, at) is not None


def _behind_q(low: bytes, at: int) -> bool:
    return low[max(0, at - 1) : at] in (b"q", b"\n", b"")


FINDERS: tuple[Finder, ...] = (
    Finder(ANCHORS, find_named, confirm=may_be_named),
    Finder(("setx ", "env ", "configure set ", "set -"), find_nothing, confirm=may_be_set),
    Finder(("://", ":\\/", ":\\u002f"), find_userinfo, gate=("@",)),
    Finder(("%3a%2f%2f",), find_encoded_userinfo, gate=("%",), confirm=_AT_SIGN.match),
    Finder(("@",), find_schemeless),
    Finder(("sig=", "sig%"), find_signature),
    Finder(("authorization",), find_authorization, confirm=_HEADER.match),
    Finder(("basic", "bearer", "negotiate", "ntlm"), find_scheme, confirm=_SCHEME.match),
    Finder(("cookie",), find_cookie),
    Finder(("eyj",), find_jwt),
    Finder(("~",), find_entra, confirm=_behind_q),
    Finder(("mii",), find_key_bytes, confirm=_KEY_BYTES.match),
    Finder(("miacaqmwga",), find_key_bytes),
    Finder(("begin ",), find_pem),
    Finder((" -p", '"-p', "'-p"), find_short_secret, gate=("-p",), confirm=_is_short),
    Finder(("convertto-securestring",), find_secure_string),
    Finder((": event not found",), find_history_event),
    Finder(PACKS, find_packed_user),
    Finder(("credential(", "credential]::new("), find_credential),
    Finder(("curl ", "curl.exe "), find_curl),
    Finder(
        (
            "-passin",
            "-passout",
            "-pass pass:",
            "-pass=pass:",
            "/pass:",
            "/password:",
            "/rp ",
            "net use",
            "net1 use",
            "net.exe use",
        ),
        find_direct,
        confirm=_DIRECT.match,
    ),
    Finder(("|",), find_piped, gate=_INTO),
    Finder(("<<<",), find_here_string),
    Finder((" -e", "proctitle=", "cmd="), find_encoded_command, confirm=_ENCODED.match),
    Finder(("type=execve",), find_arguments),
    Finder(MASKS, find_masked),
    Finder(("<(echo ", "<(printf "), find_substituted),
    Finder(BEGINNINGS, find_maker_token, confirm=may_be_maker_token),
    Finder(SIGNS, find_signed_key, confirm=may_be_signed_key),
    Finder(("akia", "asia"), find_amazon_key, confirm=_AMAZON.match),
    Finder(("01000000d08c9ddf",), find_protected_blob),
    Finder(("yjkozihvcnaqcd",), find_envelope),
    Finder(("bgkqhkig9w0bbq",), find_encrypted_key),
    Finder(_KEY_HEADS, find_bare_key),
    Finder(("tlrmtvntuaa",), find_ntlm),
    Finder(("code=", "code%3d"), find_code, gate=("?code", "&code", ";code", "26code", "3fcode"), confirm=_CODE.match),
    Finder(FOREIGN, find_foreign, gate=FOREIGN_GATES),
    Finder(DEVICES, find_device_secret, confirm=may_be_device),
    Finder(PROGRAMS, find_option),
    Finder(CALLS, find_argument),
    Finder(FRAGMENTS, find_nested),
    Finder(("==",), find_announced_key, confirm=may_be_announced_key),
    Finder(('"auth"', "_auth"), find_registry_login, confirm=_PACKED_LOGIN.match),
    Finder(PACKED, find_nothing, confirm=may_open_packed),
    Finder(("private-lines: ", MAIL_HEADER), find_nothing),
    Finder(LOGINS, find_login, confirm=may_be_login),
    Finder(("send ", "sendline"), find_sent, confirm=_SEND.match),
    Finder(CRYPT_SIGNS, find_crypt),
    Finder(("recovery", "bitlocker", "numerical"), find_recovery_key),
    Finder((":5432:", ":5433:", ":6432:", ":*:"), find_pgpass),
    Finder(("hooks.slack.com/services/", "/incomingwebhook/"), find_web_hook),
    Finder(("login=", "user =", "user=", "proxy-user"), find_user_setting, confirm=_USER_SETTING.match),
    Finder(("--user", "--proxy-user", " -u"), find_user, gate=("-u",), confirm=_USER.match),
)
