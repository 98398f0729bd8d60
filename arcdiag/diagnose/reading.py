"""What one file says, and hits as signals."""

from __future__ import annotations

from dataclasses import dataclass, field

from arcdiag.diagnose.changes import Changes
from arcdiag.diagnose.groups import Groups
from arcdiag.diagnose.support import SupportIds
from arcdiag.diagnose.tries import Try
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.logs.scan import Hit, Match
from arcdiag.model.message import Msg
from arcdiag.model.signal import Signal
from arcdiag.model.stamp import Stamp
from arcdiag.model.subject import Subject, SubjectKind

_MACHINE = Subject(SubjectKind.MACHINE, "")


@dataclass
class Reading:
    """`loose`: signals outside every attempt, by step (None: no step is known). `alive`: something went well.

    `host`: the machine, where the file is of several.
    """

    source: str
    kind: str
    tries: list[Try] = field(default_factory=list)
    loose: dict[str | None, Groups] = field(default_factory=dict)
    versions: list[tuple[int, str]] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    support: SupportIds = field(default_factory=SupportIds)
    newest: Stamp | None = None
    alive: bool = False
    host: str = ""

    def signals(self, hit: Hit, rules: RuleSet, time: Stamp | None) -> list[Signal]:
        """The evidence in a hit; what tells of changes is noted on the way."""
        found = []
        for match in hit.matches:
            if rules.signals[match.signal].rule.change:
                what = Msg(f"signal.{match.signal}.says", tuple(sorted(match.captures)))
                self.changes.note(time, self.source, hit.record.line, what)
            else:
                found.append(signal_of(hit, match, self.source, time))
        return found

    def take(self, line: int) -> Groups:
        """Remove and return what went loose at this line, before it was known to belong to an attempt."""
        taken = Groups()
        for groups in self.loose.values():
            for key, group in list(groups.by_key.items()):
                sample = next((s for s in group.samples if s.line == line), None)
                if group.line != line or sample is None:
                    continue
                taken.add(sample)
                group.count -= 1
                group.samples.remove(sample)
                if group.count <= 0 or not group.samples:
                    del groups.by_key[key]
        return taken


def signal_of(hit: Hit, match: Match, source: str, time: Stamp | None) -> Signal:
    """A match as a signal of its source."""
    record = hit.record
    return Signal(
        id=match.signal,
        captures=match.captures,
        subject=match.subject,
        role=match.role,
        source=source,
        line=record.line,
        time=time,
        level=record.level,
        text=record.text,
        span=match.span,
        around=hit.around,
    )


def code_signal(hit: Hit, code: str, source: str, time: Stamp | None) -> Signal:
    """A printed code as a signal, `code.<CODE>`."""
    at = max(0, hit.record.text.upper().find(code))
    return signal_of(hit, Match(f"code.{code}", (), (at, at + len(code)), _MACHINE, None), source, time)
