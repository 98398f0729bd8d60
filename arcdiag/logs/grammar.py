"""How a line begins in each format; one regular expression a format, tried in order.

Formats: the agent's logrus text (`time="…" level=… msg="…"`), its terminal forms (`ERROR[0032] …`, `ERROR   …`), the
guest configuration logs (`[date time] [PID n] [TID n] [component] [LEVEL] …`), the group-policy script's log
(`[date][time] LEVEL …`), syslog and journal lines, the Azure VM agents' logs, MSI logs, extension logs, JSON lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from arcdiag.knowledge.subjects import host_of_url
from arcdiag.logs.logrus import parse_logrus, unescape_loose
from arcdiag.logs.times import parse_time, parse_us_time
from arcdiag.model.record import Level
from arcdiag.model.stamp import Stamp


@dataclass(frozen=True, slots=True)
class Start:
    """What a record's first line says. `open`: a quoted value does not end on this line."""

    form: str
    level: Level
    time: Stamp | None
    text: str
    fields: tuple[tuple[str, str], ...] = ()
    open: bool = False


LEVELS = {
    "trace": Level.DEBUG,
    "debug": Level.DEBUG,
    "verbose": Level.DEBUG,
    "info": Level.INFO,
    "information": Level.INFO,
    "notice": Level.INFO,
    "heart": Level.INFO,
    "warn": Level.WARNING,
    "warning": Level.WARNING,
    "error": Level.ERROR,
    "err": Level.ERROR,
    "critical": Level.FATAL,
    "fatal": Level.FATAL,
    "panic": Level.FATAL,
}

