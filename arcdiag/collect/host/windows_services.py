"""Asks the service control manager about one service, with the right to look and nothing more."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ctypes import wintypes
from typing import Any

from arcdiag.collect.host.win32 import code_of, last_error, library
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading, absent, failed

_CONNECT = 0x1
_LOOK = 0x1 | 0x4  # SERVICE_QUERY_CONFIG, SERVICE_QUERY_STATUS
_NOT_INSTALLED = 1060
_MOST_BYTES = 8192  # the documented limit of QueryServiceConfig
_STATES = ("", "stopped", "start_pending", "stop_pending", "running", "continue_pending", "pause_pending", "paused")
_STARTS = ("boot", "system", "automatic", "manual", "disabled")


class _Config(ctypes.Structure):
    """QUERY_SERVICE_CONFIGW."""

    _fields_ = (
        ("type", wintypes.DWORD),
        ("start", wintypes.DWORD),
        ("error_control", wintypes.DWORD),
        ("program", wintypes.LPWSTR),
        ("group", wintypes.LPWSTR),
        ("tag", wintypes.DWORD),
        ("dependencies", ctypes.c_void_p),
        ("account", wintypes.LPWSTR),
        ("display_name", wintypes.LPWSTR),
    )


class _Status(ctypes.Structure):
    """SERVICE_STATUS_PROCESS."""

    _fields_ = tuple(
        (name, wintypes.DWORD)
        for name in ("type", "state", "controls", "exit_code", "own_code", "checkpoint", "hint", "pid", "flags")
    )


def query_service(unit: str) -> Reading[Mapping[str, str]]:
    """Words as psutil has them (`status`, `start_type`, `username`, `binpath`, `display_name`), `pid`, `dependencies`

    with commas, `exit_code` (Win32) and `service_exit_code` (the service's own, where the former is 1066).
    """
    try:
        advapi = _advapi()
    except OSError:
        return Reading(FactStatus.UNSUPPORTED, None, "this is not Windows")
    try:
        with (
            _closed(advapi, advapi.OpenSCManagerW(None, None, _CONNECT)) as manager,
            _closed(advapi, advapi.OpenServiceW(manager, unit, _LOOK)) as service,
        ):
            return Reading.of(_configuration(advapi, service) | _status(advapi, service))
    except OSError as error:
        if code_of(error) == _NOT_INSTALLED:
            return absent(f"the service {unit} is not installed")
        return failed(error, f"service {unit}")


def _advapi() -> Any:
    advapi = library("advapi32")
    for name in ("OpenSCManagerW", "OpenServiceW"):
        getattr(advapi, name).restype = wintypes.SC_HANDLE
    advapi.OpenSCManagerW.argtypes = [wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.DWORD]
    advapi.OpenServiceW.argtypes = [wintypes.SC_HANDLE, wintypes.LPCWSTR, wintypes.DWORD]
    advapi.CloseServiceHandle.argtypes = [wintypes.SC_HANDLE]
    size = [wintypes.DWORD, ctypes.POINTER(wintypes.DWORD)]
    advapi.QueryServiceConfigW.argtypes = [wintypes.SC_HANDLE, ctypes.c_void_p, *size]
    advapi.QueryServiceStatusEx.argtypes = [wintypes.SC_HANDLE, ctypes.c_int, ctypes.c_void_p, *size]
    return advapi


@contextmanager
def _closed(advapi: Any, handle: int | None) -> Iterator[int]:
    if not handle:
        raise last_error()
    try:
        yield handle
    finally:
        advapi.CloseServiceHandle(handle)


def _configuration(advapi: Any, service: int) -> dict[str, str]:
    block, needed = ctypes.create_string_buffer(_MOST_BYTES), wintypes.DWORD()
    if not advapi.QueryServiceConfigW(service, block, _MOST_BYTES, ctypes.byref(needed)):
        raise last_error()
    told = _Config.from_buffer(block)
    return {
        "start_type": _word(_STARTS, told.start),
        "username": told.account or "",
        "binpath": told.program or "",
        "display_name": told.display_name or "",
        "dependencies": ",".join(_texts(told.dependencies)),
    }


def _status(advapi: Any, service: int) -> dict[str, str]:
    told, needed = _Status(), wintypes.DWORD()
    if not advapi.QueryServiceStatusEx(service, 0, ctypes.byref(told), ctypes.sizeof(told), ctypes.byref(needed)):
        raise last_error()
    return {
        "status": _word(_STATES, told.state),
        "pid": str(told.pid) if told.pid else "",
        "exit_code": str(told.exit_code),
        "service_exit_code": str(told.own_code),
    }


def _word(words: tuple[str, ...], number: int) -> str:
    return words[number] if number < len(words) else ""


def _texts(address: int | None) -> Iterator[str]:
    """Texts one behind the other; an empty one ends them."""
    while address and (text := ctypes.wstring_at(address)):
        yield text
        address += (len(text) + 1) * ctypes.sizeof(ctypes.c_wchar)
