"""Errors that people are meant to read: one line that says what happened, where, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType


class ArcdiagError(Exception):
    """Base; `exit_code` is the contract of the outside."""

    exit_code = 4


class InputError(ArcdiagError):
    """Input that cannot be used."""

    exit_code = 2


class OutputError(ArcdiagError):
    """An output place that cannot be used."""

    exit_code = 2


class FullDiskError(ArcdiagError):
    """The disk filled up while writing; nothing half-written is left."""

    exit_code = 4


class SecretLeftError(ArcdiagError):
    """The last scan found a secret in the finished output; nothing is left there.

    `found`: what was found, in words and never the thing itself. `members`: what was found in each member of an
    archive, by its name; empty if it is not members that can be left out.
    """

    exit_code = 4

    def __init__(self, text: str, found: str = "", members: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.found = found
        self.members = dict(members or {})


class Guard:
    """Keeps the error of one piece of work, so that it becomes a result and not the end of the others.

    `error` is what ended the block, None if it ended well; Ctrl-C and exits pass through.
    """

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __enter__(self) -> Guard:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.error = error if isinstance(error, Exception) else None
        return self.error is not None
