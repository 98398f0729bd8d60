"""The bundles below a folder: archives, and folders that hold the files of one machine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from arcdiag.fleet.task import Kind, Source

ARCHIVE = re.compile(r"\.(?:zip|tar|tgz|tar\.gz)\Z", re.I)
_OF_AGENT = re.compile(
    r"(?:himds|azcmagent|arcproxy|gc_agent|gc_ext|gcad|extd)[\w.-]{0,60}\.(?:log|txt|gz|json)\Z"
    r"|facts\.jsonl\Z|(?:agent|local)config\.json\Z",
    re.I,
)
_LAYOUT = frozenset(
    {
        "log", "logs", "config", "certs", "guestconfig", "arc_policy_logs", "ext_mgr_logs", "extensionlogs",
        "extension_logs", "azcmagent", "azureconnectedmachineagent", "programdata", "var", "opt", "etc", "raw",
    }
)  # fmt: skip
_DEEP = 5
"""So many folders below one of the layout the agent's logs are looked for."""


@dataclass
class _Entries:
    archives: list[os.DirEntry[str]] = field(default_factory=list)
    others: list[os.DirEntry[str]] = field(default_factory=list)
    folders: list[os.DirEntry[str]] = field(default_factory=list)

    @property
    def of_agent(self) -> bool:
        return any(_OF_AGENT.match(entry.name) for entry in self.others)


def bundles_in(root: Path, passed_over: list[str]) -> Iterator[Source]:
    """The bundles below `root` by name; what is none goes to `passed_over`. No link is followed.

    A folder is one machine if files of the agent lie in it, or in folders named as the agent names them. A folder with
    neither those nor archives anywhere below is one machine too, if it is `root` and holds files.
    """
    passed: list[str] = []
    found = False
    for source in _below(str(root), passed):
        found = True
        yield source
    if not found and _listed(str(root)).others:
        yield Source(str(root), Kind.FOLDER, _total(str(root)))
        return
    passed_over += passed


def _below(folder: str, passed: list[str]) -> Iterator[Source]:
    entries = _listed(folder)
    if not entries.archives and (entries.of_agent or _laid_out(entries)):
        yield Source(folder, Kind.FOLDER, _total(folder))
        return
    yield from (Source(entry.path, Kind.FILE, _size(entry)) for entry in entries.archives)
    passed += [entry.path for entry in entries.others]
    for entry in entries.folders:
        yield from _below(entry.path, passed)


def _laid_out(entries: _Entries) -> bool:
    return any(entry.name.lower() in _LAYOUT and _holds_logs(entry.path, _DEEP) for entry in entries.folders)


def _holds_logs(folder: str, deep: int) -> bool:
    entries = _listed(folder)
    return entries.of_agent or (deep > 0 and any(_holds_logs(entry.path, deep - 1) for entry in entries.folders))


def _listed(folder: str) -> _Entries:
    found = _Entries()
    try:
        with os.scandir(folder) as all_:
            for entry in sorted(all_, key=lambda e: e.name):
                if entry.is_dir(follow_symlinks=False):
                    found.folders.append(entry)
                elif entry.is_file(follow_symlinks=False):
                    (found.archives if ARCHIVE.search(entry.name) else found.others).append(entry)
                elif entry.is_symlink():
                    found.others.append(entry)
    except OSError:
        return _Entries()
    return found


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return -1


def _total(folder: str) -> int:
    """Bytes of all files that the walk of a case would read."""
    total = 0
    for here, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(here, name)  # noqa: PTH118
            if not os.path.islink(path):  # noqa: PTH114
                total += os.path.getsize(path) if os.path.isfile(path) else 0  # noqa: PTH113, PTH202
    return total
