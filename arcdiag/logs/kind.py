"""What kind of file this is: by its content first, by its name second."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from arcdiag.logs.grammar import asked_host, parse_start
from arcdiag.logs.words import Words

_SHOW = re.compile(
    r"^(?:Resource Name|Agent Version|Agent Status|Agent Last Heartbeat|Dependent Service Status)\s{0,40}:?", re.M
)
_SHOW_ROW = re.compile(r" {0,4}[A-Z][\w ().,/-]{1,60}?\s{0,60}:(?: |$)|(?:Dependent Service Status|Cloud Metadata)\s*$")
_CHECK = re.compile(r"^[ \t]{0,80}(?:ENDPOINT|USE CASE)[ \t]{0,400}\|.*REACHABLE", re.M | re.I)
_CONFIG_LIST = re.compile(r"^Local Configuration Settings", re.M)
_GC_SHELL = re.compile(r"^[ \t]{0,80}(?:<GCLOG>)?\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^\]]*\] ?\[PID", re.M)
_LOGRUS = re.compile(r"^[ \t]{0,4}time=\"?\d{4}-", re.M)
_MSI = re.compile(r"^(?:=== Verbose logging started|MSI \([cs]\) \()", re.M)
_DOCUMENT = re.compile(r"#{1,5} \S|\|.{3,}\|.{1,}\||title: \S")
_PROMPTED = re.compile(
    r"# (?:sudo )?(?:\S{0,80}/)?(?:azcmagent|systemctl|service|journalctl|ausearch|auditctl|dmesg|df|du|mount|findmnt"
    r"|lsblk|ls|cat|head|tail|grep|egrep|zgrep|stat|id|getent|ps|ss|netstat|lsof|ip|ping|curl|wget|openssl|dig|nslookup|host|nc"
    r"|ncat|telnet|traceroute|tracepath|iptables|nft|firewall-cmd|ufw|getenforce|sestatus|timedatectl|chronyc|ntpq|date"
    r"|uname|hostname|hostnamectl|uptime|who|whoami|env|export|rpm|dpkg|apt|apt-get|yum|dnf|zypper|free|top|last|waagent"
    r"|update-crypto-policies|resolvectl|az|python3?|bash|sh|echo)"
    r"(?: (?!(?:is|was|are|and|or|of|for|to|the|if|has|must|can)\b).{0,400})?[^.:]?\s*\Z"
)
_SHEBANG = re.compile(r"\s{0,20}(?:#!\s?/|@echo off\b|<#|#requires\b|\[CmdletBinding)", re.I)
_CONTROL = re.compile(
    r"\s{0,40}(?:if \[|if ?\(|if !|\}? ?else\b|elif |elseif\b|fi\b|then\b|esac\b|done\b|case \$|for \w{1,40} in |while "
    r"|foreach ?\(|function \w|\w{1,60}\(\) ?\{|exit \d|try ?\{|\}? ?catch\b|\}? ?finally ?\{|param ?\(|throw "
    r"|return\b)",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    r"\s{0,40}(?:export \w{1,60}=|\w{1,60}=[\"'$(]|local \w|set -[eux]|echo [\"'$-]|sudo |[{}]\s*\Z"
    r"|\$(?:env:|global:|script:)?\w{1,60} ?[+]?= ?|Write-\w{1,20} |& ?[\"$])",
    re.IGNORECASE,
)
_GPO = re.compile(r"^\[\d{4}-\d\d-\d\d\]\[\d\d:\d\d:\d\d\] ", re.M)
_WAAPP = re.compile(r"^\[\d{8}\] \[?\d", re.M)
_WAAGENT = re.compile(
    r"^\d{4}[/-]\d\d[/-]\d\d[ T][\d:]{8}(?:\.\d{1,9}Z|\.\d{5,9}) (?:INFO|WARNING|ERROR|VERBOSE) "
    r"|^\d{4}[/-]\d\d[/-]\d\d[ T][\d:.]+ (?:INFO|WARNING|ERROR|VERBOSE)"
    r" (?:Daemon|ExtHandler|MainThread|Event|\[(?:Microsoft|HEART|PERIODIC))",
    re.M,
)
_AGENTS = re.compile(
    r"azcm|himds|azure|aadsts|\barm\b|\bagent\b|AgentConfig|elevated user|Exit Code|endpoint|msi cert|guestconfig"
    r"|4034\d|«(?:subscription|tenant|resource(?:-group)?):",
    re.IGNORECASE,
)
"""Words of the agent's own logs: containerd, Docker and many others write in the same form."""
_HOSTS = re.compile(r"^[ \t]{0,4}(?:127\.0\.0\.1|::1)\s{1,20}localhost\b", re.M)
_JOURNAL = re.compile(r"^[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d [\w.:«»-]+ [\w@.-]+(?:\[\d+\])?: ", re.M)
_SYSTEMCTL = re.compile(r"^(?:LoadState|ActiveState|SubState|ExecMainStatus)=", re.M)
_LINUX_INSTALL = re.compile(
    r"^(?:Using '(?:curl|wget)' for downloads|Platform type:|Total (?:usable|physical) memory:|Retrieving distro info)"
    r"|^(?:Setting up azcmagent|Preparing to unpack .*azcmagent)|install_linux_azcmagent\.sh: ",
    re.M,
)
_WINDOWS_INSTALL = re.compile(
    r"^VERBOSE: (?:Installing Azure Connected|PowerShell version|Installing agent)|^Installation failed: ", re.M
)
_EXPORT = re.compile(r"\s{0,20}(?:Windows Registry Editor Version 5\.00|REGEDIT4)\s")
_SECURITY = re.compile(r"^\[(?:Privilege Rights|System Access|Registry Values)\][ \t\r]{0,80}$", re.M | re.I)
_RSOP = re.compile(r"\s{0,20}(?:<\?xml[^>]{0,200}\?>\s{0,20})?(?:<!DOCTYPE.{0,4000}?>\s{0,20})?<Rsop\b", re.I | re.S)
_EVENTS = re.compile(
    r"\s{0,20}(?:<\?xml[^>]{0,200}\?>\s{0,20})?(?:<Events\b[^>]{0,300}>\s{0,20})?"
    r"<Event xmlns=['\"]http://schemas\.microsoft\.com/win/2004/08/events/event",
    re.I,
)
_VM_KEYS = frozenset(
    {
        "osprofile", "instanceview", "vmagent", "patchstatus", "patchsettings", "vmagentversion", "typehandlerversion",
        "assessmentactivityid", "installationactivityid",
    }
)  # fmt: skip


