"""Who holds a user right and who is in a group, asked of Windows itself."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import wintypes
from typing import Any

from arcdiag.collect.host.win32 import error_of, last_error, library
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading, absent, failed

_LOOK = 0x801  # POLICY_VIEW_LOCAL_INFORMATION, POLICY_LOOKUP_NAMES
_NOBODY = 0x8000001A  # STATUS_NO_MORE_ENTRIES
_SURELY_HELD = "SeChangeNotifyPrivilege"
_NO_SUCH_GROUP = (1376, 2220)
_IMPOSSIBLE = "a name with /\\[]:;|=,+*?<> in it"
_ALL = 0xFFFFFFFF


class _Text(ctypes.Structure):
    """LSA_UNICODE_STRING; lengths in bytes."""

    _fields_ = (("length", wintypes.USHORT), ("most", wintypes.USHORT), ("buffer", wintypes.LPWSTR))


class _Attributes(ctypes.Structure):
    """LSA_OBJECT_ATTRIBUTES, all of it unused."""

    _fields_ = (
        ("length", wintypes.ULONG),
        ("root", wintypes.HANDLE),
        ("name", ctypes.c_void_p),
        ("attributes", wintypes.ULONG),
        ("descriptor", ctypes.c_void_p),
        ("quality", ctypes.c_void_p),
    )


class _Member(ctypes.Structure):
    """LOCALGROUP_MEMBERS_INFO_2."""

    _fields_ = (("sid", ctypes.c_void_p), ("use", ctypes.c_int), ("name", wintypes.LPWSTR))


def right_holders(right: str) -> Reading[tuple[str, ...]]:
    """SIDs (`S-1-5-80-0`) of the accounts that hold a right; an empty list means nobody.

    UNSUPPORTED where the system names nobody for a right that everybody has: its answer means nothing then.
    """
    try:
        advapi = _advapi()
    except OSError:
        return Reading(FactStatus.UNSUPPORTED, None, "this is not Windows")
    try:
        with _policy(advapi) as policy:
            holders = _holders(advapi, policy, right)
            if not holders and not _holders(advapi, policy, _SURELY_HELD):
                return Reading(FactStatus.UNSUPPORTED, None, "this system does not tell who holds user rights")
            return Reading.of(holders)
    except OSError as error:
        return failed(error, f"user right {right}")


def _advapi() -> Any:
    advapi = library("advapi32")
    advapi.LsaOpenPolicy.argtypes = [ctypes.c_void_p, ctypes.c_void_p, wintypes.DWORD, ctypes.c_void_p]
    advapi.LsaEnumerateAccountsWithUserRight.argtypes = [wintypes.HANDLE, *[ctypes.c_void_p] * 3]
    for name in ("LsaOpenPolicy", "LsaEnumerateAccountsWithUserRight", "LsaNtStatusToWinError"):
        getattr(advapi, name).restype = wintypes.ULONG
    advapi.LsaFreeMemory.argtypes = [ctypes.c_void_p]
    advapi.LsaClose.argtypes = [wintypes.HANDLE]
    advapi.ConvertSidToStringSidW.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    return advapi


@contextmanager
def _policy(advapi: Any) -> Iterator[wintypes.HANDLE]:
    handle = wintypes.HANDLE()
    nothing = _Attributes(ctypes.sizeof(_Attributes))
    status = advapi.LsaOpenPolicy(None, ctypes.byref(nothing), _LOOK, ctypes.byref(handle))
    if status:
        raise error_of(advapi.LsaNtStatusToWinError(status))
    try:
        yield handle
    finally:
        advapi.LsaClose(handle)


def _holders(advapi: Any, policy: wintypes.HANDLE, right: str) -> tuple[str, ...]:
    name = _Text(len(right) * 2, len(right) * 2 + 2, right)
    found, count = ctypes.c_void_p(), wintypes.ULONG()
    status = advapi.LsaEnumerateAccountsWithUserRight(
        policy, ctypes.byref(name), ctypes.byref(found), ctypes.byref(count)
    )
    if status == _NOBODY:
        return ()
    if status:
        raise error_of(advapi.LsaNtStatusToWinError(status))
    try:
        sids = (ctypes.c_void_p * count.value).from_address(found.value) if found.value else ()
        return tuple(_sid_text(advapi, sid) for sid in sids if sid)
    finally:
        advapi.LsaFreeMemory(found)


def _sid_text(advapi: Any, sid: int) -> str:
    text = wintypes.LPWSTR()
    if not advapi.ConvertSidToStringSidW(sid, ctypes.byref(text)):
        raise last_error()
    value = text.value or ""
    kernel = library("kernel32")
    kernel.LocalFree.argtypes = [ctypes.c_void_p]
    kernel.LocalFree(text)
    return value


def group_members(group: str) -> Reading[tuple[str, ...]]:
    r"""Members of a local group as `DOMAIN\name`; ABSENT if there is no such group.

    UNSUPPORTED where the system finds nobody in a group that cannot exist either.
    """
    try:
        network = library("netapi32")
    except OSError:
        return Reading(FactStatus.UNSUPPORTED, None, "this is not Windows")
    reading = _members(network, group)
    if reading.value == () and _members(network, _IMPOSSIBLE).status is FactStatus.OK:
        return Reading(FactStatus.UNSUPPORTED, None, "this system does not tell who is in a group")
    return reading


def _members(network: Any, group: str) -> Reading[tuple[str, ...]]:
    network.NetApiBufferFree.argtypes = [ctypes.c_void_p]
    found, count, total = ctypes.c_void_p(), wintypes.DWORD(), wintypes.DWORD()
    out = (ctypes.byref(found), wintypes.DWORD(_ALL), ctypes.byref(count), ctypes.byref(total), None)
    code = network.NetLocalGroupGetMembers(None, ctypes.c_wchar_p(group), 2, *out)
    if code in _NO_SUCH_GROUP:
        return absent(f"the group {group} is not there")
    if code:
        return failed(error_of(code), f"group {group}")
    try:
        members = (_Member * count.value).from_address(found.value) if found.value else ()
        return Reading.of(tuple(member.name or "" for member in members))
    finally:
        network.NetApiBufferFree(found)
