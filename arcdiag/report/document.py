"""The JSON report: the diagnosis in the words and the order of the contract."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.case import CaseInfo
from arcdiag.model.diagnosis import AttemptSeen, Cause, Diagnosis, EndpointSeen, Evidence
from arcdiag.model.stamp import Stamp
from arcdiag.report import wire
from arcdiag.report.clean import clean
from arcdiag.report.words import Words

# JSON writers leave these as they are; a terminal or an editor obeys them. Escaped they are the same data.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def render_json(diagnosis: Diagnosis, rules: RuleSet) -> str:
    """One JSON document with a line feed at its end; the same diagnosis gives the same bytes. Always English."""
    return written(msgspec.json.encode(document(diagnosis, rules)))


def written(encoded: bytes) -> str:
    """JSON as it is printed: indented, with a line feed at its end, and with nothing that a terminal would obey."""
    return escaped(msgspec.json.format(encoded, indent=2).decode()) + "\n"


def escaped(json: str) -> str:
    """The same JSON with nothing in it that a terminal or an editor would obey."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", json)


def document(diagnosis: Diagnosis, rules: RuleSet) -> wire.ReportDoc:
    """The document as typed data. Raises msgspec.ValidationError for a value that the contract does not know."""
    return msgspec.convert(_plain(clean(diagnosis), Words(rules)), wire.ReportDoc)


def _plain(d: Diagnosis, words: Words) -> dict[str, Any]:
    return {
        "schema_version": wire.SCHEMA_VERSION,
        "tool": {"name": "arcdiag", "version": d.tool_version, "rules_version": d.rules_version},
        "case": _case(d.case),
        "verdict": d.verdict.value,
        "causes": [_cause(cause, words) for cause in d.causes],
        "codes": [
            {"code": c.code, "meaning": words.text(c.meaning), "count": c.count, "explained_by": c.explained_by}
            for c in d.codes
        ],
        "attempts": [_attempt(attempt) for attempt in d.attempts],
        "checks": [
            {"id": c.id, "status": c.status.value, "subject": c.subject, "reason": words.text(c.reason)}
            for c in d.checks
        ],
        "endpoints": [_endpoint(endpoint) for endpoint in d.endpoints],
        "facts": [
            {"group": f.group, "id": f.id, "subject": f.subject, "status": f.status, "value": f.value} for f in d.facts
        ],
        "support_ids": [{"kind": s.kind, "value": s.value, "time": _iso(s.time)} for s in d.support_ids],
        "unexplained": [
            {"source": u.source, "line": u.line, "time": _iso(u.time), "text": u.text, "count": u.count}
            for u in d.unexplained
        ],
        "timeline": [
            {"time": t.time.iso(), "source": t.source, "line": t.line, "what": words.text(t.what)} for t in d.timeline
        ],
        "next_steps": [words.text(step) for step in d.next_steps],
        "not_evaluated": [{"what": n.what, "why": n.why} for n in d.not_evaluated],
    }


def _case(case: CaseInfo) -> dict[str, Any]:
    sources = [
        {
            "path": s.path,
            "kind": s.kind,
            "encoding": s.encoding,
            "lines": s.lines,
            "first": _iso(s.first),
            "last": _iso(s.last),
        }
        for s in case.sources
    ]
    identity = {name: getattr(case.identity, name) for name in wire.IdentityDoc.__struct_fields__}
    return {
        "name": case.name,
        "host": case.host,
        "os": case.os,
        "agent_version": case.agent_version,
        "collected_at": case.collected_at,
        "now": _iso(case.now),
        "time_basis": case.time_basis.value,
        "identity": identity,
        "sources": sources,
    }


def _cause(cause: Cause, words: Words) -> dict[str, Any]:
    return {
        "id": cause.id,
        "title": words.text(cause.title),
        "layer": cause.layer,
        "confidence": cause.confidence.value,
        "state": cause.state.value,
        "impact": cause.impact.value,
        "subject": cause.subjects[0] if cause.subjects else None,
        "subjects": cause.subjects,
        "summary": words.text(cause.summary),
        "why": list(dict.fromkeys(words.text(msg) for msg in cause.why)),
        "why_not_sure": [words.text(msg) for msg in cause.why_not_sure],
        "steps": cause.steps,
        "since": _iso(cause.since),
        "last_seen": _iso(cause.last_seen),
        "evidence": [evidence_of(evidence, words) for evidence in cause.evidence],
        "explains": [{"id": e.id, "count": e.count} for e in cause.explains],
        "ruled_out": [{"id": r.id, "by": words.text(r.by)} for r in cause.ruled_out],
        "fix": [{"text": words.text(f.text), "command": f.command, "os": f.os, "who": f.who} for f in cause.fix],
        "verify": cause.verify,
        "references": cause.references,
    }


def evidence_of(evidence: Evidence, words: Words) -> dict[str, Any]:
    """The data of one `EvidenceDoc`; the evidence is free of secrets already."""
    worded = words.text(evidence.says) if evidence.says else ""
    return {
        "kind": evidence.kind.value,
        "signal": evidence.signal,
        "source": evidence.source,
        "line": evidence.line,
        "span": evidence.span if evidence.text else (0, 0),
        "time": _iso(evidence.time),
        "text": evidence.text or worded,
        "before": evidence.before,
        "after": evidence.after,
        "count": evidence.count,
        "first": _iso(evidence.first),
        "last": _iso(evidence.last),
    }


def _attempt(seen: AttemptSeen) -> dict[str, Any]:
    attempt = seen.attempt
    return {
        "step": attempt.step,
        "begin": _iso(attempt.begin),
        "end": _iso(attempt.end),
        "outcome": attempt.outcome.value,
        "source": attempt.source,
        "line": attempt.line,
        "cause": seen.cause,
    }


def _endpoint(endpoint: EndpointSeen) -> dict[str, Any]:
    return {
        "host": endpoint.host,
        "role": endpoint.role,
        "required": endpoint.required,
        "path": endpoint.path,
        "failing_layer": endpoint.failing_layer,
        "layers": [{"layer": x.layer, "status": x.status, "ms": x.ms, "detail": x.detail} for x in endpoint.layers],
    }


def _iso(stamp: Stamp | None) -> str | None:
    return stamp.iso() if stamp else None
