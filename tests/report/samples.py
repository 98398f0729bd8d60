"""Hand-made diagnoses of every kind, and a small rule set that words them. Other tests may use them."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from arcdiag.knowledge.data_types import TextRule
from arcdiag.knowledge.rule_set import CompiledCause, CompiledSignal, CompiledStep, RuleSet, RuleSetBuilder
from arcdiag.knowledge.rule_types import CauseRule, CodeRule, SignalRule, StepRule
from arcdiag.knowledge.sources import data_dir, items_of
from arcdiag.model.attempt import Attempt, Impact, Outcome
from arcdiag.model.case import CaseInfo, Identity, NotEvaluated, Source, TimeBasis
from arcdiag.model.diagnosis import (
    AttemptSeen,
    Cause,
    Check,
    CheckStatus,
    CodeSeen,
    Confidence,
    Diagnosis,
    EndpointSeen,
    Evidence,
    EvidenceKind,
    Explained,
    FactSeen,
    Fix,
    LayerSeen,
    RuledOut,
    State,
    SupportId,
    TimelineItem,
    Unexplained,
    Verdict,
)
from arcdiag.model.message import Msg
from arcdiag.model.stamp import Stamp

NOW = datetime(2024, 10, 1, 9, 12, 44, tzinfo=UTC)
PROXY_LINE = (
    'Regional Service Discovery Error=Get "https://gbl.his.arc.azure.com/discovery?location=westeurope&api-version='
    '1.0-preview": proxyconnect tcp: dial tcp: lookup proxy01.corp.example on 10.1.1.10:53: no such host'
)

_CAUSES: list[dict[str, Any]] = [
    {
        "cause": "proxy-unreachable",
        "layer": "proxy",
        "title": "The configured proxy cannot be reached",
        "summary": "The agent sends its traffic to the proxy {proxy}, and the proxy does not answer.",
        "breaks": ["connect"],
        "look_alikes": {"dns-failure": "The name that fails is the proxy's, not Azure's."},
        "fix": [
            {"do": "Ask your network team for the right proxy. This is the one that the agent uses now."},
            {"do": "Set the right proxy."},
            {"do": "Restart the agent service."},
            {"do": "Restart the agent service."},
        ],
    },
    {
        "cause": "dns-failure",
        "layer": "network",
        "title": "Azure's names do not resolve",
        "summary": "The DNS server {resolver} does not know {host}.",
        "breaks": ["connect"],
        "fix": [{"do": "Have the DNS server forward these names to the internet."}],
    },
    {
        "cause": "agent-outdated",
        "layer": "agent",
        "title": "The agent is out of support",
        "summary": "Version {version} has been out of support since {until}.",
        "breaks": [],
        "fix": [{"do": "Update the agent."}],
    },
    {
        "cause": "firewall-blocks-endpoint",
        "layer": "network",
        "title": "A firewall blocks the way to Azure",
        "summary": "Nothing answers at {host} on port 443.",
        "breaks": ["connect"],
        "fix": [{"do": "Have port 443 opened to these names."}],
    },
]

_STEPS = [("connect", "Connect to Azure"), ("heartbeat", "Heartbeat"), ("install", "Installation")]

_CODES: list[dict[str, Any]] = [
    {"code": "AZCM0026", "names": "step", "meanings": [{"text": "The network could not be checked."}]},
    {"code": "AZCM0105", "names": "step", "meanings": [{"text": "The certificate could not be downloaded."}]},
]

_TEXTS = {
    "sample.why": "The log names the proxy's own name: {host} does not resolve.",
    "sample.not-sure": "No live check was made.",
    "sample.ruled-out": "{host} resolves.",
    "sample.check": "The clock is right to {seconds} seconds.",
    "sample.warn": "Agent {version} is out of support.",
    "sample.what": "{step} failed: {code}.",
    "sample.next": "Run {command} on the server.",
    "sample.plain": "{text}",
}


def sample_rules() -> RuleSet:
    """The shipped sentences, and a few causes, codes and steps of these tests' own."""
    builder = RuleSetBuilder()
    text = (data_dir("rules") / "text.yaml").read_text("utf-8")
    for item in items_of(text, "text.yaml"):
        builder.add(msgspec.convert(item.data, TextRule), None, "text.yaml", False)
    builder.add(TextRule(texts=_TEXTS), None, "samples", False)
    for id_, title in _STEPS:
        step = msgspec.convert({"step": id_, "title": title, "impact": "offline"}, StepRule)
        builder.add(step, CompiledStep(step, (), (), ()), "samples", False)
    for data in _CAUSES:
        cause = msgspec.convert(data, CauseRule)
        builder.add(cause, CompiledCause(cause, "samples", (), (), (), (), ()), "samples", False)
    for data in _CODES:
        builder.add(msgspec.convert(data, CodeRule), None, "samples", False)
    signal = msgspec.convert(
        {"signal": "proxy.name-unresolved", "says": "The proxy's own name {proxy} does not resolve.", "samples": {}},
        SignalRule,
    )
    builder.add(signal, CompiledSignal(signal, (), "samples"), "samples", False)
    return builder.build("0.1.0+samples")


