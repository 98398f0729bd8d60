"""Secrets that commands take by position or by a short parameter: `azcmagent -p`, ConvertTo-SecureString, curl."""

from __future__ import annotations

import re

from arcdiag.redact.judge import is_blank_value, is_prose, looks_secret
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span
from arcdiag.redact.values import OPEN_QUOTE, Value, read_quoted, read_value

_TAKES_P = (
    "azcmagent",
    "service-principal",
    "az login",
    "az.cmd login",
    "sshpass",
    "plink",
    "sqlcmd",
    "mysql",
    "psexec",
    "certutil",
    "docker login",
    "podman login",
    "mongo",
)
_APPLICATION = re.compile(r"\s-i\s{1,8}[\"']?[0-9a-f]{8}-[0-9a-f]{4}-")
_SHORT = re.compile(r"(?P<quote>\\{0,15}[\"']?)-p(?:(?P<sign>[=:])|(?P=quote),?[ \t]{1,8}|(?P=quote),(?=[\"']))", re.I)
_PORT_OR_MORE = re.compile(r"[0-9]{1,5}|[`\\^]")
_GOES_ON = re.compile(r"[`\\^]\s{0,4}\Z")
_LOOK_BACK = 2000
_BOUND = re.compile(r"convertto-securestring\): name=\"string\"; value=(?=\")", re.I)
_SETTING = re.compile(
    r"(?:login|(?:proxy-)?user)[ \t]{0,8}=[ \t]{0,8}[\"']?[^\s:@/\"'$]{1,128}:"
    r"(?P<value>(?!:)[^\s\"'`@,;]{6,256})(?=[\s\"',;]|\Z)",
    re.I,
)
_PLAIN_TEXT = re.compile(
    r"convertto-securestring[ \t]{1,8}(?:(?:-AsPlainText|-Force)[ \t]{1,8}){0,2}(?:-String[ \t]{1,8})?(?=[^\s|-])", re.I
)
_PIPED = re.compile(
    r"(?P<quote>[\"']|&quot;|&apos;|&#3[49];)(?P<value>[^\"'\n]{2,1024}?)(?P=quote)[ \t]{0,8}\|[ \t]{0,8}\Z"
)
_VARIABLE = re.compile(r"\$\w{1,60}")
_CREDENTIAL = re.compile(
    r"credential(?:\]::new)?\([ \t]{0,8}(?P<user>[\"'][^\"'\n]{0,256}[\"']|\$[\w.]{1,64}),[ \t]{0,8}(?=[\"'])", re.I
)
PACKS = ("getbytes(", "b64encode(", "btoa(")
"""What turns a text into base64, in lower case."""
_PACKED_USER = re.compile(
    r"(?:getbytes|b64encode|btoa)\([ \t]{0,4}[bf]?(?P<quote>[\"'])[^\s:\"'$]{1,128}:"
    r"(?P<value>[^\"'\n]{4,256})(?P=quote)",
    re.I,
)
_EVENT = re.compile(r"!(?P<value>[^\s:]{1,80})\Z")
_USER_FLAG = re.compile(r"--(?:proxy-)?user(?:=|[ \t]{1,8})", re.I)
_AS_TOLD = ("user:password", "username:password", "user:pass", "name:password")  # of a manual
_CURL_USER = re.compile(r"-[uU][ \t]{0,4}")


def find_short_secret(line: Line, hit: int) -> list[Span]:
    """`-p VALUE` and `-pVALUE` of a command that takes a secret there; `-p` of others is a port or a switch."""
    at = line.low.find("-p", hit)
    match = _SHORT.match(line.text, hit) or _SHORT.match(line.text, hit + 1)
    if not _is_secret_command(line, hit):
        return []
    value = read_value(line.text, match.end() if match else at + 2)
    text = line.text[value.start : value.end]
    if is_blank_value(text) or _PORT_OR_MORE.fullmatch(text) or (not match and not re.search("[0-9]", text)):
        return []
    if not value.quote and (text.startswith("-") or is_prose(text)):
        return []
    return [Span(value.start, value.end, SecretKind.CLIENT_SECRET, at)]


def _is_secret_command(line: Line, hit: int) -> bool:
    start = max(0, hit - _LOOK_BACK)
    if any(line.low.rfind(name, start, hit) >= 0 for name in _TAKES_P) or _APPLICATION.search(line.low, start, hit):
        return " check" not in line.low[max(0, hit - 40) : hit]
    command: list[str] = []
    for previous in reversed(line.before.decode("utf-8", "replace").lower().split("\n")[-24:]):
        if not previous and not command:
            continue
        if not _GOES_ON.search(previous[-8:]):
            break
        command.append(previous[:_LOOK_BACK])
    return any(name in part for part in command for name in _TAKES_P)


