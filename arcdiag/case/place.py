"""Whether a finished file may take a place: what people gave to be read, devices and pipes are never replaced."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from arcdiag.errors import OutputError

_SYSTEM = ("dev", "proc", "sys")
_MEMORY = Path("/dev/shm")
_HEAD = 256 * 1024


def is_stream(target: Path) -> bool:
    """Whether it is a device, a pipe, a socket or a stream of a process, such as /dev/stdout: bytes go into it.

    False for files, folders, and names that nobody has yet. A link counts as what it leads to.
    """
    try:
        folder = target.parent.resolve()
        there = target.exists()
    except OSError:
        # What is wrong with it, the one who writes is told.
        return False
    if there and folder.parts[1:2] and folder.parts[1] in _SYSTEM and not folder.is_relative_to(_MEMORY):
        # /dev/stdout leads to a file where the shell was told so; the link must stay all the same.
        return True
    return there and not target.is_file() and not target.is_dir()


def check_place(target: Path) -> None:
    """Raises OutputError for what a file cannot be put in the place of."""
    if target.is_dir():
        raise OutputError(f"cannot write {target}: there is a folder of that name; name a file")
    if is_stream(target):
        raise OutputError(f"cannot write {target}: it is a device or a pipe; name a file")


def check_apart(target: Path, inputs: Iterable[str | Path]) -> None:
    """Raises OutputError if `target` is one of the files that are read, or a file inside a folder that is read.

    An earlier report of arcdiag there is replaced. What does not exist is passed over, and so is `-`.
    """
    for source in map(Path, inputs):
        if not target.exists() or not source.exists():
            continue
        if target.samefile(source):
            raise OutputError(f"cannot write {target}: it is the input, which is never changed; choose another name")
        inside = source.is_dir() and source.resolve() in target.resolve().parents
        if inside and target.is_file() and not _is_report(target):
            raise OutputError(f"cannot write {target}: it is a file of the input; choose another name")


def _is_report(file: Path) -> bool:
    """Whether it is a page or a document that arcdiag wrote; its plain texts are like anybody's."""
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD).lstrip()
    except OSError:
        return False
    page = head.startswith(b"<!doctype html>") and b"<strong>arcdiag</strong>" in head
    return page or (head.startswith(b"{") and b'"name": "arcdiag"' in head)
