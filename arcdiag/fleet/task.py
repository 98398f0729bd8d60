"""What goes to a worker and what comes back: plain values that any process can be sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from arcdiag.fleet.rows import Rows


class Kind(StrEnum):
    """What a source is opened as."""

    FILE = "file"
    FOLDER = "folder"
    REMOTE = "remote"


@dataclass(frozen=True, slots=True)
class Source:
    """One bundle. `where`: path or URL; `size` in bytes, -1 if it is not known.

    `data`: its bytes, where no other process could read them (`memory://`).
    """

    where: str
    kind: Kind
    size: int = -1
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """Rules of a person's own, as they go to a worker that cannot read this machine's disk: name and bytes of each."""

    files: tuple[tuple[str, bytes], ...]
    replaces: bool
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Job:
    """A source and the hashes of bundles of its size that are done already."""

    source: Source
    done: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What one task of a worker holds. `version`: of the rules, which the worker must have too.

    `reports`: `none`, `problems` or `all`: of which machines a report is made, in `lang`.
    """

    jobs: tuple[Job, ...]
    version: str
    own: OwnFiles | None = None
    reports: str = "none"
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source. `bundle`: SHA-256 in hex; None where its bytes could not be read.

    `skipped`: it was done already, so that there are no rows. `html`: its report, packed by zlib.
    """

    source: Source
    bundle: str | None
    size: int
    rows: Rows | None
    skipped: bool = False
    html: bytes | None = None
    seconds: float = 0.0

    @property
    def key(self) -> str:
        """What the rows are found under."""
        return self.bundle or unread_key(self.source.where)

    @property
    def error(self) -> str | None:
        """Why there is no diagnosis."""
        return self.rows["machines"][0].get("error") if self.rows else None


def unread_key(where: str) -> str:
    """The key of a source whose bytes are not known."""
    return "source:" + hashlib.sha256(where.encode("utf-8", "surrogatepass")).hexdigest()[:32]
