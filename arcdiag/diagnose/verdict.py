"""The one word."""

from __future__ import annotations

from collections.abc import Sequence

from arcdiag.diagnose.history import History
from arcdiag.diagnose.tries import Try
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.attempt import Impact
from arcdiag.model.diagnosis import Cause, State, Verdict


def verdict_of(
    rules: RuleSet, causes: Sequence[Cause], history: History, unexplained: Sequence[Try], alive: bool
) -> Verdict:
    """A current cause is a problem; a failure without one, or no sign of life, is inconclusive."""
    if any(c.state is State.CURRENT and c.impact is not Impact.NONE for c in causes):
        return Verdict.PROBLEM
    if any(t.step and rules.steps[t.step].rule.impact != "none" for t in unexplained) or history.unfinished:
        return Verdict.INCONCLUSIVE
    if any(c.state is State.PAST for c in causes):
        return Verdict.RECOVERED
    return Verdict.HEALTHY if alive else Verdict.INCONCLUSIVE
