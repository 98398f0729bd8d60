"""One endpoint with the way to it, and the second question that it may be asked."""

from __future__ import annotations

from dataclasses import dataclass

from arcdiag.collect.probe.routes import Route
from arcdiag.knowledge.endpoints import EndpointHost
from arcdiag.model.subject import Subject, SubjectKind


@dataclass(frozen=True, slots=True)
class Target:
    """One endpoint and the way to it."""

    endpoint: EndpointHost
    route: Route

    @property
    def subject(self) -> Subject:
        """The endpoint as a subject."""
        port = "" if self.endpoint.port == 443 else f":{self.endpoint.port}"
        return Subject(SubjectKind.ENDPOINT, f"{self.endpoint.host}{port}")


@dataclass(frozen=True, slots=True)
class Ask:
    """A GET whose answer names hosts of `role`; `globs` are the only names that may be probed for it, `most` of them.

    `seconds`: how long the answer may take.
    """

    target: Target
    path: str
    role: str
    globs: tuple[str, ...]
    most: int
    seconds: float
