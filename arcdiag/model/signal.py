"""What a text means: a rule that matched at a place."""

from __future__ import annotations

from dataclasses import dataclass, field

from arcdiag.model.around import ALONE, Surroundings
from arcdiag.model.record import Level
from arcdiag.model.stamp import Stamp
from arcdiag.model.subject import Subject


@dataclass(frozen=True, slots=True)
class Signal:
    """One match of a signal rule. `span` are offsets into `text`; `around` are context lines.

    `captures` are the named parts of the pattern; `role` is the endpoint role of the subject, if it is one.
    """

    id: str
    captures: tuple[tuple[str, str], ...]
    subject: Subject | None
    role: str | None
    source: str
    line: int
    time: Stamp | None
    level: Level
    text: str
    span: tuple[int, int]
    around: Surroundings = field(default=ALONE, compare=False)

    @property
    def named(self) -> dict[str, str]:
        """The captures as a dict."""
        return dict(self.captures)
