"""The verdict: one word for the whole case."""

from __future__ import annotations

from collections.abc import Sequence

from arcdiag.diagnose.history import History
from arcdiag.diagnose.tries import Try
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.attempt import Impact
from arcdiag.model.diagnosis import Cause, EndpointSeen, State, Verdict


def verdict_of(
    rules: RuleSet,
    causes: Sequence[Cause],
    history: History,
    unexplained: Sequence[Try],
    alive: bool,
    ends: Sequence[EndpointSeen] = (),
) -> Verdict:
    """A current cause is a problem; a failure without one, or no sign of life, is inconclusive.

    `ends`: the endpoints of the agent's path as they are now. One that the agent cannot do without is such a failure.
    """
    if any(c.state is State.CURRENT and c.impact is not Impact.NONE for c in causes):
        return Verdict.PROBLEM
    if any(t.step and rules.steps[t.step].rule.impact != "none" for t in unexplained) or history.unfinished:
        return Verdict.INCONCLUSIVE
    if any(end.failing_layer and _needed(rules, end) for end in ends):
        return Verdict.INCONCLUSIVE
    if any(c.state is State.PAST for c in causes):
        return Verdict.RECOVERED
    return Verdict.HEALTHY if alive else Verdict.INCONCLUSIVE


def _needed(rules: RuleSet, end: EndpointSeen) -> bool:
    """Whether the agent itself needs it: what only a feature needs is required of whoever asks for the feature."""
    rule = rules.endpoints.get(end.role)
    return end.required and (rule is None or rule.required)
