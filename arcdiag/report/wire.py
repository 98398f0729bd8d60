"""The JSON document, field by field, in the order in which it is written. A change here is a breaking change."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from arcdiag.knowledge.rule_base import Layer, Os, Who

SCHEMA_VERSION = "1.0"

Count = Annotated[int, Meta(ge=0)]
Time = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?$")]
OsName = Literal["windows", "linux", "unknown"]
Hop = Literal["dns", "tcp", "proxy", "tls", "http"]
Route = Literal["direct", "proxy", "gateway"]
LayerStatus = Literal["pass", "fail", "not_evaluated"]
FactGroup = Literal["service", "config", "policy", "version"]
FactState = Literal["ok", "absent", "denied", "timeout", "unsupported", "error"]
IdKind = Literal["correlation-id", "trace-id", "request-id", "resource-id"]


class _Wire(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base: every field is always written, null where nothing is known."""


class ToolDoc(_Wire, frozen=True, kw_only=True):
    """What wrote the document."""

    name: Literal["arcdiag"]
    version: str
    rules_version: str


class IdentityDoc(_Wire, frozen=True, kw_only=True):
    """What the machine is in Azure."""

    vm_id: str | None
    resource_id: str | None
    subscription: str | None
    tenant: str | None
    region: str | None
    cloud: str | None
    proxy: str | None
    cert_thumbprint: str | None


class SourceDoc(_Wire, frozen=True, kw_only=True):
    """One file that was read."""

    path: str
    kind: str
    encoding: str
    lines: Count
    first: Time | None
    last: Time | None


class CaseDoc(_Wire, frozen=True, kw_only=True):
    """The case. A time without `Z` is local time of an unknown offset, here and everywhere."""

    name: str
    host: str | None
    os: OsName
    agent_version: str | None
    collected_at: str | None
    now: Time | None
    time_basis: Literal["manifest", "newest-record", "none"]
    identity: IdentityDoc
    sources: tuple[SourceDoc, ...]


class EvidenceDoc(_Wire, frozen=True, kw_only=True):
    """One proof; `span` are offsets into `text`."""

    kind: Literal["log", "probe", "check"]
    signal: str
    source: str
    line: Count | None
    span: tuple[Count, Count]
    time: Time | None
    text: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    count: Count
    first: Time | None
    last: Time | None


class ExplainedDoc(_Wire, frozen=True, kw_only=True):
    """A symptom, by code or cause id."""

    id: str
    count: Count


class RuledOutDoc(_Wire, frozen=True, kw_only=True):
    """A cause that it is not."""

    id: str
    by: str


class FixDoc(_Wire, frozen=True, kw_only=True):
    """One thing to do."""

    text: str
    command: str | None
    os: Os
    who: Who


class CauseDoc(_Wire, frozen=True, kw_only=True):
    """One cause."""

    id: str
    title: str
    layer: Layer
    confidence: Literal["confirmed", "likely", "possible"]
    state: Literal["current", "past"]
    impact: Literal["offline", "feature", "none"]
    subject: str | None
    subjects: tuple[str, ...]
    summary: str
    why: tuple[str, ...]
    why_not_sure: tuple[str, ...]
    steps: tuple[str, ...]
    since: Time | None
    last_seen: Time | None
    evidence: tuple[EvidenceDoc, ...]
    explains: tuple[ExplainedDoc, ...]
    ruled_out: tuple[RuledOutDoc, ...]
    fix: tuple[FixDoc, ...]
    verify: str | None
    references: tuple[str, ...]


class CodeDoc(_Wire, frozen=True, kw_only=True):
    """A code that was printed."""

    code: str
    meaning: str
    count: Count
    explained_by: str | None


class AttemptDoc(_Wire, frozen=True, kw_only=True):
    """A try at a step."""

    step: str
    begin: Time | None
    end: Time | None
    outcome: Literal["ok", "failed", "unknown"]
    source: str
    line: Count
    cause: str | None


class CheckDoc(_Wire, frozen=True, kw_only=True):
    """The result of a check."""

    id: str
    status: Literal["pass", "info", "warn", "fail", "not_evaluated", "error"]
    subject: str | None
    reason: str


class LayerDoc(_Wire, frozen=True, kw_only=True):
    """One layer of an endpoint; `ms` in milliseconds."""

    layer: Hop
    status: LayerStatus
    ms: Count | None
    detail: str


class EndpointDoc(_Wire, frozen=True, kw_only=True):
    """One endpoint on the agent's path."""

    host: str
    role: str
    required: bool
    path: Route
    failing_layer: Hop | None
    layers: tuple[LayerDoc, ...]


class FactDoc(_Wire, frozen=True, kw_only=True):
    """A fact that people ask for."""

    group: FactGroup
    id: str
    subject: str | None
    status: FactState
    value: str


class SupportIdDoc(_Wire, frozen=True, kw_only=True):
    """An id that Microsoft asks for."""

    kind: IdKind
    value: str
    time: Time | None


class UnexplainedDoc(_Wire, frozen=True, kw_only=True):
    """An error line that no rule knows."""

    source: str
    line: Count
    time: Time | None
    text: str
    count: Count


class TimelineDoc(_Wire, frozen=True, kw_only=True):
    """One event."""

    time: Time
    source: str
    line: Count | None
    what: str


class NotEvaluatedDoc(_Wire, frozen=True, kw_only=True):
    """What could not be read, asked or decided."""

    what: str
    why: str


class ReportDoc(_Wire, frozen=True, kw_only=True):
    """The whole document."""

    schema_version: Literal["1.0"]
    tool: ToolDoc
    case: CaseDoc
    verdict: Literal["healthy", "problem", "recovered", "inconclusive"]
    causes: tuple[CauseDoc, ...]
    codes: tuple[CodeDoc, ...]
    attempts: tuple[AttemptDoc, ...]
    checks: tuple[CheckDoc, ...]
    endpoints: tuple[EndpointDoc, ...]
    facts: tuple[FactDoc, ...]
    support_ids: tuple[SupportIdDoc, ...]
    unexplained: tuple[UnexplainedDoc, ...]
    timeline: tuple[TimelineDoc, ...]
    next_steps: tuple[str, ...]
    not_evaluated: tuple[NotEvaluatedDoc, ...]