def _json_kind(head: str, name: str) -> str | None:
    text = head.lstrip()
    if not re.match(r"\{\s*[\"}]|\[\s*[{\"\]]", text):
        return None
    keys = {key.lower() for key in re.findall(r'"([A-Za-z][\w. ]{1,60})"\s*:', text[:20_000])}
    if {"agentversion", "status"} <= keys or {"lastheartbeat", "status"} <= keys:
        return "show-json"
    if "reachable" in keys and ("endpoint" in keys or "tls" in keys):
        return "check-json"
    if "proxy.url" in keys or "config.mode" in keys or "incomingconnections.enabled" in keys:
        return "local-config"
    if {"vmid", "subscriptionid"} <= keys and "resourcename" in keys and "status" not in keys:
        return "agent-config"
    if "status" in keys and "error" in keys and "azcm" in text.lower():
        return "installer-json"
    return "vm-json" if keys & _VM_KEYS and "microsoft.hybridcompute/" not in text.lower() else "json"


def _logrus_kind(head: str, name: str) -> str | None:
    if "time=" not in head or not _LOGRUS.search(head):
        return None
    if "arcproxy" in name:
        return "arcproxy-log"
    if "himds" in name:
        return "himds-log"
    if "azcmagent" in name or "Agent Command:" in head or "Onboarding Machine" in head:
        return "azcmagent-log"
    if re.search(r"heartbeat|Starting HIMDS", head, re.I):
        return "himds-log"
    return "azcmagent-log" if _AGENTS.search(head) else None


def _gc_kind(head: str, name: str) -> str | None:
    if "[PID" not in head or not _GC_SHELL.search(head):
        return None
    if "gc_agent" in name:
        return "gc-agent-log"
    return "gc-ext-log"


@dataclass(frozen=True, slots=True)
class _Matches:
    """A sniffer for what matches; one of `words` is in all that does, and is looked for in no time."""

    pattern: re.Pattern[str]
    kind: str
    words: frozenset[str]

    def __call__(self, head: str, name: str) -> str | None:
        return self.kind if self.pattern.search(head) else None


def _matches(pattern: re.Pattern[str], kind: str, *words: str) -> _Matches:
    return _Matches(pattern, kind, frozenset(words))


