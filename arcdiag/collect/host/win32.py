"""Functions of Windows' own libraries, loaded from the system folder alone."""

from __future__ import annotations

import ctypes
import errno
import sys
from typing import Any

_SYSTEM_FOLDER = 0x800


def library(name: str) -> Any:
    """A library by its name (`advapi32`). Raises OSError elsewhere than on Windows."""
    if sys.platform == "win32":
        return ctypes.WinDLL(name, use_last_error=True, winmode=_SYSTEM_FOLDER)
    raise OSError(errno.ENOSYS, "this is not Windows")


def last_error() -> OSError:
    """What the last call of a function of `library` left behind."""
    if sys.platform == "win32":
        return ctypes.WinError(ctypes.get_last_error())
    return OSError(errno.ENOSYS, "this is not Windows")


def error_of(code: int) -> OSError:
    """A Windows error by its number; 5 becomes a PermissionError, 2 a FileNotFoundError."""
    if sys.platform == "win32":
        return ctypes.WinError(code)
    return OSError(errno.ENOSYS, "this is not Windows")


def code_of(error: OSError) -> int | None:
    """The Windows number of an error; None if it has none."""
    code = getattr(error, "winerror", None)
    return code if isinstance(code, int) else None
