"""Opens a file on Windows so that its owner may go on renaming and deleting it, as an agent does with its logs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_READ, _SHARE_ALL, _EXISTING, _ORDINARY = 0x80000000, 0x7, 3, 0x80


def open_shared(path: str | Path) -> int:
    """A descriptor for reading bytes. Raises OSError as `os.open` does, and on other systems than Windows.

    What `open` gives there keeps others from renaming the file: while it was read, himds could not rotate its log.
    """
    if sys.platform == "win32":
        import ctypes
        import msvcrt
        from ctypes import wintypes

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileW.restype = wintypes.HANDLE
        kernel.CreateFileW.argtypes = [wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, wintypes.LPVOID,
                                       wintypes.DWORD, wintypes.DWORD, wintypes.HANDLE]  # fmt: skip
        handle = kernel.CreateFileW(os.fspath(path), _READ, _SHARE_ALL, None, _EXISTING, _ORDINARY, None)
        if handle in (None, wintypes.HANDLE(-1).value):
            raise ctypes.WinError(ctypes.get_last_error())
        return msvcrt.open_osfhandle(handle, os.O_RDONLY | os.O_BINARY)
    raise OSError("this is not Windows")
