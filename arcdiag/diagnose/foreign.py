"""Calls of other programs: a failure on the way to a host that is neither Azure's nor this machine's proxy.

A web server whose upstream is down and a backup product that the proxy refuses print the words of the agent's own
failures. Only the host, or the port, tells whose failure it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import replace

from arcdiag.diagnose.reading import Reading
from arcdiag.knowledge.endpoints import role_of
from arcdiag.knowledge.pattern import TOKEN
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.subjects import host_part, normal_proxy
from arcdiag.logs.scan import Match
from arcdiag.model.fact import Fact
from arcdiag.model.record import Record
from arcdiag.model.subject import Subject, SubjectKind

CALLS = ("tcp.", "dns.", "tls.", "proxy.", "http.")
"""How the ids of signals begin that tell of a call over the network."""
_FREE_FORMS = frozenset({"plain", "dated", "journal", "logrus"})
FREE_KINDS = frozenset({"console", "journal", "json"})
"""Kinds of files that hold the words of anybody."""
_PROXY_PORTS = frozenset({1080, 3128, 8000, 8080, 8081, 8118, 8888, 9090, 9400, 9480})
_SERVICE_PORTS = frozenset({53, 80, 443, 8443, 32526, 50342}) | _PROXY_PORTS
"""Ports of what the agent talks to: Azure, resolvers, proxies, and the local services of Azure's agents."""
_OF_PROXIES = {
    "tcp.refused": "proxy.refused",
    "tcp.timeout": "proxy.timeout",
    "tcp.connect-failed": "proxy.timeout",
    "tcp.host-unreachable": "proxy.host-unreachable",
}
_HAND = ("tested", "by hand")
_BY_HAND = re.compile(r"\b(?:curl|nc|ncat|telnet|wget)\b|Test-NetConnection|TCP connect to|Failed to connect to", re.I)
_PROXY_KEYS = {"agent.show": ("https_proxy", "upstream_proxy"), "agent.proxy": ("url",)}
_LOCAL_PORTS = range(40340, 40345)
_LABEL = r"[a-z0-9_-]{1,63}"
_URL = re.compile(
    rf"(?:https?|wss)://(?:[^\s/@\"']{{1,200}}@)?((?:{TOKEN}|[a-z0-9_])(?:{TOKEN}|[a-z0-9_.-]){{0,252}})", re.I
)
_PORTED = re.compile(
    rf"(?<![\w.-])\[?({TOKEN}(?:\.{_LABEL}){{0,10}}|{_LABEL}(?:\.(?:{_LABEL}|{TOKEN})){{1,10}})\]?"
    r"\s?:\s?(\d{1,5})\b(?![.:]\d)",
    re.I,
)
_PORT = re.compile(r"\bport[ :=]{1,3}(\d{1,5})\b", re.I)
_ADDRESS = re.compile(r"[\d.]+|\[?[0-9a-f:]+\]?|«ip[a-z-]{0,20}:[^»]{1,80}»")
_AZURES = re.compile(
    r"(?:^|\.)(?:azure\.(?:com|net|us|cn)|microsoft\.com|microsoftonline\.(?:com|us)|windows\.net|live\.com|chinacloudapi\.cn"
    r"|usgovcloudapi\.net|msftconnecttest\.com|msftncsi\.com|windowsupdate\.com|visualstudio\.com|digicert\.com|aka\.ms)"
    r"(?:\.|$)"
)
_REACH = 700


def is_foreign_call(rules: RuleSet, record: Record, match: Match, kind: str) -> bool:
    """Whether a match tells of a call to somebody else's host, in a text that is nobody's in particular.

    What names no host at all is not judged here.
    """
    if kind not in FREE_KINDS or record.form not in _FREE_FORMS or not match.signal.startswith(CALLS) or match.role:
        return False
    if rules.signals[match.signal].rule.subject == "machine":
        return False
    text = record.text[max(0, match.span[0] - _REACH) : match.span[1] + _REACH]
    proxy = match.subject.id if match.subject and match.subject.kind is SubjectKind.PROXY else None
    hosts = [host.lower().rstrip(".") for host in _URL.findall(text)]
    if match.subject and match.subject.kind is SubjectKind.ENDPOINT:
        hosts.append(host_part(match.subject.id))
    ports = {int(port) for port in _PORT.findall(text)} | {int(port) for _, port in _PORTED.findall(text)}
    hosts += [host.lower() for host, _ in _PORTED.findall(text)]
    told = [host for host in hosts if not _is_proxys(host, proxy, text)]
    if any(_is_azures(rules, host) for host in told) or not _PROXY_PORTS.isdisjoint(ports):
        return False
    if any(not _ADDRESS.fullmatch(host) for host in told):
        return True
    return bool(ports) and not any(port in _SERVICE_PORTS or port in _LOCAL_PORTS for port in ports)


def names_only_others(rules: RuleSet, text: str) -> bool:
    """Whether a text holds addresses, and all of them are of hosts that are not Azure's."""
    hosts = [host.lower().rstrip(".") for host in _URL.findall(text)]
    return bool(hosts) and not any(_is_azures(rules, host) for host in hosts)


def as_proxys(record: Record, match: Match) -> Match:
    """The match as one of the proxy's, where a test by hand (`curl -x`, `nc`) went to a port that proxies listen on."""
    signal = _OF_PROXIES.get(match.signal)
    subject = match.subject
    if signal is None or match.role or subject is None or subject.kind is not SubjectKind.ENDPOINT:
        return match
    if record.form != "plain" or not _BY_HAND.search(record.text):
        return match
    near = record.text[max(0, match.span[0] - 200) : match.span[1] + 200]
    found = [int(port) for port in _PORT.findall(near)] + [int(port) for _, port in _PORTED.findall(near)]
    port = next((port for port in found if port in _PROXY_PORTS), None)
    if port is None:
        return match
    proxy = f"{host_part(subject.id)}:{port}"
    return replace(match, signal=signal, subject=Subject(SubjectKind.PROXY, proxy), captures=(("proxy", proxy), _HAND))


def drop_other_proxies(readings: Iterable[Reading], facts: Iterable[Fact]) -> None:
    """Forget tests by hand of proxies that are not the agent's, where it is known which one is."""
    urls = [str(f.value.get(key) or "") for f in facts for key in _PROXY_KEYS.get(f.fact, ())]
    known = {host_part(normal_proxy(url)) for url in urls if url}
    for reading in readings if known else ():
        for groups in (*reading.loose.values(), *(t.groups for t in reading.tries)):
            for key, group in list(groups.by_key.items()):
                if _HAND in group.captures and group.subject and _is_another(group.subject.id, known):
                    del groups.by_key[key]


def _is_another(proxy: str, known: Set[str]) -> bool:
    """Whether a proxy is none of the known ones; an address and a name cannot be compared."""
    host = host_part(proxy)
    address = _ADDRESS.fullmatch(host) is not None
    return host not in known and all((_ADDRESS.fullmatch(name) is not None) == address for name in known)


def _is_proxys(host: str, proxy: str | None, text: str) -> bool:
    """Whether a host is the proxy that a text speaks of, by its subject or by the word before it."""
    if proxy is not None and host_part(proxy) == host:
        return True
    at = text.lower().find(host)
    return at >= 0 and "proxy" in text[max(0, at - 24) : at].lower()


def _is_azures(rules: RuleSet, host: str) -> bool:
    return _AZURES.search(host) is not None or role_of(rules, host) is not None
