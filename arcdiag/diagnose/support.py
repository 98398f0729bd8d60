"""The ids that Microsoft support asks for, as the logs print them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from arcdiag.model.diagnosis import SupportId
from arcdiag.model.stamp import Stamp

LIMIT = 20
_GUID = r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
_MACHINE_ID = (
    r"(/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/\s'\"]{1,90}"
    r"/providers/Microsoft\.HybridCompute/machines/[^/\s'\",]{1,80})"
)
_CORRELATION = rf"(?:RequestCorrelationId|Correlation ?ID|correlation_id|correlationId)\W{{1,6}}{_GUID}"
_KINDS = (
    ("correlation-id", re.compile(_CORRELATION, re.I)),
    ("trace-id", re.compile(rf"(?:Trace ?ID|trace_id)\W{{1,6}}{_GUID}", re.I)),
    ("request-id", re.compile(rf"(?:x-ms-request-id|Request ?ID|requestId)\W{{1,6}}{_GUID}", re.I)),
    ("resource-id", re.compile(_MACHINE_ID, re.I)),
)
_HINT = re.compile(r"-id|_id|[a-z]id\b| ID|/subscriptions/", re.I)


@dataclass
class SupportIds:
    """The newest LIMIT ids of a file; ids in records without an error count only while none of an error is known."""

    found: dict[tuple[str, str], SupportId] = field(default_factory=dict)

    def note(self, text: str, time: Stamp | None, important: bool) -> None:
        """Take the ids of one record."""
        if not important or not _HINT.search(text):
            return
        for kind, pattern in _KINDS:
            for match in pattern.finditer(text, 0, 8000):
                self.found.pop((kind, match[1]), None)
                self.found[(kind, match[1])] = SupportId(kind, match[1], time)
        while len(self.found) > LIMIT:
            del self.found[next(iter(self.found))]
