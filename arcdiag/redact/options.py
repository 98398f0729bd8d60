"""Secrets that a program takes behind one of its own short options, or by position in a call."""

from __future__ import annotations

import re
from itertools import islice

from arcdiag.redact.judge import has_placeholder, is_blank_value
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span
from arcdiag.redact.values import Value, read_quoted, read_value

_LOOK = 400
_MOST = 4
"""So many secrets of a kind one command has at most."""
_W, _A, _K = re.compile(r"[ \t]-w[ \t]{1,4}"), re.compile(r"[ \t]-a[ \t]{1,4}"), re.compile(r"[ \t]-k[ \t]{1,4}")
_S, _PW = re.compile(r"[ \t]-s[ \t]{1,4}"), re.compile(r"[ \t]-pw[ \t]{1,4}")
_C, _VALUE = re.compile(r"[ \t]-c[ \t]{0,4}(?=\S)"), re.compile(r"[ \t]--value[ \t=]{1,4}")
_ZIP, _ARCHIVE = re.compile(r"[ \t]-P[ \t]{0,4}(?=[^\s-])"), re.compile(r"[ \t]-h?p(?=[^\s-])")
_AUTH_OR_PRIVACY = re.compile(r"[ \t]-[AX][ \t]{1,4}")
_RADIUS = re.compile(
    r"radtest(?:[ \t]{1,4}-[a-z46P]{1,3}(?:[ \t]{1,4}\w{1,12})?){0,3}[ \t]{1,4}[^\s-]\S{0,127}[ \t]{1,4}(?=\S)"
)
_HASHED = re.compile(r"(?:openssl passwd|mkpasswd)[^|\n'\"]{0,60}[ \t](?=['\"])")
_PAIRED = re.compile(r"[ \t]-u[ \t]{1,4}[\"']?[^\s,\"']{1,64},(?=[^\s,])")
_WIFI = re.compile(r"wpa_passphrase[ \t]{1,4}(?:\"[^\"\n]{1,64}\"|'[^'\n]{1,64}'|[^\s-]\S{0,63})[ \t]{1,4}(?=\S)")
_NETWORK = re.compile(r"[ \t.](?:psk|password|pin|wep-key[0-3]|leap-password|private-key-password)[ \t]{1,4}(?=\S)")
_P = re.compile(r"[ \t][-/]p(?::|[ \t]{1,4})", re.I)
_PERCENT = re.compile(r"[ \t](?:-U|--user)[ \t=]{0,4}[\"']?[^\s%\"']{1,128}%")
_SLASHED = re.compile(
    r"(?:sqlplus[ \t]{1,4}|oracle:thin:)(?:-[A-Za-z]{1,4}[ \t]{1,4}){0,3}[A-Za-z][\w$#.-]{0,60}/(?=[^\s/@]{1,256}@)",
    re.I,
)
# Options with a `b`; with an `n` among them there is no file before the user.
_HTPASSWD = re.compile(
    r"htpasswd(?=[^|\n]{0,40}[ \t]-[A-Za-z]{0,6}b)(?:(?=[^|\n]{0,40}[ \t]-[A-Za-z]{0,6}n)(?:[ \t]{1,4}-\w{1,8}){1,4}"
    r"|(?:[ \t]{1,4}-\w{1,8}){1,4}[ \t]{1,4}[^\s-]\S{0,200})[ \t]{1,4}[\w.@\\-]{1,64}[ \t]{1,4}(?=[^\s>|])"
)
_ROOTPW = re.compile(r"rootpw[ \t]{1,4}(?:--(?:plaintext|lock|allow-ssh)[ \t]{1,4}){0,3}(?=[^\s-])")
_PRESEED = re.compile(r"passwd/[a-z-]{1,24}password(?:-again)?[ \t]{1,4}password[ \t]{1,4}(?=\S)")
_GENERATED = re.compile(r"random_password\b[^\n]{0,200}?\bresult[\"']?[ \t]{0,40}[=:][ \t]{0,4}(?=\S)")
_FROM_THE_NAME = (_SLASHED, _HTPASSWD, _ROOTPW, _RADIUS, _WIFI, _GENERATED)
_PROGRAMS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (("ldapsearch", "ldapmodify", "ldapadd", "ldapwhoami", "ldappasswd", "squidclient"), _W),
    (("snmpwalk", "snmpget", "snmpset", "snmpbulk"), _C),
    (("snmpwalk", "snmpget", "snmpset", "snmpbulk"), _AUTH_OR_PRIVACY),
    (("unzip ", "zip -"), _ZIP),
    (("7z ", "rar "), _ARCHIVE),
    (("radtest ",), _RADIUS),
    (("openssl passwd", "mkpasswd "), _HASHED),
    (("lftp ",), _PAIRED),
    (("wpa_passphrase ",), _WIFI),
    (("nmcli ",), _NETWORK),
    (("random_password",), _GENERATED),
    (("keyvault secret set",), _VALUE),
    (("redis-cli",), _A),
    (("openssl enc", "openssl aes"), _K),
    (("omsadmin", "onboard_agent"), _S),
    (("plink", "pscp", "psftp", "putty"), _PW),
    (("signtool", "winrs", "xfreerdp", "wfreerdp", "cntlm "), _P),
    (("htpasswd ",), _HTPASSWD),
    (("rootpw ",), _ROOTPW),
    (("d-i passwd/",), _PRESEED),
    (("smbclient", "rpcclient", "net ads ", "net rpc "), _PERCENT),
    (("sqlplus", "oracle:thin"), _SLASHED),
)
PROGRAMS = tuple(dict.fromkeys(name for names, _ in _PROGRAMS for name in names))
"""Names of programs that take a secret in such a way, in lower case."""
_CALLS = {
    "secretcredential(": 2,
    "usernamepasswordcredential(": 2,
    "basicauth(": 1,
    "digestauth(": 1,
    "auth=(": 1,
    "'auth': (": 1,
    "httpproxyauth(": 1,
    "addcloudworkspace(": 1,
    "x509certificate2(": 1,
    "x509certificate2]::new(": 1,
}
CALLS = tuple(_CALLS)
"""Calls with a secret among their arguments, in lower case."""
_COMMA = re.compile(r"[ \t]{0,8}(?:,[ \t]{0,8})?[bru]?")


def find_option(line: Line, hit: int) -> list[Span]:
    """The secrets in the command of the program whose name stands at `hit`."""
    spans: list[Span] = []
    for option in [option for names, option in _PROGRAMS if line.low.startswith(names, hit)]:
        for match in islice(option.finditer(line.text, hit, hit + _LOOK), _MOST):
            if option in _FROM_THE_NAME and match.start() != hit:
                break
            spans += _hidden(line, read_value(line.text, match.end(), "@" if option is _SLASHED else ""), hit)
    return spans


def find_argument(line: Line, hit: int) -> list[Span]:
    """The argument of a call that is a secret, if the ones before it are texts, too."""
    call = next(call for call in CALLS if line.low.startswith(call, hit))
    at = hit + len(call)
    value: Value | None = None
    for _ in range(_CALLS[call] + 1):
        comma = _COMMA.match(line.text, at)
        value = read_quoted(line.text, comma.end(), sure=True) if comma else None
        if value is None or not value.closed:
            return []
        at = value.end + len(value.quote)
    return _hidden(line, value, hit) if value else []


def _hidden(line: Line, value: Value, context: int) -> list[Span]:
    text = line.text[value.start : value.end]
    if is_blank_value(text) or has_placeholder(line.text, value.start) or "«" in text or text[:1] in "-$":
        return []
    return [Span(value.start, value.end, SecretKind.PASSWORD, context)]
