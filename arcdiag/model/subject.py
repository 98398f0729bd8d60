"""What a signal or a fact is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SubjectKind(StrEnum):
    """Kinds of subjects; two pieces of evidence agree only on a subject of the same kind and id."""

    ENDPOINT = "endpoint"
    PROXY = "proxy"
    SERVICE = "service"
    FILE = "file"
    PROVIDER = "provider"
    TENANT = "tenant"
    IDENTITY = "identity"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """`id` per kind: endpoint = host in lower case, no final dot, no `:443`; proxy = host:port without credentials;

    identity = onboarding, machine or user; the others = their own name. `machine` has the empty id.
    """

    kind: SubjectKind
    id: str

    @classmethod
    def endpoint(cls, host: str) -> Subject:
        """An endpoint by host name, normalised."""
        host = host.strip().lower().removesuffix(":443").rstrip(".")
        return cls(SubjectKind.ENDPOINT, host)
