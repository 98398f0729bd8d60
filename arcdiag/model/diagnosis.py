"""What arcdiag says about a case: ids, captures and Msg, no finished sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from arcdiag.model.attempt import Attempt, Impact
from arcdiag.model.case import CaseInfo, NotEvaluated
from arcdiag.model.message import Msg
from arcdiag.model.stamp import Stamp


class Verdict(StrEnum):
    """The one word; `exit_code` is the contract of the outside."""

    HEALTHY = "healthy"
    PROBLEM = "problem"
    RECOVERED = "recovered"
    INCONCLUSIVE = "inconclusive"

    @property
    def exit_code(self) -> int:
        """0 nothing wrong now, 1 a current problem, 3 inconclusive."""
        return {Verdict.PROBLEM: 1, Verdict.INCONCLUSIVE: 3}.get(self, 0)


class Confidence(StrEnum):
    """Surest first."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @property
    def rank(self) -> int:
        """0 is surest."""
        return list(Confidence).index(self)


class State(StrEnum):
    """Whether a cause acts now or did once."""

    CURRENT = "current"
    PAST = "past"


class CheckStatus(StrEnum):
    """Result of a check; the last two are absences, never a pass."""

    PASS = "pass"
    INFO = "info"
    WARN = "warn"
    FAIL = "fail"
    NOT_EVALUATED = "not_evaluated"
    ERROR = "error"


class EvidenceKind(StrEnum):
    """Where a piece of evidence comes from."""

    LOG = "log"
    PROBE = "probe"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Evidence:
    """`signal` is a signal id or a fact id; `line` is None for probes and checks; `span` are offsets into `text`.

    `count` occurrences between `first` and `last`; `time` is that of the quoted one. For facts `says` words the value.
    """

    kind: EvidenceKind
    signal: str
    source: str
    line: int | None
    span: tuple[int, int]
    time: Stamp | None
    text: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    count: int = 1
    first: Stamp | None = None
    last: Stamp | None = None
    says: Msg | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """A symptom (a code or another cause) folded under a cause."""

    id: str
    count: int


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A cause that is not it, and what says so."""

    id: str
    by: Msg


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to do. `command` has `<name>` where a value is not known; `os` is any, windows or linux."""

    text: Msg
    command: str | None
    os: str
    who: str


@dataclass(frozen=True, slots=True)
class Cause:
    """A root cause that is there now or was; `subject` is the first of `subjects`."""

    id: str
    layer: str
    confidence: Confidence
    state: State
    impact: Impact
    title: Msg
    summary: Msg
    subjects: tuple[str, ...]
    why: tuple[Msg, ...]
    why_not_sure: tuple[Msg, ...]
    steps: tuple[str, ...]
    since: Stamp | None
    last_seen: Stamp | None
    evidence: tuple[Evidence, ...]
    explains: tuple[Explained, ...]
    ruled_out: tuple[RuledOut, ...]
    fix: tuple[Fix, ...]
    verify: str | None
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """A code that the logs print, with its meaning for this agent's era and OS."""

    code: str
    meaning: Msg
    count: int
    explained_by: str | None


@dataclass(frozen=True, slots=True)
class AttemptSeen:
    """An attempt with the cause that explains its failure."""

    attempt: Attempt
    cause: str | None


@dataclass(frozen=True, slots=True)
class Check:
    """A check of the case; `reason` says what was seen."""

    id: str
    status: CheckStatus
    subject: str | None
    reason: Msg


@dataclass(frozen=True, slots=True)
class CertificateSeen:
    """One link of a chain that a server presented, the server's own first; times ISO 8601 UTC, None if unreadable."""

    subject: str
    issuer: str
    not_before: str | None
    not_after: str | None
    negative_serial: bool = False


@dataclass(frozen=True, slots=True)
class LayerSeen:
    """One layer of one endpoint; `status` pass, fail or not_evaluated; `ms` is None if it was not measured.

    `detail` are the raw values, `says` the same in words where the rules have some. `chain`: for TLS, may be empty.
    """

    layer: str
    status: str
    ms: int | None
    detail: str
    says: Msg | None = None
    chain: tuple[CertificateSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class EndpointSeen:
    """What the probes saw of one endpoint on the agent's path."""

    host: str
    role: str
    required: bool
    path: str
    failing_layer: str | None
    layers: tuple[LayerSeen, ...]


@dataclass(frozen=True, slots=True)
class FactSeen:
    """A fact as the report's tables show it: raw values, and `says` in words where the rules have some."""

    group: str
    id: str
    subject: str | None
    status: str
    value: str
    says: Msg | None = None


@dataclass(frozen=True, slots=True)
class SupportId:
    """An id that Microsoft support asks for."""

    kind: str
    value: str
    time: Stamp | None


@dataclass(frozen=True, slots=True)
class Unexplained:
    """An error line of a failed attempt that no rule knows."""

    source: str
    line: int
    time: Stamp | None
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One event of the machine's history; `what` is worded by the renderer."""

    time: Stamp
    source: str
    line: int | None
    what: Msg


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that any renderer shows. Order of every tuple is final.

    `changes`: those of the hour before the first current cause began, the nearest first; `timeline` holds all of them.
    """

    case: CaseInfo
    verdict: Verdict
    causes: tuple[Cause, ...]
    codes: tuple[CodeSeen, ...]
    attempts: tuple[AttemptSeen, ...]
    checks: tuple[Check, ...]
    endpoints: tuple[EndpointSeen, ...]
    facts: tuple[FactSeen, ...]
    support_ids: tuple[SupportId, ...]
    unexplained: tuple[Unexplained, ...]
    timeline: tuple[TimelineItem, ...]
    changes: tuple[TimelineItem, ...]
    next_steps: tuple[Msg, ...]
    not_evaluated: tuple[NotEvaluated, ...]
    tool_version: str
    rules_version: str
