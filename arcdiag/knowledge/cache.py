"""Files that can be made again, in a folder of the user's own. Nobody else's word is ever taken for one of them.

The folder is `$XDG_CACHE_HOME/arcdiag`, else `~/.cache/arcdiag`. It counts only if it is the user's, nobody else has
any right in it and it is no link; a file in it only if it is the user's, nobody else may write it and it is no link.
On Windows, where rights are lists that it takes a library to read, there is no cache: only a checkout would gain by it.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

KEPT = 8
MOST_BYTES = 64 * 1024 * 1024
_OWNER_ONLY = 0o077
_NO_OTHER_WRITES = 0o022


def cache_folder() -> Path | None:
    """Where the files lie; None where there is no place for them. Whether it is there is not looked at."""
    if sys.platform == "win32":
        return None
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():
        try:
            base = Path.home() / ".cache"
        except RuntimeError:
            return None
    return base / "arcdiag" if base.is_absolute() else None


def read_cached(name: str) -> bytes | None:
    """The bytes of the file `name`; None if it is not there, cannot be read or is not to be trusted."""
    folder = cache_folder()
    if sys.platform == "win32" or folder is None:
        return None
    try:
        place = _opened(folder)
    except OSError:
        return None
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=place)
        with os.fdopen(handle, "rb") as file:
            entry = os.fstat(handle)
            usable = stat.S_ISREG(entry.st_mode) and entry.st_size <= MOST_BYTES
            return file.read(MOST_BYTES) if usable and _is_own(entry, _NO_OTHER_WRITES) else None
    except OSError:
        return None
    finally:
        os.close(place)


def write_cached(name: str, data: bytes) -> None:
    """Keep a file, whole or not at all; where that cannot be done nothing happens.

    Of the files whose names begin alike, up to the first `-`, the newest KEPT stay.
    """
    folder = cache_folder()
    if sys.platform == "win32" or folder is None:
        return
    try:
        _make(folder)
        place = _opened(folder)
    except OSError:
        return
    try:
        _replace(place, name, data)
        _forget(place, name.partition("-")[0] + "-")
    except OSError:
        return
    finally:
        os.close(place)


def _make(folder: Path) -> None:
    """Make the folder, and the one that it stands in, for the user alone. Raises OSError."""
    for made in (folder.parent, folder):
        if made.is_dir():
            continue
        # In the folder of somebody else, such as the home that `sudo` kept, nothing is made.
        if not _is_own(made.parent.stat(), _NO_OTHER_WRITES):
            raise PermissionError(f"{made.parent} belongs to somebody else")
        with suppress(FileExistsError):
            made.mkdir(mode=0o700)


def _opened(folder: Path) -> int:
    """A handle of the folder, by which its files are reached whatever becomes of its path. Raises OSError."""
    if sys.platform == "win32":
        raise NotImplementedError
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    if not _is_own(os.fstat(handle), _OWNER_ONLY):
        os.close(handle)
        raise PermissionError(f"{folder} is open to others")
    return handle


def _is_own(entry: os.stat_result, forbidden: int) -> bool:
    if sys.platform == "win32":
        raise NotImplementedError
    return entry.st_uid == os.geteuid() and not stat.S_IMODE(entry.st_mode) & forbidden


def _forget(place: int, beginning: str) -> None:
    """Remove the oldest files that begin so, beyond KEPT. Raises OSError."""
    if sys.platform == "win32":
        raise NotImplementedError
    with os.scandir(place) as entries:
        alike = [
            entry for entry in entries if entry.name.startswith(beginning) and entry.is_file(follow_symlinks=False)
        ]
        alike.sort(key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns)
    for entry in alike[:-KEPT]:
        os.unlink(entry.name, dir_fd=place)


def _replace(place: int, name: str, data: bytes) -> None:
    if sys.platform == "win32":
        raise NotImplementedError
    partial = f".{name}.{os.urandom(8).hex()}"
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=place)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(partial, name, src_dir_fd=place, dst_dir_fd=place)
    except BaseException:
        with suppress(OSError):
            os.unlink(partial, dir_fd=place)
        raise
