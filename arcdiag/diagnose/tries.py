"""Attempts while they are being read: what they printed and how they ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from arcdiag.diagnose.groups import Group, Groups
from arcdiag.model.attempt import Outcome
from arcdiag.model.diagnosis import Unexplained
from arcdiag.model.stamp import Stamp

KEEP_TRIES = 400
UNEXPLAINED = 12


@dataclass
class Try:
    """One attempt at a step (`step` is None while only a run is known).

    `is_run`: a run of azcmagent; `named`: its command is known; `shown`: told by `azcmagent show`.
    """

    step: str | None
    source: str
    line: int
    end_line: int
    begin: Stamp | None = None
    end: Stamp | None = None
    outcome: Outcome = Outcome.UNKNOWN
    version: str | None = None
    is_run: bool = False
    shown: bool = False
    named: bool = False
    marks: set[str] = field(default_factory=set)
    groups: Groups = field(default_factory=Groups)
    codes: Counter[str] = field(default_factory=Counter)
    unexplained: list[Unexplained] = field(default_factory=list)
    last_fatal: int = 0
    fatal_text: str = ""
    last_error: int = 0
    has_error: bool = False
    count: int = 1

    def saw(self, line: int, time: Stamp | None) -> None:
        """Take note that the attempt goes on here."""
        self.end_line = max(self.end_line, line)
        self.begin = self.begin or time
        self.end = time or self.end

    def broke_off(self, errors_fail: bool, routine: bool) -> bool:
        """Whether an attempt without an end failed all the same: the text was cut off behind what it printed."""
        if errors_fail:
            return self.has_error
        return not routine and any(g.rank >= 1 and not g.signal.startswith("code.") for g in self.groups)

    def deciding(self) -> list[Group]:
        """The groups that decide: of the last fatal record with a signal, else of the last error, else plain text.

        An error record whose text holds the fatal one's is the same statement and decides with it.
        """
        signals = [g for g in self.groups if not g.signal.startswith("code.")]
        for rank, line in ((3, self.last_fatal), (2, self.last_error)):
            at_line = {g.signal for g in signals if any(s.line == line for s in g.samples) or g.line == line}
            chosen = [g for g in signals if g.rank >= rank and g.signal in at_line] if line else []
            if chosen:
                return chosen + [g for g in signals if g not in chosen and rank == 3 and self._repeats(g)]
        return [g for g in signals if g.rank >= 1]

    def _repeats(self, group: Group) -> bool:
        text = self.fatal_text
        return len(text) > 8 and any(text in " ".join(s.text.split()) for s in group.samples if s.level.is_error)

    def key(self) -> tuple[object, ...]:
        """Attempts with equal keys in a row are one."""
        signals = frozenset((g.signal, g.subject) for g in self.groups)
        return (self.step, self.outcome, self.version, signals if self.outcome is not Outcome.OK else None)

    def absorb(self, later: Try) -> None:
        """Become the row of this attempt and an equal later one."""
        self.count += later.count
        self.end, self.end_line = later.end or self.end, later.end_line
        self.last_fatal, self.last_error = later.last_fatal or self.last_fatal, later.last_error or self.last_error
        self.codes += later.codes
        if self.outcome is not Outcome.OK:
            self.groups.merge(later.groups)
            self.unexplained = (self.unexplained + later.unexplained)[:UNEXPLAINED]


def keep(tries: list[Try], done: Try) -> None:
    """Add an attempt that ended: to the one before it if it is the like of it, else as the newest of KEEP_TRIES."""
    if tries and tries[-1].key() == done.key() and not done.is_run:
        tries[-1].absorb(done)
        return
    tries.append(done)
    if len(tries) > KEEP_TRIES:
        _thin(tries)


def _thin(tries: list[Try]) -> None:
    """Forget old attempts, a failure together with the success that healed it; the oldest and the newest stay."""
    at = KEEP_TRIES // 8
    if tries[at].outcome is Outcome.OK and tries[at - 1].outcome is Outcome.FAILED:
        at += 1
    healed = tries[at].outcome is Outcome.FAILED and tries[at + 1].outcome is Outcome.OK
    del tries[at : at + (2 if healed else 1)]


def steps_of(marks: Iterable[str]) -> frozenset[str]:
    """The steps that marks such as `connect.ok` belong to; `run` is one of them."""
    return frozenset(mark.partition(".")[0] for mark in marks)
