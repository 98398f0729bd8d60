"""Entries of files and named pipes on Windows."""

from __future__ import annotations

import ctypes
import stat
from ctypes import wintypes
from datetime import UTC, datetime
from pathlib import Path

from arcdiag.collect.host.platform import FileRaw
from arcdiag.collect.host.win32 import code_of, last_error, library
from arcdiag.collect.host.windows_paths import PIPES
from arcdiag.model.reading import Reading, absent, failed

_READ_DATA, _SHARE_ALL, _EXISTING, _FOLDERS_TOO = 0x1, 0x7, 3, 0x02000000
_NO_HANDLE = ctypes.c_void_p(-1).value
_ALL_BUSY = (121, 231)
_NAME = 256


def entry(path: str) -> Reading[FileRaw]:
    """The entry of a file, a folder or a named pipe; nothing is opened for more than a look."""
    if path.startswith(PIPES):
        return _pipe(path)
    try:
        told = Path(path).stat()
    except OSError as error:
        return failed(error, path)
    attributes = getattr(told, "st_file_attributes", 0)
    return Reading.of(
        FileRaw(
            path=path,
            size=told.st_size,
            mode=None,
            owner=_owner(path),
            kind="folder" if stat.S_ISDIR(told.st_mode) else "file",
            readable=_may_read(path),
            read_only=bool(attributes & stat.FILE_ATTRIBUTE_READONLY),
            modified=datetime.fromtimestamp(int(told.st_mtime), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
    )


def _pipe(path: str) -> Reading[FileRaw]:
    """Whether there is such a pipe, without opening it: an open one would be a client to its server."""
    try:
        kernel = library("kernel32")
        kernel.WaitNamedPipeW.argtypes = [wintypes.LPCWSTR, wintypes.DWORD]
        if not kernel.WaitNamedPipeW(path, 1):
            raise last_error()
    except OSError as error:
        if code_of(error) not in _ALL_BUSY:
            return absent(f"{path}: not there") if isinstance(error, FileNotFoundError) else failed(error, path)
    return Reading.of(FileRaw(path, 0, None, None, "socket", True))


def _may_read(path: str) -> bool:
    """Whether the list of rights lets this user read: only Windows itself can tell, when it is asked to open.

    Others may read, write, rename and delete it meanwhile.
    """
    try:
        kernel = library("kernel32")
    except OSError:
        return False
    kernel.CreateFileW.restype = ctypes.c_void_p
    kernel.CreateFileW.argtypes = [wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p,
                                   wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p]  # fmt: skip
    kernel.CloseHandle.argtypes = [ctypes.c_void_p]
    handle = kernel.CreateFileW(path, _READ_DATA, _SHARE_ALL, None, _EXISTING, _FOLDERS_TOO, None)
    if handle in (None, _NO_HANDLE):
        return False
    kernel.CloseHandle(handle)
    return True


def _owner(path: str) -> str | None:
    r"""The owner as `DOMAIN\name`; None if it cannot be told."""
    try:
        advapi, kernel = library("advapi32"), library("kernel32")
    except OSError:
        return None
    sid, descriptor = ctypes.c_void_p(), ctypes.c_void_p()
    advapi.GetNamedSecurityInfoW.argtypes = [wintypes.LPCWSTR, ctypes.c_int, wintypes.DWORD, *[ctypes.c_void_p] * 5]
    advapi.LookupAccountSidW.argtypes = [wintypes.LPCWSTR, *[ctypes.c_void_p] * 6]
    kernel.LocalFree.argtypes = [ctypes.c_void_p]
    if advapi.GetNamedSecurityInfoW(path, 1, 1, ctypes.byref(sid), None, None, None, ctypes.byref(descriptor)):
        return None
    try:
        name, domain = ctypes.create_unicode_buffer(_NAME), ctypes.create_unicode_buffer(_NAME)
        sizes, use = (wintypes.DWORD * 2)(_NAME, _NAME), ctypes.c_int()
        first, second = ctypes.byref(sizes), ctypes.byref(sizes, ctypes.sizeof(wintypes.DWORD))
        if not advapi.LookupAccountSidW(None, sid, name, first, domain, second, ctypes.byref(use)):
            return None
        return "\\".join(part for part in (domain.value, name.value) if part)
    finally:
        kernel.LocalFree(descriptor)
