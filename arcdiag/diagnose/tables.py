"""The tables of a diagnosis: endpoints, facts, checks, codes, timeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from arcdiag.diagnose.candidate import Machine
from arcdiag.diagnose.clock import Clock
from arcdiag.diagnose.evidence import fact_name, fact_text, value_text
from arcdiag.diagnose.history import History
from arcdiag.diagnose.wording import worded
from arcdiag.knowledge.codes import meaning
from arcdiag.knowledge.endpoints import role_of
from arcdiag.knowledge.releases import released
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.attempt import Outcome
from arcdiag.model.case import NotEvaluated
from arcdiag.model.diagnosis import (
    Cause,
    CertificateSeen,
    Check,
    CheckStatus,
    CodeSeen,
    EndpointSeen,
    FactSeen,
    LayerSeen,
    State,
    TimelineItem,
)
from arcdiag.model.fact import Fact, FactPath, FactStatus
from arcdiag.model.message import Msg
from arcdiag.model.subject import SubjectKind

TIMELINE = 200
CHAIN = 10
_LAYERS = {
    "probe.endpoint": "plan",
    "probe.dns": "dns",
    "probe.tcp": "tcp",
    "probe.connect": "proxy",
    "probe.tls": "tls",
    "probe.http": "http",
}
_ORDER = ("dns", "tcp", "proxy", "tls", "http")
_GROUPS: tuple[tuple[str, str], ...] = (
    ("service.", "service"),
    ("port.", "service"),
    ("account.", "service"),
    ("identity.", "config"),
    ("security.", "policy"),
    ("config.", "config"),
    ("file.", "config"),
    ("agent.proxy", "config"),
    ("proxy.", "config"),
    ("policy.", "policy"),
    ("vm.service", "service"),
    ("vm.", "config"),
    ("patch.", "policy"),
)
_GOOD = {"ok", "answered"}


def endpoints(rules: RuleSet, facts: Iterable[Fact]) -> tuple[EndpointSeen, ...]:
    """What the probes saw on the agent's path, required ones first; layers behind a failed one are not evaluated."""
    by_host: dict[str, dict[str, Fact]] = {}
    for fact in facts:
        layer = _LAYERS.get(fact.fact)
        if layer and fact.subject and fact.subject.kind is SubjectKind.ENDPOINT and fact.path is FactPath.AGENT:
            by_host.setdefault(fact.subject.id, {})[layer] = fact
    made = [_endpoint(rules, host, layers) for host, layers in by_host.items()]
    return tuple(sorted(made, key=lambda e: (not e.required, e.role, e.host)))


def _endpoint(rules: RuleSet, host: str, layers: Mapping[str, Fact]) -> EndpointSeen:
    role = role_of(rules, host) or "other"
    rule = rules.endpoints.get(role)
    seen, failing = [], None
    for layer in _ORDER:
        fact = layers.get(layer)
        if fact is None or not fact.status.known:
            reason = fact.reason or fact.status.value if fact else "not reached"
            if not (fact is None and layer == "proxy" and "proxy" not in layers):
                seen.append(LayerSeen(layer, "not_evaluated", None, reason))
            continue
        good = str(fact.value.get("result")) in _GOOD
        failing = failing or (None if good else layer)
        ms = fact.value.get("ms")
        detail = value_text({k: v for k, v in fact.value.items() if k not in ("ms", "resolvers")})
        seen.append(
            LayerSeen(
                layer,
                "pass" if good else "fail",
                int(ms) if isinstance(ms, int | float) else None,
                detail,
                worded(rules, fact),
                _chain(fact),
            )
        )
    planned = layers.get("plan")
    path = str(planned.value.get("path", "direct")) if planned else ("proxy" if "proxy" in layers else "direct")
    # The plan knows the machine: one that is connected does not need what only connecting needs.
    required = planned.value.get("required") if planned else None
    if not isinstance(required, bool):
        required = bool(rule and rule.required)
    return EndpointSeen(host, role, required, path, failing, tuple(seen))


def _chain(fact: Fact) -> tuple[CertificateSeen, ...]:
    links = fact.value.get("chain")
    if not isinstance(links, list):
        return ()
    return tuple(
        CertificateSeen(
            subject=str(link.get("subject") or ""),
            issuer=str(link.get("issuer") or ""),
            not_before=link.get("not_before"),
            not_after=link.get("not_after"),
            negative_serial=link.get("negative_serial") is True,
        )
        for link in links[:CHAIN]
        if isinstance(link, dict)
    )


def shown_facts(rules: RuleSet, facts: Iterable[Fact]) -> tuple[FactSeen, ...]:
    """Facts for the tables; probes have a table of their own."""
    out = []
    for fact in facts:
        if fact.fact.startswith(("probe.", "history.")) or fact.fact == "check.endpoint":
            continue
        group = next((g for prefix, g in _GROUPS if fact.fact.startswith(prefix)), "version")
        value = value_text(fact.value) if fact.status is FactStatus.OK else (fact.reason or fact.status.value)
        subject = fact.subject.id if fact.subject and fact.subject.id else None
        out.append(FactSeen(group, fact.fact, subject, fact.status.value, value, worded(rules, fact)))
    return tuple(out)


