"""Failures that nothing of the agent's had, on a machine that is online: tests by hand, quoted words, other programs.

A machine whose newest heartbeat went well shows by that, that what a heartbeat needs works. Who tried the same by hand
in vain tried another way: another proxy, another user, another day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from arcdiag.diagnose.candidate import Candidate
from arcdiag.diagnose.clock import Clock
from arcdiag.diagnose.foreign import CALLS
from arcdiag.diagnose.history import History, Occurrence, proven_by
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.attempt import Impact, Outcome
from arcdiag.model.diagnosis import Confidence, State
from arcdiag.model.fact import Fact
from arcdiag.model.stamp import Stamp
from arcdiag.model.subject import SubjectKind

_HEARTBEAT = "heartbeat"
_REPOSITORIES = ("install.key-", "install.sqv-")
_NO_STEP = frozenset({None, "connect"})
"""What a line of a console belongs to that tells of no step of its own."""


def is_online(rules: RuleSet, history: History, facts: Iterable[Fact], clock: Clock, now: Stamp | None) -> bool:
    """Whether the machine's newest heartbeat is fresh at the case's own time, and nothing that cuts it off fails."""
    offline = Impact.OFFLINE.value
    if any(t.step and rules.steps[t.step].rule.impact == offline for t in history.failing):
        return False
    fresh = timedelta(minutes=rules.limits.get("disconnected_hard_minutes", 30))
    beats = [t for t in history.tries if t.step == _HEARTBEAT]
    if beats and beats[-1].outcome is Outcome.OK:
        gap = clock.gap(beats[-1].end, now)
        if gap is not None and gap <= fresh:
            return True
    shows = [f.value for f in facts if f.fact == "agent.show"]
    return any(s.get("status") == "Connected" and not s.get("heartbeat_stale") for s in shows)


def without_hand_tests(
    rules: RuleSet, candidates: Sequence[Candidate], history: History, clock: Clock
) -> list[Candidate]:
    """The candidates of a machine that is online, without those that only such failures support."""
    beats = [t.end for t in history.tries if t.step == _HEARTBEAT and t.outcome is Outcome.OK]
    newest = max(beats, key=clock.sort_key, default=None)

    def is_later(occurrence: Occurrence) -> bool:
        gap = clock.gap(newest, occurrence.group.last)
        return gap is not None and gap > timedelta(0)

    return [
        c
        for c in candidates
        if c.state is not State.CURRENT or c.facts or any(map(is_later, c.occurrences)) or not _only_by_hand(rules, c)
    ]


def _only_by_hand(rules: RuleSet, candidate: Candidate) -> bool:
    unsure = candidate.confidence is Confidence.POSSIBLE
    seen = candidate.occurrences
    return bool(seen) and all(_is_by_hand(rules, occurrence, unsure) for occurrence in seen)


def _is_by_hand(rules: RuleSet, occurrence: Occurrence, unsure: bool) -> bool:
    """A failed call outside every attempt and step, of which nothing says that the agent needs the host for more."""
    group = occurrence.group
    if group.signal.startswith(_REPOSITORIES) and group.subject is not None and group.role is None:
        # The key of somebody else's repository.
        return group.subject.kind is SubjectKind.ENDPOINT
    if occurrence.home is not None or occurrence.step not in _NO_STEP:
        return False
    if unsure and group.signal.startswith("clock."):
        return True
    if group.signal.startswith("entra."):
        # The machine has its identity; a sign-in is somebody's who works on it.
        return True
    if not group.signal.startswith(CALLS):
        return False
    if group.role is None or proven_by(rules, group):
        return True
    rule = rules.endpoints.get(group.role)
    return unsure and bool(rule and rule.required)
