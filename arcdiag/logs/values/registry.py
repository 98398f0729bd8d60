"""What the Windows registry tells, whether it is asked live or read from a recorded file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading, T, absent

Data = str | int | bytes | tuple[str, ...]

KINDS = (
    "REG_NONE",
    "REG_SZ",
    "REG_EXPAND_SZ",
    "REG_BINARY",
    "REG_DWORD",
    "REG_DWORD_BIG_ENDIAN",
    "REG_LINK",
    "REG_MULTI_SZ",
    "REG_RESOURCE_LIST",
    "REG_FULL_RESOURCE_DESCRIPTOR",
    "REG_RESOURCE_REQUIREMENTS_LIST",
    "REG_QWORD",
)
"""Names of the value types by their number."""

_ROOTS = {
    "hkey_local_machine": "hklm",
    "hkey_current_user": "hkcu",
    "hkey_users": "hku",
    "hkey_classes_root": "hkcr",
    "hkey_current_config": "hkcc",
}
_CURRENT = r"hklm\system\currentcontrolset"


@dataclass(frozen=True, slots=True)
class RegistryValue:
    """A value with the spelling of its name; `kind` is a name of KINDS (`REG_DWORD`).

    `data` is int for numbers, a tuple for REG_MULTI_SZ, str for texts, else bytes. Data that does not fit its kind
    (three bytes of a DWORD) stays bytes: whoever needs a number then says that it is malformed.
    """

    name: str
    kind: str
    data: Data = field(repr=False)


class Registry(Protocol):
    r"""Keys are written `HKLM\SOFTWARE\...` (or `HKCU\...`), in any case."""

    def values(self, key: str) -> Reading[Mapping[str, RegistryValue]]:
        """The values of a key by their names in lower case; the default value has the name ''.

        ABSENT: the key is not there. UNSUPPORTED: nobody looked there (an export of another part of the registry).
        """

    def subkeys(self, key: str) -> Reading[tuple[str, ...]]:
        """Names of the keys directly below, as they are spelled; statuses as for `values`."""


@dataclass(frozen=True)
class RecordedRegistry:
    r"""A registry in memory. `covers` are the keys that were recorded whole: only below them a missing key is absent.

    `keys` holds every recorded key, also those without values. `HKLM\SYSTEM\CurrentControlSet` is looked up in the
    control set that `Select\Current` names where the recording has no such key of its own (hive files).
    """

    keys: Mapping[str, Mapping[str, RegistryValue]]
    covers: tuple[str, ...]

    @classmethod
    def of(cls, keys: Mapping[str, Iterable[RegistryValue]], covers: Iterable[str] | None = None) -> RecordedRegistry:
        """From keys in any spelling; without `covers` the topmost keys are taken as recorded whole."""
        found: dict[str, dict[str, RegistryValue]] = {}
        for key, values in keys.items():
            found.setdefault(normal(key), {}).update({value.name.lower(): value for value in values})
        roots = covers if covers is not None else _topmost(found)
        return cls(found, tuple(normal(root) for root in roots))

    def values(self, key: str) -> Reading[Mapping[str, RegistryValue]]:
        """The values of a key; see Registry."""
        wanted = self._resolved(key)
        found = self.keys.get(wanted)
        if found is not None:
            return Reading.of(found)
        return absent(f"{key}: not there") if self._covered(wanted) else _elsewhere(key)

    def subkeys(self, key: str) -> Reading[tuple[str, ...]]:
        """The keys directly below; see Registry."""
        start = self._resolved(key) + "\\"
        below = sorted({k[len(start) :].partition("\\")[0] for k in self.keys if k.startswith(start)})
        if below or start[:-1] in self.keys:
            return Reading.of(tuple(below))
        return absent(f"{key}: not there") if self._covered(start[:-1]) else _elsewhere(key)

    def _resolved(self, key: str) -> str:
        wanted = normal(key)
        inside = wanted == _CURRENT or wanted.startswith(_CURRENT + "\\")
        if not inside or self._covers_current():
            return wanted
        chosen = self.keys.get(r"hklm\system\select", {}).get("current")
        number = chosen.data if chosen else None
        if not isinstance(number, int):
            return wanted
        return rf"hklm\system\controlset{number:03d}" + wanted[len(_CURRENT) :]

    def _covers_current(self) -> bool:
        return any(key.startswith(_CURRENT) for key in self.keys)

    def _covered(self, key: str) -> bool:
        return any(key == root or key.startswith(root + "\\") for root in self.covers)


def normal(key: str) -> str:
    r"""A key in lower case with a short root: `hklm\software\...`."""
    root, _, rest = key.strip().strip("\\").lower().partition("\\")
    root = _ROOTS.get(root, root)
    return f"{root}\\{rest}" if rest else root


def kind_name(number: int) -> str:
    """The name of a value type by its number; `REG_<number>` if it has none."""
    return KINDS[number] if 0 <= number < len(KINDS) else f"REG_{number}"


def _topmost(keys: Iterable[str]) -> list[str]:
    """Keys with no recorded parent: where `reg export` began. Deep keys alone (a hand-made file) cover themselves."""
    known = set(keys)
    return [key for key in known if not any(p in known for p in _parents(key))]


def _parents(key: str) -> Iterable[str]:
    while "\\" in key:
        key = key.rpartition("\\")[0]
        yield key


def _elsewhere(key: str) -> Reading[T]:
    return Reading(FactStatus.UNSUPPORTED, None, f"{key}: not in this recording")
