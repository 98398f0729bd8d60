"""SOURCES of a command as bundles: folders, globs, files and URLs, in a fixed order and each once."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from arcdiag.case.names import shown
from arcdiag.errors import InputError
from arcdiag.fleet.folders import bundles_in
from arcdiag.fleet.remote import remote_sources
from arcdiag.fleet.task import Kind, Source

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(?:::|://)")
_GLOB = re.compile(r"[*?\[]")


@dataclass
class Found:
    """The bundles, and files of folders that are none: how many, and the first of them by name."""

    sources: list[Source] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def find_sources(asked: Iterable[str]) -> Found:
    """All bundles of SOURCES. Raises InputError for one that is not there, and where there is none at all."""
    found = Found()
    seen: set[str] = set()
    for one in asked:
        for source in _of_one(one, found.passed_over):
            if source.where not in seen:
                seen.add(source.where)
                found.sources.append(source)
    if not found.sources:
        held = f" ({len(found.passed_over)} other files)" if found.passed_over else ""
        raise InputError(f"no bundle there{held}; name the zips, or the folders of the machines, themselves")
    return found


def _of_one(asked: str, passed_over: list[str]) -> Iterator[Source]:
    if _URL.match(asked):
        yield from remote_sources(asked, passed_over)
        return
    try:
        exists = Path(asked).exists()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot open {shown(asked)}: this is no possible path") from error
    if exists:
        yield from _of_path(Path(asked), passed_over)
        return
    matches = sorted(glob.glob(asked, recursive=True)) if _GLOB.search(asked) else []  # noqa: PTH207
    if not matches:
        what = "nothing matches it" if _GLOB.search(asked) else "no such file or folder"
        raise InputError(f"cannot open {shown(asked)}: {what}")
    for match in matches:
        yield from _of_path(Path(match), passed_over)


def _of_path(path: Path, passed_over: list[str]) -> Iterator[Source]:
    if path.is_dir():
        yield from bundles_in(path, passed_over)
    else:
        yield Source(str(path), Kind.FILE, _size(path))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