@cache
def _words() -> Words:
    return Words(sorted({word for sniff in SNIFFERS if isinstance(sniff, _Matches) for word in sniff.words}))


def _check_kind(head: str, name: str) -> str | None:
    return "check-table" if "reachable" in head.lower() and _CHECK.search(head) else None


def _security_kind(head: str, name: str) -> str | None:
    """What `secedit /export` writes, and templates of the same form: sections, and no line of a log before them."""
    text = head.lstrip()
    if not text.startswith("["):
        return None
    first = text.splitlines()[0].rstrip()
    return "security-settings" if first.endswith("]") and _SECURITY.search(head) else None


def _hosts_kind(head: str, name: str) -> str | None:
    """A hosts file, or a console that shows one; what `getent hosts` prints looks the same and is an answer of DNS."""
    return "hosts-file" if name in ("hosts", "hosts.txt") or ("localhost" in head and _HOSTS.search(head)) else None


def _starts(pattern: re.Pattern[str], kind: str) -> Callable[[str, str], str | None]:
    return lambda head, name: kind if pattern.match(head) else None


SNIFFERS: tuple[Callable[[str, str], str | None], ...] = (
    _starts(_EXPORT, "registry-export"),
    _starts(_RSOP, "gpresult"),
    _starts(_EVENTS, "event-xml"),
    _security_kind,
    _json_kind,
    _gc_kind,
    _matches(_MSI, "msi-log", "Verbose logging started", "MSI ("),
    _matches(_GPO, "gpo-log", "]["),
    _matches(_WAAPP, "waappagent-log", "]"),
    _matches(_WAAGENT, "waagent-log", "INFO", "WARNING", "ERROR", "VERBOSE"),
    _logrus_kind,
    _hosts_kind,
    _check_kind,
    _matches(_CONFIG_LIST, "config-list", "Local Configuration Settings"),
    _matches(_SYSTEMCTL, "systemctl-show", "State=", "ExecMainStatus="),
    _matches(_JOURNAL, "journal", ":"),
    _matches(
        _LINUX_INSTALL, "installer-linux", "azcmagent", "for downloads", "Platform type:", "memory:", "distro info"
    ),
    _matches(_WINDOWS_INSTALL, "installer-windows", "VERBOSE:", "Installation failed:"),
)


def kind_of(head: str, path: str) -> str:
    """The kind of a file by the beginning of its text and its path; `console` for other text of commands."""
    name = PurePosixPath(path.lower()).name
    head = "" if head.isspace() else head
    words: set[str] | None = None
    for sniff in SNIFFERS:
        if isinstance(sniff, _Matches):
            words = _words().found(head) if words is None else words
            if words.isdisjoint(sniff.words):
                continue
        kind = sniff(head, name)
        if kind:
            return kind
    lines = [line for line in head.splitlines()[:80] if line.strip()]
    rows = [line for line in lines if _SHOW_ROW.match(line)]
    if len(rows) >= max(3, len(lines) * 0.8) and _SHOW.search(head):
        return "show-text"
    return "document" if _reads_like_a_document(lines) or _is_a_script(head, lines) else "console"


def _reads_like_a_document(lines: list[str]) -> bool:
    """Markdown with headings or tables and not one line of a program's log: its examples are no evidence."""
    marks = [line for line in lines if _DOCUMENT.match(line)]
    if len(marks) < 3 or len(marks) < len(lines) * 0.1 or any(parse_start(line) for line in lines):
        return False
    return not _are_prompts(lines, marks)


def _is_a_script(head: str, lines: list[str]) -> bool:
    """A script of a shell or of PowerShell, not what it printed: the messages in it have not happened."""
    if any(parse_start(line) or asked_host(line) is not None for line in lines):
        return False
    if _SHEBANG.match(head):
        return True
    code = [line for line in lines if not line.lstrip().startswith("#")]
    control = sum(1 for line in code if _CONTROL.match(line))
    statements = control + sum(1 for line in code if not _CONTROL.match(line) and _STATEMENT.match(line))
    return control >= 2 and statements >= max(5, len(code) * 0.4)


def _are_prompts(lines: list[str], marks: list[str]) -> bool:
    """Whether `# ` before commands is root's prompt: each stands before a command, bar one, and output comes behind."""
    commands = [line for line in marks if _PROMPTED.match(line)]
    fenced = any(line.lstrip().startswith(("```", "~~~")) for line in lines)
    return not fenced and len(commands) >= max(2, len(marks) - 1) and len(marks) < len(lines)
