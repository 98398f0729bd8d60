"""The registry of this machine, read through winreg; everywhere else nothing of it can be seen."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from arcdiag.logs.values.registry import Data, RegistryValue, kind_name, normal
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading, failed

if sys.platform == "win32":
    import winreg

CURRENT_VERSION = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
INTERFACES = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces"
MACHINE_ENVIRONMENT = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
PRODUCT = r"HKLM\SYSTEM\CurrentControlSet\Control\ProductOptions"
SERVICE = r"HKLM\SYSTEM\CurrentControlSet\Services"
TCPIP = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
WINHTTP = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\Connections"
WININET = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings"

_MOST = 4096
_NOT_WINDOWS = "this is not Windows"


class LiveRegistry:
    """`Registry` over winreg, in the 64-bit view. Opens keys for reading alone."""

    def values(self, key: str) -> Reading[Mapping[str, RegistryValue]]:
        """The values of a key by their names in lower case."""
        if sys.platform != "win32":
            return Reading(FactStatus.UNSUPPORTED, None, _NOT_WINDOWS)
        try:
            found = [_value(*triple) for triple in _values(key)]
        except OSError as error:
            return failed(error, key)
        return Reading.of({value.name.lower(): value for value in found})

    def subkeys(self, key: str) -> Reading[tuple[str, ...]]:
        """Names of the keys directly below."""
        if sys.platform != "win32":
            return Reading(FactStatus.UNSUPPORTED, None, _NOT_WINDOWS)
        try:
            return Reading.of(tuple(_text(name) for name in _names(key)))
        except OSError as error:
            return failed(error, key)


def _values(key: str) -> list[tuple[str, Any, int]]:
    found: list[tuple[str, Any, int]] = []
    if sys.platform == "win32":
        with _opened(key) as handle:
            count = min(winreg.QueryInfoKey(handle)[1], _MOST)
            found = [winreg.EnumValue(handle, index) for index in range(count)]
    return found


def _names(key: str) -> list[str]:
    found: list[str] = []
    if sys.platform == "win32":
        with _opened(key) as handle:
            count = min(winreg.QueryInfoKey(handle)[0], _MOST)
            found = [winreg.EnumKey(handle, index) for index in range(count)]
    return found


def _opened(key: str) -> Any:
    if sys.platform == "win32":
        root, _, path = normal(key).partition("\\")
        roots = {"hklm": winreg.HKEY_LOCAL_MACHINE, "hkcu": winreg.HKEY_CURRENT_USER, "hku": winreg.HKEY_USERS}
        return winreg.OpenKey(roots[root], path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)
    raise NotImplementedError


def _value(name: str, data: Any, kind: int) -> RegistryValue:
    return RegistryValue(_text(name), kind_name(kind), _data(data))


def _data(data: Any) -> Data:
    if isinstance(data, str):
        return _text(data)
    if isinstance(data, list):
        return tuple(_text(str(item)) for item in data)
    return data if isinstance(data, int | bytes) else b""


def _text(text: str) -> str:
    # Anyone may write half of a surrogate pair into the registry; no file and no report could hold it.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def data_of(reading: Reading[Mapping[str, RegistryValue]]) -> dict[str, Data]:
    """The data of each value by its name in lower case; empty if the key could not be read."""
    return {name: value.data for name, value in (reading.value or {}).items()}


def text_of(values: Mapping[str, Data], name: str) -> str:
    """A value as text without blanks around it; empty if it is not there or no text."""
    data = values.get(name.lower())
    return data.strip(" \0") if isinstance(data, str) else ""


def number_of(values: Mapping[str, Data], name: str) -> int | None:
    """A value as a number; None if it is not there or none."""
    data = values.get(name.lower())
    return data if isinstance(data, int) else None
