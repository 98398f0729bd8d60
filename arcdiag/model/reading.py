"""A raw value of a machine, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from arcdiag.model.fact import FactStatus

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A raw value, or why there is none. `value` is only there with status OK."""

    status: FactStatus
    value: T | None = None
    reason: str | None = None

    @classmethod
    def of(cls, value: T) -> Reading[T]:
        """Something that was read."""
        return cls(FactStatus.OK, value)


def absent(reason: str) -> Reading[T]:
    """Looked, had the right to look, and it is not there."""
    return Reading(FactStatus.ABSENT, None, reason)


def failed(error: BaseException, what: str) -> Reading[T]:
    """A reading that an error ended: `denied` for missing rights, `absent` for missing files, else `error`."""
    if isinstance(error, PermissionError):
        return Reading(FactStatus.DENIED, None, f"{what}: permission denied")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Reading(FactStatus.ABSENT, None, f"{what}: not there")
    if isinstance(error, TimeoutError):
        return Reading(FactStatus.TIMEOUT, None, f"{what}: no answer in time")
    text = error.strerror if isinstance(error, OSError) and error.strerror else f"{type(error).__name__}: {error}"
    return Reading(FactStatus.ERROR, None, f"{what}: {text}")