def find_secure_string(line: Line, hit: int) -> list[Span]:
    """The plain text that a script turns into a SecureString."""
    bound = _BOUND.match(line.text, hit)
    if bound:
        return _password(line, read_quoted(line.text, bound.end(), sure=True), hit)
    match = _PLAIN_TEXT.match(line.text, hit)
    if match:
        value = read_value(line.text, match.end(), ")|")
        text = line.text[value.start : value.end]
        variable = _VARIABLE.fullmatch(text) if not value.quote else None
        if variable:
            return _assigned_before(line, variable[0], hit)
        wanted = value.end > value.start and not is_blank_value(text) and (value.quote or _as_plain_text(line, hit))
        return [Span(value.start, value.end, SecretKind.PASSWORD, hit)] if wanted and text[:1] not in "$(" else []
    if not line.text[max(0, hit - 16) : hit].rstrip().endswith("|"):
        return []
    piped = _PIPED.search(line.text, max(0, hit - 1100), hit)
    if piped and _as_plain_text(line, hit) and not is_blank_value(piped["value"]):
        return [Span(piped.start("value"), piped.end("value"), SecretKind.PASSWORD, piped.start())]
    return []


def _assigned_before(line: Line, variable: str, hit: int) -> list[Span]:
    """What the line gave that variable before."""
    sign = re.compile(re.escape(variable) + r"[ \t]{0,8}=[ \t]{0,8}(?=[\"'])", re.I)
    at = line.low.rfind(variable.lower(), max(0, hit - _LOOK_BACK), hit)
    while at >= 0 and (given := sign.match(line.text, at)) is None:
        at = line.low.rfind(variable.lower(), max(0, hit - _LOOK_BACK), at)
    return _password(line, read_quoted(line.text, given.end(), sure=True), at) if at >= 0 and given else []


def find_history_event(line: Line, hit: int) -> list[Span]:
    """What a shell took for a search in its history: a piece of a secret with an exclamation mark."""
    match = _EVENT.search(line.text, max(0, hit - 100), hit)
    return [Span(match.start("value"), hit, SecretKind.CLIENT_SECRET, match.start())] if match else []


def _as_plain_text(line: Line, hit: int) -> bool:
    return line.low.find("asplaintext", hit, hit + _LOOK_BACK) >= 0


def find_credential(line: Line, hit: int) -> list[Span]:
    """The password of `NetworkCredential("user", "password")`."""
    match = _CREDENTIAL.match(line.text, hit)
    value = read_quoted(line.text, match.end()) if match else None
    return _password(line, value, hit)


def _password(line: Line, value: Value | None, context: int) -> list[Span]:
    if value is None or is_blank_value(line.text[value.start : value.end]):
        return []
    return [Span(value.start, value.end, SecretKind.PASSWORD, context)]


def find_packed_user(line: Line, hit: int) -> list[Span]:
    """The password of `name:password` that a script turns into base64."""
    match = _PACKED_USER.match(line.text, hit)
    if match is None or match["value"][:1] in "$%{/" or is_blank_value(match["value"]):
        return []
    return [Span(*match.span("value"), SecretKind.PASSWORD, hit)]


def find_user_setting(line: Line, hit: int) -> list[Span]:
    """`login=name:password` of squid's peers, `user = name:password` of a `.curlrc`."""
    match = _SETTING.match(line.text, hit)
    if match is None or not looks_secret(match["value"]):
        return []
    return [Span(*match.span("value"), SecretKind.PROXY_CREDENTIALS, hit)]


def find_user(line: Line, hit: int) -> list[Span]:
    """`--user name:password` and `--proxy-user name:password`, and curl's `-u` and `-U`."""
    match = _USER_FLAG.match(line.text, hit) or (
        _CURL_USER.match(line.text, hit + 1) if line.low.rfind("curl", max(0, hit - _LOOK_BACK), hit) >= 0 else None
    )
    if match is None:
        return []
    value = read_value(line.text, match.end())
    text = line.text[value.start : value.end]
    if (
        text.lower() in _AS_TOLD
        or ":" not in text.strip(":")
        or OPEN_QUOTE.fullmatch(text)
        or is_blank_value(text)
        or "//" in text
    ):
        return []
    return [Span(value.start, value.end, SecretKind.PROXY_CREDENTIALS, hit)]