_LOGRUS = re.compile(r"\s{0,8}time=(?=[\"\\\d«])")
_LEVEL_FIRST = re.compile(r"\s{0,8}level=\w+ msg=")
_TTY = re.compile(r"\s{0,2}(DEBUG|INFO|WARN|WARNING|ERROR|FATAL|PANIC)\[\d{1,8}\]\s(.*)", re.DOTALL)
_CONSOLE = re.compile(r"\s{0,4}(DEBUG|INFO|WARN|WARNING|ERROR|FATAL|PANIC)(?:\s{2,8}|\s(?=\S))(.*)", re.DOTALL)
_GC = re.compile(
    r"\s{0,4}(?:<GCLOG>\s?)?\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)\] ?\[PID +\d+\] ?\[TID +\d+\] ?"
    r"\[([^\]]{0,80})\] ?\[(\w{3,8})\] ?(?:\[[0-9a-fA-F-]{0,36}\] ?)?(.*?)(?:</GCLOG>)?\s*\Z",
    re.DOTALL,
)
_BEGINNING = re.compile(r"\s{0,4}(?:<GCLOG>\s?)?\[\d{4}-\d\d-\d\d[ T]\d\d:\d\d|\s{0,4}time=\"\d{4}-\d\d-\d\dT")
_GPO = re.compile(
    r"\s{0,4}\[(\d{4}-\d\d-\d\d)\]\s?\[(\d\d:\d\d:\d\d)\]\s*(?:(INFO|WARNING|WARN|ERROR|DEBUG)\s)?\s*(.*)", re.DOTALL
)
_SYSLOG = re.compile(
    r"(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d|(?P<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^ ]{0,20}))"
    r" (?P<host>(?:[\w.-]|«[a-z-]{1,24}:[0-9a-f.]{1,80}»){1,255}) "
    r"(?P<unit>[\w@./() -]{1,64}?)(?:\[\d+\])?: (?P<text>.*)",
    re.DOTALL,
)
_WAAPP = re.compile(
    r"\[\d{4,10}\] \[?(\d{4}-\d\d-\d\dT[\d:]{8}Z|\d\d/\d\d/\d{4} [\d:.]{8,12})\]? \[(\w{4,8})\]\s{0,4}(.*)", re.DOTALL
)
_WAAGENT = re.compile(r"(\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d\.\d+Z?) (INFO|WARNING|ERROR|VERBOSE)\s(.*)", re.DOTALL)
_DATED = re.compile(
    r"\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)\]?"
    r"[\s,|:-]{1,3}\[?(\w{3,11})\]?[\s|:,-]\s{0,8}(.*)",
    re.DOTALL,
)
_PATCH = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)> \[?(ERROR|WARNING|WARN|INFO|DEBUG|VERBOSE)?\b\]?[: -]{0,4}(.*)", re.DOTALL
)
_US_DATED = re.compile(
    r"\[(\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d(?: [AP]M)?(?: UTC)?)\]\s\[(\w{3,8})\]\s{1,8}(.*)", re.DOTALL
)
_MSI = re.compile(
    r"(?:MSI \([csN]\) \([0-9A-F]{2}[:!][0-9A-F]{2}\) \[[\d:]{8,14}\]: "
    r"|Action (?:start|ended) \d|Property\([CSN]\): |=== )"
)
_WIX = re.compile(r"(?:Wix\w{3,30}|CAQuietExec\w{0,4}):  ?(.*)", re.DOTALL)
_WGET = re.compile(r"--(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)--\s")
_PROMPT = re.compile(
    r"(?:PS [A-Z]:\\|[A-Z]:\\[^>]{0,200}>|\[?[\w.«:»-]{1,60}@[\w.«:»-]{1,80}[: ][^#$]{0,100}[#$] |[#$] (?=\S)"
    r"|VERBOSE: |WARNING: )"
)
_SHELL = re.compile(
    r"(?:PS [A-Z]:\\[^>]{0,200}>|[A-Z]:\\[^>]{0,200}>|\[?[\w.«:»-]{1,60}@[\w.«:»-]{1,80}[: ][^#$]{0,100}[#$] "
    r"|[#$] (?=\S))"
)
_THROUGH = re.compile(r"\s(?:-x|--proxy|-Proxy)[ =]{1,4}\S{1,300}|\bhttps?_proxy=\S{1,300}")
_TARGET = re.compile(
    r"(?:-connect|Test-NetConnection|tnc|nslookup|Resolve-DnsName|dig(?:\s{1,4}[@+-]\S{1,100}){0,6}|ping"
    r"|nc -\S{1,6}|telnet)\s{1,4}"
    r"(?:-ComputerName\s{1,4})?([A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
    # Names that were replaced: full ones have a dot in their token, or labels behind it.
    r"|«(?:[a-z-]{1,24}:[0-9a-f]{1,32}\.[0-9a-f.]{1,40}|(?:ip[a-z-]{0,20}|domain):[^»\s]{1,80})»"
    r"|«[a-z-]{1,24}:[^»\s]{1,80}»(?:\.[A-Za-z0-9-]{1,63}){1,8})",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"\bsc(?:\.exe)?\s{1,4}(?:\\\\\S{1,80}\s{1,4})?(?:query|queryex|qc|qfailure|start|stop|config|delete)\s{1,4}\"?([\w.-]{1,80})",
    re.IGNORECASE,
)
_PING = re.compile(
    r"[>#$] ?(?:sudo )?(?:ping6?(?:\.exe)? |systemctl is-\w{1,12} [\w.@-]{1,80}\s*\Z|dig [^|;&]{1,200}\Z"
    r"|nslookup(?:\.exe)? "
    r"|curl(?:\.exe)? [^|;&]{0,300}?(?:-x|--proxy)[ =])",
    re.IGNORECASE,
)
_PANIC = re.compile(r"(?:panic: |fatal error: |unexpected fault address |\[signal SIG)\S")
_PROGRESS = re.compile(r"\s{0,8}\d{1,3}%\s?\[")


def _level(word: str | None) -> Level:
    return LEVELS.get((word or "").lower(), Level.PLAIN)


def _logrus(line: str) -> Start | None:
    if not (_LOGRUS.match(line) or _LEVEL_FIRST.match(line)):
        return None
    parsed = parse_logrus(line.strip())
    fields = dict(parsed.fields)
    time = parse_time(fields.pop("time", ""))
    level = _level(fields.pop("level", ""))
    return Start("logrus", level, time, parsed.text, tuple(fields.items()), parsed.open)


def _tty(line: str) -> Start | None:
    match = _TTY.match(line)
    return Start("tty", _level(match[1]), None, unescape_loose(match[2].strip())) if match else None


def _console(line: str) -> Start | None:
    match = _CONSOLE.match(line)
    return Start("console", _level(match[1]), None, unescape_loose(match[2].strip())) if match else None


def _gc(line: str) -> Start | None:
    match = _GC.match(line)
    if not match:
        return None
    return Start(
        "gc", _level(match[3]), parse_time(match[1]), unescape_loose(match[4].strip()), (("component", match[2]),)
    )


def _gpo(line: str) -> Start | None:
    match = _GPO.match(line)
    if not match:
        return None
    time = parse_time(f"{match[1]} {match[2]}")
    inner = _nested(match[4])
    if inner:
        return Start(inner.form, inner.level, inner.time or time, inner.text, inner.fields, inner.open)
    return Start("gpo", _level(match[3]), time, unescape_loose(match[4].strip()))


