"""Secrets that tools take in a way of their own: curl, openssl, net, cmdkey, schtasks, pipes, encoded commands."""

from __future__ import annotations

import base64
import binascii
import re

from arcdiag.redact.elsewhere import echoed_value
from arcdiag.redact.judge import has_placeholder, is_blank_value
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span
from arcdiag.redact.names import kind_of_name
from arcdiag.redact.values import Value, read_value

_LOOK = 2000
_CURL = re.compile(
    r"[ \t](?:-[A-Za-z]{1,8}[uU][ \t]{0,4}|(?P<cert>-E[ \t]{0,4}|--(?:proxy-)?cert[ \t=]{1,4})"
    r"|--(?:proxy-)?pass[ \t=]{1,4})"
)
_PATH_HEAD = re.compile(r"[\"']?(?:[A-Za-z]:[\\/])?[^:\s\"']{1,400}:")
_DIRECT = re.compile(
    r"-pass(?:in|out)?(?:[ \t=]{1,4}|[\"'], ?)[\"']?pass:|/pass(?:word)?:|/rp[ \t]{1,4}|"
    r"net1?(?:\.exe)?[ \t]{1,4}user[ \t]{1,4}(?:\"[^\"\n]{1,64}\"|[^\s/]{1,64})[ \t]{1,4}(?=[^\s/*])|"
    r"net1?(?:\.exe)?[ \t]{1,4}use[ \t]{1,4}(?:[A-Za-z*]:?[ \t]{1,4})?\\\\[^\s]{1,256}[ \t]{1,4}"
    r"(?:/u(?:ser)?:[^\s]{1,128}[ \t]{1,4})?(?=[^\s/*])",
    re.I,
)
_INTO = re.compile(
    r"[ \t]{0,8}(?:(?:sudo[ \t]{1,4})?(?:chpasswd|passwd[ \t]{1,4}--stdin)"
    r"|sudo[ \t]{1,4}(?:-[A-Za-z]{1,8}[ \t]{1,4}){0,3}-S\b"
    r"|(?:sudo[ \t]{1,4})?(?:kinit|runas|realm[ \t]|adcli[ \t]|net[ \t]ads)"
    r"|[^|\n]{1,200}--(?:password-stdin|stdin-password)|base64\b(?![ \t]{1,4}-{1,2}[dD]))"
)
_PACK = re.compile(r"[ \t]{0,8}base64\b")
_LOGIN = re.compile(r"[\w.@\\-]{1,64}:(?=[^\s/$%]{4})")
_SAID = re.compile(
    r"(?:echo|printf)[ \t]{1,4}(?:-[neE]{1,3}[ \t]{1,4})?(?:[\"']?%s(?:\\n)?[\"']?[ \t]{1,4})?"
    r"(?P<quote>[\"']?)(?P<value>[^\"'|\n]{2,1024}?)(?P=quote)[ \t]{0,8}\Z"
)
_READER = re.compile(
    r"\b(?:read[ \t]{1,4}-r?s|kinit|passwd|realm|adcli|cryptsetup|sudo[ \t]{1,4}-S|password-stdin"
    r"|password-file[ =]/dev/stdin|az[ \t]{1,4}devops[ \t]{1,4}login|gh[ \t]{1,4}auth[ \t]{1,4}login|--with-token)\b"
)
_READER_WITHIN = 200
_BLANKS = re.compile(r"[ \t]{0,8}")
_ENCODED = re.compile(
    r"-e(?:c|n(?:c[a-z]{0,12})?)?[ \t:=]{1,4}[\"']?(?P<value>[A-Za-z0-9+/]{24,32768}={0,2})"
    r"|(?:proctitle|cmd)=(?P<hex>[0-9A-F]{24,16384})",
    re.I,
)
_HEX = re.compile(r"[ \t]a[0-9]{1,3}=(?P<hex>(?:[0-9A-F]{2}){12,8192})(?=\s|\Z)")
MASKS = ("::add-mask::", "task.setsecret]", "task.setvariable ", "::set-output name=")
"""What tells a pipeline of a secret, or of a variable that may be one, in lower case."""
_MASKED = re.compile(r"[ \t]{0,4}(?P<value>[^\s\"'$][^\r\n\"']{3,1023})")
_VARIABLE = re.compile(r"(?:[^\]\n]{0,120}?variable=)?(?P<name>[\w.-]{1,80})(?:;[^\]\n]{0,80})?(?:\]|::)", re.I)
_FILE_OF = re.compile(r"(?:pass|secret|token|key|cred)[\w-]{0,20}[ \t=]{1,4}\Z")
_TELLING = re.compile(
    rb"secret|passw|\bpw\b|pwd|token|credential|account-?key|azcmagent[^\n]{1,2000} -p[ =\0]|networkcred|/user:"
    rb"|[ \t]-u[ \t]{1,4}[^\s:]{1,64}:[^\s]{4}|--proxy-user|://[^/\s:]{1,128}:[^/\s@]{2,128}@|[0-9]q~[\w.~-]{20}|[?&]sig=",
    re.I,
)