def at(minutes: float) -> Stamp:
    """A time that many minutes before the case's now."""
    return Stamp(NOW - timedelta(minutes=minutes))


def case_info(**changes: Any) -> CaseInfo:
    """A Linux case of two files."""
    identity = Identity(
        vm_id="0a7c1f52-6d3e-4b1a-9f10-3c52d7a1e001",
        resource_id="/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-arc/providers/"
        "Microsoft.HybridCompute/machines/web01",
        subscription="11111111-2222-3333-4444-555555555555",
        tenant="99999999-8888-7777-6666-555555555555",
        region="westeurope",
        cloud="AzureCloud",
        proxy="http://proxy01.corp.example:8080",
    )
    sources = (
        Source("azcmagent.log", "azcmagent-log", "utf-8", 214, at(120), at(3)),
        Source("himds.log", "himds-log", "utf-8", 9120, at(60 * 24 * 9), at(2)),
    )
    info = CaseInfo(
        name="web01-20241001.zip",
        host="web01",
        os="linux",
        agent_version="1.46.02789.1846",
        collected_at="2024-10-01T09:12:44Z",
        now=Stamp(NOW),
        time_basis=TimeBasis.MANIFEST,
        identity=identity,
        sources=sources,
    )
    return replace(info, **changes)


def diagnosis(verdict: Verdict, **fields: Any) -> Diagnosis:
    """A diagnosis with nothing in it but what is given."""
    names = [field.name for field in dataclasses.fields(Diagnosis)]
    empty: dict[str, Any] = dict.fromkeys(names, ())
    given = {"case": case_info(), "tool_version": "0.1.0", "rules_version": "0.1.0+samples", **fields}
    return Diagnosis(**{**empty, "verdict": verdict, **given})


def log_evidence(text: str = PROXY_LINE, line: int = 41, **changes: Any) -> Evidence:
    """A log line in azcmagent.log with its context; the proxy's failure is the match in the default text."""
    start = text.find("proxyconnect")
    evidence = Evidence(
        kind=EvidenceKind.LOG,
        signal="proxy.name-unresolved",
        source="azcmagent.log",
        line=line,
        span=(start, len(text)) if start >= 0 else (0, 0),
        time=at(4),
        text=text,
        before=(
            'time="2024-10-01T09:08:40Z" level=info msg="Agent Command: connect"',
            'time="2024-10-01T09:08:41Z" level=info msg="Testing connectivity to endpoints that are needed to connect"',
        ),
        after=('time="2024-10-01T09:08:45Z" level=fatal msg="AZCM0026: Network Error"',),
        count=3,
        first=at(64),
        last=at(4),
    )
    return replace(evidence, **changes)


def probe_evidence() -> Evidence:
    """What a live probe saw."""
    return Evidence(
        kind=EvidenceKind.PROBE,
        signal="probe.proxy",
        source="probe/proxy",
        line=None,
        span=(0, 0),
        time=at(0),
        text="result=nxdomain resolver=10.1.1.10:53 ms=4",
        says=Msg.of("signal.proxy.name-unresolved.says", proxy="proxy01.corp.example"),
    )


def proxy_cause(**changes: Any) -> Cause:
    """The proxy's name does not resolve: confirmed, now, offline."""
    fix = "cause.proxy-unreachable.fix"
    cause = Cause(
        id="proxy-unreachable",
        layer="proxy",
        confidence=Confidence.CONFIRMED,
        state=State.CURRENT,
        impact=Impact.OFFLINE,
        title=Msg.of("cause.proxy-unreachable.title"),
        summary=Msg.of("cause.proxy-unreachable.summary", proxy="proxy01.corp.example:8080"),
        subjects=("proxy01.corp.example:8080",),
        why=(Msg.of("sample.why", host="proxy01.corp.example"),),
        why_not_sure=(),
        steps=("connect",),
        since=at(64),
        last_seen=at(0),
        evidence=(log_evidence(), probe_evidence()),
        explains=(Explained("AZCM0026", 3),),
        ruled_out=(
            RuledOut("dns-failure", Msg.of("sample.ruled-out", host="gbl.his.arc.azure.com")),
            RuledOut("firewall-blocks-endpoint", Msg.of("cause.proxy-unreachable.look_alike.dns-failure")),
        ),
        fix=(
            Fix(Msg.of(f"{fix}.0"), "azcmagent config get proxy.url", "any", "network"),
            Fix(Msg.of(f"{fix}.1"), "azcmagent config set proxy.url <http://proxy:port>", "any", "server"),
            Fix(Msg.of(f"{fix}.2"), "sudo systemctl restart himdsd", "linux", "server"),
            Fix(Msg.of(f"{fix}.3"), "Restart-Service himds", "windows", "server"),
        ),
        verify="arcdiag probe --proxy",
        references=("https://learn.microsoft.com/azure/azure-arc/servers/manage-agent",),
    )
    return replace(cause, **changes)


