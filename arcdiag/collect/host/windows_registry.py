"""Reads the Windows registry and the service manager; empty on other systems."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

if sys.platform == "win32":
    import winreg

MACHINE_ENVIRONMENT = r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
UNINSTALL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
INTERFACES = r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces"
TCPIP = r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
CURRENT_VERSION = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
WINHTTP = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\Connections"
WININET = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"


def key_values(path: str, of_user: bool = False) -> dict[str, Any]:
    """All values of a key of the machine (or of the user). Raises FileNotFoundError, PermissionError, OSError."""
    found: dict[str, Any] = {}
    if sys.platform == "win32":
        hive = winreg.HKEY_CURRENT_USER if of_user else winreg.HKEY_LOCAL_MACHINE
        with winreg.OpenKey(hive, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as key:
            for index in range(winreg.QueryInfoKey(key)[1]):
                name, value, _ = winreg.EnumValue(key, index)
                found[name] = value
    return found


def sub_keys(path: str) -> Iterator[dict[str, Any]]:
    """The values of each key below one of the machine; those that may not be read are left out."""
    names: list[str] = []
    if sys.platform == "win32":
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as key:
            names = [winreg.EnumKey(key, index) for index in range(winreg.QueryInfoKey(key)[0])]
    for name in names:
        try:
            yield key_values(rf"{path}\{name}")
        except OSError:
            continue


def service_exit_code(name: str) -> int | None:
    """Win32 exit code of a service (the service's own one where it has such); None if it cannot be asked."""
    if sys.platform != "win32":
        return None
    import ctypes
    from ctypes import wintypes

    class Status(ctypes.Structure):
        """SERVICE_STATUS."""

        _fields_ = [(f"field{i}", wintypes.DWORD) for i in range(7)]

    advapi = ctypes.WinDLL("advapi32", use_last_error=True)
    advapi.OpenSCManagerW.restype = advapi.OpenServiceW.restype = wintypes.SC_HANDLE
    advapi.OpenServiceW.argtypes = [wintypes.SC_HANDLE, wintypes.LPCWSTR, wintypes.DWORD]
    advapi.QueryServiceStatus.argtypes = [wintypes.SC_HANDLE, ctypes.c_void_p]
    advapi.CloseServiceHandle.argtypes = [wintypes.SC_HANDLE]
    manager = advapi.OpenSCManagerW(None, None, 1)
    if not manager:
        return None
    handle = advapi.OpenServiceW(manager, name, 4)
    status = Status()
    done = bool(handle) and bool(advapi.QueryServiceStatus(handle, ctypes.byref(status)))
    for opened in (handle, manager):
        if opened:
            advapi.CloseServiceHandle(opened)
    if not done:
        return None
    code, own = status.field3, status.field4
    return int(own if code == 1066 else code)
