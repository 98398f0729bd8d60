"""Entries, contents and volumes of files on Linux."""

from __future__ import annotations

import os
import stat
import struct
import sys
from datetime import UTC, datetime
from pathlib import Path

from arcdiag.collect.host.platform import DiskRaw, FileRaw
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading, failed

_FS_IOC_GETFLAGS = 0x80086601
_FS_IMMUTABLE = 0x10


def file_entry(real: Path, path: str) -> Reading[FileRaw]:
    """The entry of a file, links followed; `path` is how it is named."""
    try:
        entry = real.stat()
    except OSError as error:
        return failed(error, path)
    immutable = _immutable(real, entry.st_mode)
    return Reading.of(
        FileRaw(
            path=path,
            size=entry.st_size,
            mode=f"{stat.S_IMODE(entry.st_mode):04o}",
            owner=_user(entry.st_uid),
            kind=_kind(entry.st_mode),
            readable=os.access(real, os.R_OK),
            read_only=immutable is True or not entry.st_mode & 0o222,
            group=_group(entry.st_gid),
            immutable=immutable,
            modified=datetime.fromtimestamp(int(entry.st_mtime), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
    )


def _immutable(real: Path, mode: int) -> bool | None:
    """The attribute that `chattr +i` sets; None if the file system has none or the file may not be opened."""
    if sys.platform == "win32":
        raise NotImplementedError
    import fcntl

    # Only plain files and folders: to open a pipe or a device could wait or do something.
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return None
    try:
        handle = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError:
        return None
    try:
        answer = fcntl.ioctl(handle, _FS_IOC_GETFLAGS, bytes(8))
    except OSError:
        return None
    finally:
        os.close(handle)
    return bool(struct.unpack("=I", answer[:4])[0] & _FS_IMMUTABLE)


def _user(uid: int) -> str:
    if sys.platform == "win32":
        raise NotImplementedError
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid: int) -> str:
    if sys.platform == "win32":
        raise NotImplementedError
    import grp

    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def _kind(mode: int) -> str:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "socket" if stat.S_ISSOCK(mode) else "other"


def read_start(real: Path, path: str, cap: int) -> Reading[bytes]:
    """The first `cap` bytes of a regular file; a pipe or device is an error, never a wait."""
    if sys.platform == "win32":
        raise NotImplementedError
    try:
        handle = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return failed(error, path)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return Reading(FactStatus.ERROR, None, f"{path}: not a regular file")
        try:
            return Reading.of(file.read(cap))
        except OSError as error:
            return failed(error, path)


def volume(real: Path, root: Path, path: str) -> Reading[DiskRaw]:
    """The volume of a path, or of its nearest parent that exists below `root`."""
    if sys.platform == "win32":
        raise NotImplementedError
    try:
        while not real.exists() and real != root:
            real = real.parent
        numbers = os.statvfs(real)
        mount = _mount_point(real)
    except OSError as error:
        return failed(error, path)
    inodes = round(100 * numbers.f_favail / numbers.f_files) if numbers.f_files else None
    total, free = numbers.f_blocks * numbers.f_frsize, numbers.f_bavail * numbers.f_frsize
    return Reading.of(DiskRaw(mount.as_posix(), total, free, inodes))


def _mount_point(path: Path) -> Path:
    """The root of the volume that holds `path`."""
    path = path.resolve()
    device = path.stat().st_dev
    while path.parent != path and path.parent.stat().st_dev == device:
        path = path.parent
    return path