def dns_cause(**changes: Any) -> Cause:
    """Two names that do not resolve: likely."""
    cause = Cause(
        id="dns-failure",
        layer="network",
        confidence=Confidence.LIKELY,
        state=State.CURRENT,
        impact=Impact.OFFLINE,
        title=Msg.of("cause.dns-failure.title"),
        summary=Msg.of("cause.dns-failure.summary", resolver="10.1.1.10:53", host="gbl.his.arc.azure.com"),
        subjects=("gbl.his.arc.azure.com", "login.microsoftonline.com"),
        why=(Msg.of("sample.why", host="gbl.his.arc.azure.com"),),
        why_not_sure=(Msg.of("sample.not-sure"),),
        steps=("connect", "heartbeat"),
        since=at(200),
        last_seen=at(2),
        evidence=(
            log_evidence("dial tcp: lookup gbl.his.arc.azure.com on 10.1.1.10:53: no such host", 77, span=(10, 68)),
        ),
        explains=(),
        ruled_out=(),
        fix=(Fix(Msg.of("cause.dns-failure.fix.0"), None, "any", "network"),),
        verify="arcdiag probe",
        references=(),
    )
    return replace(cause, **changes)


def outdated_cause(**changes: Any) -> Cause:
    """The agent is old: possible, breaks nothing."""
    made = dns_cause(
        id="agent-outdated",
        layer="agent",
        confidence=Confidence.POSSIBLE,
        impact=Impact.NONE,
        title=Msg.of("cause.agent-outdated.title"),
        summary=Msg.of("cause.agent-outdated.summary", version="1.30", until="2024-05"),
        subjects=(),
        evidence=(),
        fix=(Fix(Msg.of("cause.agent-outdated.fix.0"), "azcmagent upgrade", "any", "server"),),
        verify=None,
    )
    return replace(made, **changes)


def endpoints() -> tuple[EndpointSeen, ...]:
    """One endpoint that passes, two that fail, one that was only partly tested."""

    def layers(*seen: tuple[str, str, int | None, str]) -> tuple[LayerSeen, ...]:
        return tuple(LayerSeen(*one) for one in seen)

    rest = [(name, "not_evaluated", None, "") for name in ("tcp", "proxy", "tls", "http")]
    return (
        EndpointSeen(
            "gbl.his.arc.azure.com", "his", True, "direct", "dns", layers(("dns", "fail", 4, "no such host"), *rest)
        ),
        EndpointSeen(
            "login.microsoftonline.com",
            "entra-login",
            True,
            "direct",
            None,
            layers(
                ("dns", "pass", 3, "20.190.160.14"),
                ("tcp", "pass", 18, ""),
                ("proxy", "not_evaluated", None, "no proxy"),
                ("tls", "pass", 41, "TLS 1.3, DigiCert"),
                ("http", "pass", 60, "200"),
            ),
        ),
        EndpointSeen(
            "management.azure.com",
            "arm",
            True,
            "direct",
            "tls",
            layers(
                ("dns", "pass", 3, "20.61.98.1"),
                ("tcp", "pass", 20, ""),
                ("proxy", "not_evaluated", None, "no proxy"),
                ("tls", "fail", 33, "certificate signed by Corp Inspection CA"),
                ("http", "not_evaluated", None, ""),
            ),
        ),
        EndpointSeen(
            "guestnotificationservice.azure.com", "notification", False, "direct", None, layers(("dns", "pass", 9, ""))
        ),
    )


def attempts() -> tuple[AttemptSeen, ...]:
    """A heartbeat that worked for days, then three failed connects."""

    def one(step: str, outcome: Outcome, line: int, begin: float, end: float, count: int = 1) -> Attempt:
        return Attempt(step, outcome, "azcmagent.log", line, line + 8, at(begin), at(end), count, "1.46.02789.1846")

    return (
        AttemptSeen(one("heartbeat", Outcome.OK, 3, 60 * 30, 60 * 6, 288), None),
        AttemptSeen(one("connect", Outcome.FAILED, 12, 64, 63), "proxy-unreachable"),
        AttemptSeen(one("connect", Outcome.FAILED, 25, 30, 29), "proxy-unreachable"),
        AttemptSeen(one("connect", Outcome.UNKNOWN, 33, 12, 12), None),
        AttemptSeen(one("connect", Outcome.FAILED, 38, 5, 4), "proxy-unreachable"),
    )


