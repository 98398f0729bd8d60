"""A case: everything that is known about one machine at one time."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from arcdiag.model.fact import Fact
from arcdiag.model.stamp import Stamp


class TimeBasis(StrEnum):
    """Where a case's own *now* comes from."""

    MANIFEST = "manifest"
    NEWEST_RECORD = "newest-record"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the case as it was read. `lines` counts physical lines; `first`/`last` bound its stamps.

    `sha256` is the hash that the manifest has of it; None where there is no manifest.
    """

    path: str
    kind: str
    encoding: str
    lines: int = 0
    first: Stamp | None = None
    last: Stamp | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """Something that could not be read, asked or decided, and why (both are plain English or Msg-free data)."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """One file of a bundle: `size` in bytes, `sha256` in hex."""

    path: str
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`manifest.json` of a case that arcdiag wrote. Times are ISO 8601 UTC, `utc_offset_minutes` is local minus UTC."""

    schema_version: str
    tool_version: str
    rules_version: str
    host: str
    os: str
    collected_at: str
    utc_offset_minutes: int
    user: str | None
    elevated: bool
    files: tuple[ManifestFile, ...] = ()
    left_out: tuple[NotEvaluated, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """What the machine is in Azure; None = not known."""

    vm_id: str | None = None
    resource_id: str | None = None
    subscription: str | None = None
    tenant: str | None = None
    region: str | None = None
    cloud: str | None = None
    proxy: str | None = None
    cert_thumbprint: str | None = None


@dataclass(frozen=True, slots=True)
class CaseInfo:
    """What a report says of the case itself."""

    name: str
    host: str | None
    os: str
    agent_version: str | None
    collected_at: str | None
    now: Stamp | None
    time_basis: TimeBasis
    identity: Identity
    sources: tuple[Source, ...]
    facts: tuple[Fact, ...] = field(default=(), repr=False)