def _syslog(line: str) -> Start | None:
    match = _SYSLOG.match(line)
    if not match:
        return None
    time = parse_time(match["iso"] or "")
    unit = match["unit"].strip()
    told = (("unit", unit), ("host", match["host"]))
    inner = _nested(match["text"])
    if inner:
        return Start("journal", inner.level, inner.time or time, inner.text, (*inner.fields, *told), inner.open)
    return Start("journal", Level.PLAIN, time, f"{unit}: {match['text'].strip()}", told)


def _nested(text: str) -> Start | None:
    return _logrus(text) or _console(text) or _tty(text)


def _waapp(line: str) -> Start | None:
    match = _WAAPP.match(line)
    if not match:
        return None
    time = parse_time(match[1]) or parse_us_time(match[1])
    return Start("waappagent", _level(match[2]), time, unescape_loose(match[3].strip()))


def _waagent(line: str) -> Start | None:
    match = _WAAGENT.match(line)
    return Start("waagent", _level(match[2]), parse_time(match[1]), unescape_loose(match[3].strip())) if match else None


def _dated(line: str) -> Start | None:
    match = _DATED.match(line)
    if not match or match[2].lower() not in LEVELS:
        return None
    return Start("dated", _level(match[2]), parse_time(match[1]), unescape_loose(match[3].strip()))


def _patch(line: str) -> Start | None:
    """The Linux patch extension's own log."""
    match = _PATCH.match(line)
    return Start("dated", _level(match[2]), parse_time(match[1]), unescape_loose(match[3].strip())) if match else None


def _us_dated(line: str) -> Start | None:
    match = _US_DATED.match(line)
    return (
        Start("dated", _level(match[2]), parse_us_time(match[1]), unescape_loose(match[3].strip())) if match else None
    )


def _msi(line: str) -> Start | None:
    return Start("msi", Level.PLAIN, None, line.strip()) if _MSI.match(line) else None


def _panic(line: str) -> Start | None:
    """A Go program's last words, which stand between the lines of its log."""
    return Start("plain", Level.FATAL, None, line.strip()) if _PANIC.match(line) else None


def _wget(line: str) -> Start | None:
    match = _WGET.match(line)
    return Start("plain", Level.PLAIN, parse_time(match[1]), line.strip()) if match else None


GRAMMARS: tuple[Callable[[str], Start | None], ...] = (
    _logrus, _gc, _gpo, _tty, _console, _waapp, _us_dated, _waagent, _dated, _patch, _syslog, _msi, _wget, _panic,
)  # fmt: skip


def parse_start(line: str) -> Start | None:
    """The record that begins on this line, None for a plain line or a continuation."""
    for grammar in GRAMMARS:
        start = grammar(line)
        if start:
            return start
    return None


def wix_text(line: str) -> str | None:
    """The text behind `WixQuietExec64:  `, which breaks sentences at about 80 columns; None for other lines."""
    match = _WIX.match(line)
    return match[1] if match else None


def stands_alone(line: str) -> bool:
    """Whether a plain line is a record of its own even after a log record: a prompt, a progress bar."""
    return bool(_PROMPT.match(line) or _PROGRESS.match(line))


def asked_host(line: str) -> str | None:
    """The host that a command at a prompt asks (`curl https://host/`, `-connect host:443`); "" for another prompt.

    None for a line that is no prompt. The proxy that it is to go through is not asked.
    """
    if not _SHELL.match(line):
        return None
    line = _THROUGH.sub(" ", line)
    match = _TARGET.search(line)
    return (match[1] or "").rstrip(".").lower() if match else host_of_url(line) or ""


def asked_service(line: str) -> str | None:
    """The service that `sc` at a prompt asks for, in lower case; "" for another prompt and for several services.

    None for a line that is no prompt. Its answers do not name the service.
    """
    if not _SHELL.match(line):
        return None
    names = {name.lower() for name in _SERVICE.findall(line)}
    return names.pop() if len(names) == 1 else ""


def asks_ping(line: str) -> bool:
    """Whether a line is a prompt with `ping`, `dig`, `systemctl is-active` or `curl` through a proxy.

    What they print below tells only together with what was asked up here.
    """
    return _SHELL.match(line) is not None and _PING.search(line) is not None


def begins_stamped(line: str) -> bool:
    """Whether a line begins a record by its stamp, as those of the agent's logs do; found at once."""
    return _BEGINNING.match(line) is not None


def starts_record(line: str) -> bool:
    """Whether a line begins a record or stands alone; for telling wraps from new lines."""
    return bool(begins_stamped(line) or stands_alone(line) or wix_text(line) is not None or parse_start(line))
