"""The files of a folder: no link is followed, nothing but regular files is opened, the order is that of the names."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from arcdiag.case.left_out import LeftOut
from arcdiag.case.limits import MAX_FOLDERS_DEEP, MAX_MEMBERS
from arcdiag.case.names import file_path
from arcdiag.case.streams import CaseFile, why_unreadable
from arcdiag.case.windows_open import open_shared

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_SPECIAL = (
    (stat.S_ISFIFO, "it is a pipe"),
    (stat.S_ISSOCK, "it is a socket"),
    (stat.S_ISCHR, "it is a device"),
    (stat.S_ISBLK, "it is a device"),
)


def open_regular(path: str | Path) -> BinaryIO:
    """Open a regular file for reading; raises OSError for links, pipes, devices, also if one came there just now."""
    descriptor = open_shared(path) if sys.platform == "win32" else os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "not a regular file", str(path))
    return os.fdopen(descriptor, "rb")


def walk_folder(root: Path, left_out: LeftOut) -> Iterator[CaseFile]:
    """The regular files below `root` by name, at most one more than a case may hold."""
    waiting: list[tuple[str, ...]] = [()]
    real_root = os.path.realpath(root)
    found = 0
    while waiting and found <= MAX_MEMBERS:
        parts = waiting.pop()
        folders = []
        for entry in _entries(root.joinpath(*parts), parts, left_out):
            here = (*parts, entry.name)
            kind = _kind(entry, here, real_root, left_out)
            if kind == "folder" and len(here) > MAX_FOLDERS_DEEP:
                left_out.add(file_path(here), f"it lies more than {MAX_FOLDERS_DEEP} folders deep")
            elif kind == "folder":
                folders.append(here)
            elif kind == "file":
                found += 1
                yield CaseFile(file_path(here), _size(entry), partial(open_regular, entry.path))
        waiting += reversed(folders)


def _entries(folder: Path, parts: tuple[str, ...], left_out: LeftOut) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        left_out.add(file_path(parts) or "the folder", why_unreadable(error))
        return []


def _kind(entry: os.DirEntry[str], here: tuple[str, ...], real_root: str, left_out: LeftOut) -> str | None:
    """`folder`, `file`, or None for what is not opened; links into the folder itself need no mention."""
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        left_out.add(file_path(here), why_unreadable(error))
        return None
    if entry.is_symlink() or _is_junction(status):
        if not _inside(entry.path, real_root):
            left_out.add(file_path(here), "it is a link that leads out of the folder")
        return None
    if stat.S_ISDIR(status.st_mode):
        return "folder"
    if stat.S_ISREG(status.st_mode):
        return "file"
    reason = next((why for test, why in _SPECIAL if test(status.st_mode)), "it is no regular file")
    left_out.add(file_path(here), f"{reason}, which is never opened")
    return None


def _is_junction(status: os.stat_result) -> bool:
    """A mount point of Windows, which leads elsewhere like a link."""
    mount_point = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)
    return mount_point is not None and getattr(status, "st_reparse_tag", 0) == mount_point


def _inside(path: str, real_root: str) -> bool:
    """Whether a link leads to something of the folder, which is then read under its own name."""
    target = os.path.realpath(path)
    return os.path.lexists(target) and os.path.commonpath([target, real_root]) == real_root


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return -1