def find_curl(line: Line, hit: int) -> list[Span]:
    """What curl takes as user and password, or as the password of a certificate, in any bundle of short options."""
    spans: list[Span] = []
    for match in _CURL.finditer(line.text, hit, hit + _LOOK):
        value = read_value(line.text, match.end())
        text = line.text[value.start : value.end]
        start = value.start
        if match["cert"]:
            path = _PATH_HEAD.match(text)
            start = value.start + path.end() if path else value.end
        elif "pass" not in match[0] and (":" not in text.strip(":") or "//" in text):
            continue
        kind = SecretKind.PASSWORD if match["cert"] or "pass" in match[0] else SecretKind.PROXY_CREDENTIALS
        spans += _hidden(line, Value(start, value.end, value.quote), kind, hit)
    return spans


def find_direct(line: Line, hit: int) -> list[Span]:
    """The password of `openssl -passin pass:…`, `cmdkey /pass:…`, `schtasks /rp …`, `net use` and `net user`."""
    match = _DIRECT.match(line.text, hit) or _DIRECT.match(line.text, hit + 1)
    return _hidden(line, read_value(line.text, match.end()), SecretKind.PASSWORD, hit) if match else []


def find_piped(line: Line, hit: int) -> list[Span]:
    """What is echoed into a program that reads a password."""
    if not _INTO.match(line.text, hit + 1):
        return []
    said = _SAID.search(line.text, max(0, hit - _LOOK), hit)
    if said and _PACK.match(line.text, hit + 1):
        user = _LOGIN.match(said["value"])
        packed = Value(said.start("value") + user.end(), said.end("value")) if user else None
        return _hidden(line, packed, SecretKind.PASSWORD, hit) if packed else []
    return _hidden(line, Value(said.start("value"), said.end("value")), SecretKind.PASSWORD, hit) if said else []


def find_here_string(line: Line, hit: int) -> list[Span]:
    """`<<< 'secret'` behind a program that reads a password."""
    if not _READER.search(line.text, max(0, hit - _READER_WITHIN), hit):
        return []
    blank = _BLANKS.match(line.text, hit + 3)
    value = read_value(line.text, blank.end() if blank else hit + 3)
    return [] if line.text.startswith("$", value.start) else _hidden(line, value, SecretKind.PASSWORD, hit)


def find_encoded_command(line: Line, hit: int) -> list[Span]:
    """A command in base64 (PowerShell) or in hexadecimal digits (auditd) that speaks of a secret."""
    match = _ENCODED.match(line.text, hit) or _ENCODED.match(line.text, hit + 1)
    if match is None:
        return []
    group = "hex" if match["hex"] else "value"
    try:
        raw = bytes.fromhex(match[group]) if match["hex"] else base64.b64decode(match[group] + "==")
    except (ValueError, binascii.Error):
        return []
    if not _TELLING.search(raw.replace(b"\0", b"" if group == "value" else b" ")):
        return []
    return [Span(match.start(group), match.end(group), SecretKind.CREDENTIALS, hit)]


def find_arguments(line: Line, hit: int) -> list[Span]:
    """The arguments that auditd wrote in hexadecimal digits and that speak of a secret."""
    next_one = line.low.find("type=execve", hit + 1)
    return [
        Span(*match.span("hex"), SecretKind.CREDENTIALS, match.start())
        for match in _HEX.finditer(line.text, hit, next_one if next_one >= 0 else len(line.text))
        if _TELLING.search(bytes.fromhex(match["hex"]).replace(b"\0", b" "))
    ]


def find_masked(line: Line, hit: int) -> list[Span]:
    """What a pipeline is told to mask, as its log then shows it."""
    mask = next(mask for mask in MASKS if line.low.startswith(mask, hit))
    at = hit + len(mask)
    variable = _VARIABLE.match(line.text, at) if mask[-1] in "= " else None
    if mask[-1] in "= " and (variable is None or kind_of_name(variable["name"]) is None):
        return []
    match = _MASKED.match(line.text, variable.end() if variable else at)
    value = Value(*match.span("value")) if match else None
    return _hidden(line, value, SecretKind.PASSWORD, hit) if value else []


def find_substituted(line: Line, hit: int) -> list[Span]:
    """What a command echoes in place of the file of a password."""
    value = echoed_value(line.text, hit) if _FILE_OF.search(line.low, max(0, hit - 60), hit) else None
    return _hidden(line, value, SecretKind.PASSWORD, hit) if value else []


def _hidden(line: Line, value: Value, kind: SecretKind, context: int) -> list[Span]:
    text = line.text[value.start : value.end]
    if is_blank_value(text) or has_placeholder(line.text, value.start) or "«" in text:
        return []
    return [Span(value.start, value.end, kind, context)]
