"""Asks a registry for one key and makes one fact of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from arcdiag.logs.values.registry import Registry, RegistryValue
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker

Values = Mapping[str, RegistryValue]
Decode = Callable[[Values], dict[str, Any] | None]


@dataclass(frozen=True)
class Asked:
    """`by` names the collector or the kind of recording; `raw` the case file, if there is one."""

    make: FactMaker
    registry: Registry
    by: str = "registry"
    raw: str | None = None

    def fact(self, name: str, key: str, decode: Decode) -> list[Fact]:
        """One fact from the values of a key; none if nobody looked there.

        `decode` gives None for what is not set (status ABSENT) and raises ValueError for what is malformed (ERROR).
        """
        reading = self.registry.values(key)
        if reading.status is FactStatus.UNSUPPORTED:
            return []
        if reading.status is not FactStatus.OK or reading.value is None:
            return [self.missing(name, reading.status, reading.reason)]
        return [self.decoded(name, reading.value, decode, key)]

    def decoded(self, name: str, values: Values, decode: Decode, key: str) -> Fact:
        """One fact from values that are there."""
        try:
            value = decode(values)
        except ValueError as error:
            return self.missing(name, FactStatus.ERROR, f"{key}: {error}")
        if value is None:
            return self.missing(name, FactStatus.ABSENT, f"{key}: not set")
        return self.make.ok(name, MACHINE, value, self.by, self.raw)

    def missing(self, name: str, status: FactStatus, reason: str | None) -> Fact:
        """A fact without a value."""
        return self.make.not_seen(name, MACHINE, status, reason, self.by, raw=self.raw)
