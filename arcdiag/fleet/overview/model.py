"""What the overview says; numbers count machines unless they say otherwise, times are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Shared:
    """A value that machines with a cause have in common, and how frequent the cause is with it and without it.

    `with_cause` of `of_cause` machines with the cause (and a known value) have it; of all `sharing` machines that have
    it `with_cause` have the cause, and of the `others` `others_with_cause`.
    """

    trait: str
    value: str
    with_cause: int
    of_cause: int
    sharing: int
    others_with_cause: int
    others: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Most of a cause's onsets lie within an hour. `elsewhere` of `other_onsets` of other causes lie there too."""

    first: datetime
    last: datetime
    within: int
    dated: int
    elsewhere: int
    other_onsets: int


@dataclass(frozen=True, slots=True)
class CauseGroup:
    """A current cause. `answers`: of how many machines it is the first; `subjects`: the most frequent, with numbers."""

    cause: str
    machines: int
    answers: int
    impact: str
    subjects: tuple[tuple[str, int], ...]
    shared: tuple[Shared, ...] = ()
    cluster: Cluster | None = None


@dataclass(frozen=True, slots=True)
class Clone:
    """An id that several hosts carry. `kind`: `vm_id` or `cert_thumbprint`; `number` hosts, some of them named."""

    kind: str
    id: str
    number: int
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """Onsets of one cause (None: all others), one number for each bin of the chart."""

    cause: str | None
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Onsets:
    """When current causes began. A bin begins at its time and is one `unit` (`hour`, `day`, `week`, `month`) long.

    `before` lie before the first bin; `undated` have no time in UTC.
    """

    unit: str
    bins: tuple[datetime, ...]
    lanes: tuple[Lane, ...]
    before: int
    undated: int

    @property
    def highest(self) -> int:
        """The largest number of one bin of one lane."""
        return max((count for lane in self.lanes for count in lane.counts), default=0)


@dataclass(frozen=True, slots=True)
class AgentVersion:
    """Machines with one minor version. `released` is `yyyy-mm`; `supported` None where it cannot be told."""

    version: str
    machines: int
    problems: int
    released: str | None
    supported: bool | None
    defects: int


@dataclass(frozen=True, slots=True)
class Machine:
    """One line of the list. `causes` are current, the answer first; `report`: whether its HTML was written."""

    bundle: str
    name: str
    verdict: str
    causes: tuple[str, ...]
    agent: str | None
    proxy: str | None
    onset: str | None
    source: str
    report: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the page shows. `machines` are in the order in which the list shows them: problems first."""

    bundles: int
    verdicts: dict[str, int]
    newest: datetime | None
    causes: tuple[CauseGroup, ...]
    clones: tuple[Clone, ...]
    onsets: Onsets | None
    versions: tuple[AgentVersion, ...]
    machines: tuple[Machine, ...]
    errors: tuple[tuple[str, str], ...]
    tool_version: str
    rules_version: str
    all_clones: int = 0

    @property
    def problems(self) -> int:
        """Machines with a current problem."""
        return self.verdicts.get("problem", 0)