def not_evaluated(facts: Sequence[Fact], others: Iterable[NotEvaluated]) -> tuple[NotEvaluated, ...]:
    """Everything that could not be seen, each once; without any probe that is said too."""
    found = [NotEvaluated(fact_name(f), f.reason or f.status.value) for f in facts if not f.status.known]
    if not any(f.fact.startswith("probe.") for f in facts):
        found.append(NotEvaluated("live probes", "this case holds no probe results; what it shows is the past"))
    if not any(f.fact in ("machine.host", "agent.package") for f in facts):
        found.append(NotEvaluated("the machine's own state", "this case was not collected by arcdiag on the machine"))
    return tuple(dict.fromkeys((*others, *found)))


def checks(
    rules: RuleSet, ends: Sequence[EndpointSeen], facts: Iterable[Fact], warnings: Iterable[tuple[str, Fact]]
) -> tuple[Check, ...]:
    """Endpoint and service checks, and the risks that break nothing yet."""
    out = [_endpoint_check(e) for e in ends]
    for fact in facts:
        if fact.fact == "service.state" and fact.subject:
            out.append(_service_check(rules, fact))
        elif fact.fact == "agent.package":
            status = CheckStatus.PASS if fact.status is FactStatus.OK else _absence(fact)
            out.append(Check("agent.installed", status, None, _said(rules, fact)))
    for id_, fact in warnings:
        subject = fact.subject.id if fact.subject and fact.subject.id else None
        out.append(Check(id_, CheckStatus.WARN, subject, _said(rules, fact)))
    return tuple(dict.fromkeys(out))


def _endpoint_check(end: EndpointSeen) -> Check:
    tried = [layer for layer in end.layers if layer.status != "not_evaluated"]
    if end.failing_layer:
        failed = next(layer for layer in tried if layer.layer == end.failing_layer)
        status = CheckStatus.FAIL if end.required else CheckStatus.WARN
        said = failed.says or Msg.of("check.endpoint_failed", layer=end.failing_layer, detail=failed.detail)
        return Check("endpoint", status, end.host, said)
    if tried and end.layers[-1].status == "pass":
        return Check("endpoint", CheckStatus.PASS, end.host, Msg.of("check.endpoint_ok"))
    reason = end.layers[-1].detail if end.layers else "-"
    return Check("endpoint", CheckStatus.NOT_EVALUATED, end.host, Msg.of("check.endpoint_unknown", reason=reason))


def _service_check(rules: RuleSet, fact: Fact) -> Check:
    subject = fact.subject.id if fact.subject else None
    running = fact.value.get("running") is True
    status = CheckStatus.PASS if fact.status is FactStatus.OK and running else _absence(fact)
    if fact.status is FactStatus.OK and not running:
        # Without a gateway the Arc proxy has nothing to do: stopped is its normal state.
        status = CheckStatus.INFO if subject == "arcproxy" else CheckStatus.FAIL
    return Check("service", status, subject, _said(rules, fact))


def _said(rules: RuleSet, fact: Fact) -> Msg:
    return worded(rules, fact) or Msg.of("check.fact", text=fact_text(fact))


def _absence(fact: Fact) -> CheckStatus:
    if fact.status is FactStatus.ERROR:
        return CheckStatus.ERROR
    return CheckStatus.INFO if fact.status is FactStatus.ABSENT else CheckStatus.NOT_EVALUATED


def codes(rules: RuleSet, history: History, owner: Mapping[int, str], machine: Machine) -> tuple[CodeSeen, ...]:
    """AZCM codes that were printed, with the meaning for this agent's time and OS. `owner`: see `owners`."""
    counted: Counter[str] = Counter()
    explained: dict[str, str] = {}
    printed: dict[str, str] = {}
    for occurrence in history.occurrences:
        group = occurrence.group
        if group.signal.startswith("code."):
            code = group.signal.removeprefix("code.")
            counted[code] += group.count
            printed.setdefault(code, group.samples[0].text[:400])
            cause = owner.get(id(occurrence.home)) if occurrence.home else None
            if cause:
                explained.setdefault(code, cause)
    documented = released(rules, machine.agent_version)
    os = machine.os if machine.os in ("windows", "linux") else None
    out = []
    for code, count in sorted(counted.items()):
        rule = rules.codes.get(("azcm", code))
        text = Msg.of("code.unknown", code=code)
        if rule:
            index, _ = meaning(rule, documented, os, printed[code])
            text = Msg.of(f"code.azcm.{code}.meaning.{index}")
        out.append(CodeSeen(code, text, count, explained.get(code)))
    return tuple(out)


def timeline(
    history: History, causes: Sequence[Cause], changes: Sequence[TimelineItem], clock: Clock
) -> tuple[TimelineItem, ...]:
    """Attempts, changes and first sightings of causes, oldest first; the newest TIMELINE of them."""
    items = list(changes)
    for attempt in history.tries:
        if attempt.step is None or attempt.begin is None:
            continue
        key = {Outcome.OK: "timeline.ok", Outcome.FAILED: "timeline.failed"}.get(attempt.outcome, "timeline.unknown")
        number = "one" if attempt.count == 1 else "many"
        what = Msg.of(f"{key}.{number}", step=attempt.step, n=attempt.count)
        items.append(TimelineItem(clock.utc(attempt.begin), attempt.source, attempt.line, what))
    for cause in causes:
        if cause.since:
            key = "timeline.cause" if cause.state is State.CURRENT else "timeline.cause_past"
            first = next((e for e in cause.evidence if e.line is not None), None)
            items.append(TimelineItem(cause.since, first.source if first else "", None, Msg.of(key, cause=cause.id)))
    items.sort(key=lambda i: (clock.sort_key(i.time), i.source, i.line or 0, i.what.key))
    return tuple(items[-TIMELINE:])