def one_cause() -> Diagnosis:
    """The normal case: one confirmed cause with two subjects, and something of every section."""
    return diagnosis(
        Verdict.PROBLEM,
        causes=(proxy_cause(subjects=("proxy01.corp.example:8080", "proxy02.corp.example:8080")),),
        codes=(
            CodeSeen("AZCM0026", Msg.of("code.azcm.AZCM0026.meaning.0"), 3, "proxy-unreachable"),
            CodeSeen("AZCM0105", Msg.of("code.azcm.AZCM0105.meaning.0"), 1, None),
        ),
        attempts=attempts(),
        checks=(
            Check("clock-skew", CheckStatus.PASS, None, Msg.of("sample.check", seconds=2)),
            Check("agent-outdated", CheckStatus.WARN, "web01", Msg.of("sample.warn", version="1.46")),
            Check("disk-full", CheckStatus.NOT_EVALUATED, "/var", Msg.of("sample.not-sure")),
        ),
        facts=(
            FactSeen("service", "service.state", "himdsd", "ok", "running, enabled"),
            FactSeen("service", "service.state", "gcad", "absent", ""),
            FactSeen("config", "proxy.url", None, "ok", "http://proxy01.corp.example:8080"),
            FactSeen("policy", "selinux.mode", None, "denied", ""),
            FactSeen("version", "agent.version", None, "ok", "1.46.02789.1846"),
        ),
        support_ids=(SupportId("correlation-id", "6f1c2f7e-60d4-4f3e-8d52-0d3b0a3d9c11", at(4)),),
        timeline=(
            TimelineItem(at(64), "azcmagent.log", 12, Msg.of("sample.what", step="connect", code="AZCM0026")),
            TimelineItem(at(4), "azcmagent.log", 41, Msg.of("sample.what", step="connect", code="AZCM0026")),
        ),
        not_evaluated=(NotEvaluated("journal of himdsd", "needs root"),),
    )


def three_causes() -> Diagnosis:
    """Two current causes and a past one."""
    past = outdated_cause(state=State.PAST)
    return diagnosis(Verdict.PROBLEM, causes=(proxy_cause(), dns_cause(), past), endpoints=endpoints())


def healthy() -> Diagnosis:
    """A server that works, with one risk."""
    return diagnosis(
        Verdict.HEALTHY,
        attempts=attempts()[:1],
        checks=(
            Check("clock-skew", CheckStatus.PASS, None, Msg.of("sample.check", seconds=2)),
            Check("agent-outdated", CheckStatus.WARN, None, Msg.of("sample.warn", version="1.46")),
        ),
        endpoints=endpoints()[1:2],
    )


def recovered() -> Diagnosis:
    """A server that had a problem once."""
    failed = attempts()[1]
    better = AttemptSeen(Attempt("connect", Outcome.OK, "azcmagent.log", 88, 120, at(3), at(2)), None)
    return diagnosis(Verdict.RECOVERED, causes=(proxy_cause(state=State.PAST),), attempts=(failed, better))


def inconclusive() -> Diagnosis:
    """A failure that no rule explains."""
    return diagnosis(
        Verdict.INCONCLUSIVE,
        case=case_info(host=None, os="unknown", agent_version=None, now=None, time_basis=TimeBasis.NONE),
        attempts=attempts()[1:2],
        unexplained=(
            Unexplained("azcmagent.log", 19, at(63), 'level=error msg="quantum flux out of range"', 2),
            Unexplained("azcmagent.log", 20, None, "level=error msg=에이전트 연결에 실패했습니다", 1),
        ),
        next_steps=(Msg.of("sample.next", command="sudo arcdiag collect"), Msg.of("sample.next")),
        not_evaluated=(NotEvaluated("himds.log", "no such file"), NotEvaluated("live probes", "not run here")),
    )


def after_collect() -> Diagnosis:
    """Right after `collect`: no logs that tell, but probes, and some rights missing."""
    return diagnosis(
        Verdict.PROBLEM,
        causes=(dns_cause(confidence=Confidence.CONFIRMED, evidence=(probe_evidence(),)),),
        endpoints=endpoints(),
        facts=(FactSeen("service", "service.state", "himdsd", "denied", ""),),
        not_evaluated=(
            NotEvaluated("himds.log", "permission denied; run as root"),
            NotEvaluated("package database", "timed out after 10 seconds"),
        ),
        next_steps=(Msg.of("sample.next", command="sudo arcdiag collect"),),
    )


def many_lines(number: int = 5000) -> Diagnosis:
    """As many pieces of evidence as a rule gone wild can give."""
    lines = tuple(log_evidence(f"{PROXY_LINE} try {line}", line) for line in range(1, number + 1))
    return diagnosis(Verdict.PROBLEM, causes=(proxy_cause(evidence=lines), dns_cause(evidence=lines)))
