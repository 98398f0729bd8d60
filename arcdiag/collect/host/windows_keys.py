"""Which registry keys are read: what the decoders themselves ask for."""

from __future__ import annotations

from collections.abc import Mapping

from arcdiag.logs.values.registry import RegistryValue
from arcdiag.model.reading import Reading, absent


class _AskedKeys:
    """A registry without anything in it that keeps what it is asked for."""

    def __init__(self) -> None:
        self.keys: dict[str, None] = {}

    def values(self, key: str) -> Reading[Mapping[str, RegistryValue]]:
        """Nothing."""
        self.keys[key] = None
        return absent(key)

    def subkeys(self, key: str) -> Reading[tuple[str, ...]]:
        """Nothing."""
        self.keys[key] = None
        return absent(key)


def decoded_keys() -> tuple[str, ...]:
    """Keys that facts are decoded from, each with what lies below it. Nothing is read to tell this."""
    from arcdiag.logs.values.recorded import registry_facts

    asked = _AskedKeys()
    registry_facts(asked, "", "")
    return tuple(asked.keys)
