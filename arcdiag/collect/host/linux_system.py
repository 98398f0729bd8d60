"""A Linux system by its own files: in what it runs, since when, and its accounts."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from arcdiag.collect.host.platform import AccountRaw
from arcdiag.model.reading import Reading, absent, failed

_CAP = 4 * 1024 * 1024
_MARKS = ((".dockerenv", "docker"), ("run/.containerenv", "podman"))
_WORD = re.compile(r"[a-z][a-z0-9-]{1,30}\Z")


def container_kind(root: Path) -> str | None:
    """What the system runs in: as it was told at its start, by the mark that a program leaves, or by its kernel's name.

    None for a machine of its own.
    """
    told = _text(root / "run/systemd/container").strip()
    if _WORD.match(told):
        return told
    kernel = _text(root / "proc/sys/kernel/osrelease").lower()
    if "microsoft" in kernel:
        return "wsl"
    return next((kind for mark, kind in _MARKS if (root / mark).exists()), None)


def up_seconds() -> Reading[float]:
    """The age of process 1: of a container it is the container's own, which the kernel's uptime is not."""
    import psutil

    try:
        return Reading.of(max(0.0, time.time() - psutil.Process(1).create_time()))
    except (OSError, psutil.Error) as error:
        return failed(error, "process 1")


def account(root: Path, name: str) -> Reading[AccountRaw]:
    """By /etc/passwd and /etc/group, and on the running system by everything that it knows accounts from."""
    try:
        found = _listed(root, name)
    except OSError as error:
        return failed(error, "/etc/passwd")
    if found is None and root == Path("/"):
        found = _known(name)
    return Reading.of(found) if found else absent(f"there is no account {name}")


def _listed(root: Path, name: str) -> AccountRaw | None:
    users = _rows((root / "etc/passwd").read_text(encoding="utf-8", errors="replace").splitlines(), 4)
    own = next((row for row in users if row[0] == name and row[2].isdigit()), None)
    if own is None:
        return None
    groups = _rows(_text(root / "etc/group").splitlines(), 4)
    first = [row[0] for row in groups if row[2] == own[3]]
    more = sorted(row[0] for row in groups if name in row[3].split(",") and row[0] not in first)
    return AccountRaw(name, int(own[2]), (*first[:1], *more))


def _known(name: str) -> AccountRaw | None:
    if sys.platform == "win32":
        raise NotImplementedError
    import grp
    import pwd

    try:
        entry = pwd.getpwnam(name)
        first = grp.getgrgid(entry.pw_gid).gr_name
    except KeyError:
        return None
    return AccountRaw(name, entry.pw_uid, (first,))


def _rows(lines: Iterable[str], least: int) -> list[list[str]]:
    return [row for line in lines if len(row := line.strip().split(":")) >= least]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_CAP).decode("utf-8", "replace")
    except OSError:
        return ""
