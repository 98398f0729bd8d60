# ruff: noqa: UP031, RUF005, PTH103, PTH104, PTH111, PTH117, PTH118, PTH120, PTH123
# Any Python 3 must be able to read this, and pathlib would make every start slower.
"""`__main__` of arcdiag.pyz: unpacks, at the first start, the packages that fit this Python, then runs arcdiag.

They go into ARCDIAG_PYZ_HOME, else into a folder of the user's own cache, else, where nothing can be kept, into a
temporary folder that is removed in the end. Standard library only, and any Python 3 can say what is wrong.
"""

import contextlib
import hashlib
import json
import os
import platform
import shutil
import stat
import sys
import tempfile
import zipfile

_OLDEST = (3, 11)


def main() -> None:
    """Unpack if need be, and run; never returns."""
    if sys.version_info < _OLDEST:
        sys.exit(
            "arcdiag: needs Python 3.11 or newer, this is %d.%d; or use the program without Python"
            % sys.version_info[:2]
        )
    with contextlib.ExitStack() as stack:
        sys.path[0] = _unpacked(stack)
        from arcdiag.cli.main import main as arcdiag

        arcdiag()


def _unpacked(stack: contextlib.ExitStack) -> str:
    """The folder with the packages."""
    with zipfile.ZipFile(sys.argv[0]) as archive:
        known = archive.read("index.json")
        tree = json.loads(known).get(_wanted())
        if tree is None:
            sys.exit("arcdiag: this file has no part for %s; use pip install arcdiag" % _wanted())
        name = "pyz-" + hashlib.sha256(known).hexdigest()[:16] + "-" + _wanted()
        for home in _homes():
            place = os.path.join(home, name)
            with contextlib.suppress(OSError):
                if _is_own(place) or _unpack(archive, tree, home, place):
                    return place
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="arcdiag-", ignore_cleanup_errors=True))
        _extract(archive, tree, place)
        return place


def _wanted() -> str:
    machine = platform.machine().lower()
    system = "windows" if os.name == "nt" else "%s-%s" % (sys.platform, {"amd64": "x86_64"}.get(machine, machine))
    return "%s-%d.%d" % ((system,) + sys.version_info[:2])


def _homes() -> "list[str]":
    if os.environ.get("ARCDIAG_PYZ_HOME"):
        return [os.environ["ARCDIAG_PYZ_HOME"]]
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA")
    else:
        home = os.path.expanduser("~")
        base = os.environ.get("XDG_CACHE_HOME") or (os.path.join(home, ".cache") if os.path.isabs(home) else None)
    return [os.path.join(base, "arcdiag")] if base else []


def _is_own(place: str) -> bool:
    """Whether it is there, a real folder, and nobody else's: what lies in it will be run."""
    try:
        found = os.lstat(place)
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    return sys.platform == "win32" or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)


def _unpack(archive: zipfile.ZipFile, tree: "dict[str, str]", home: str, place: str) -> bool:
    """Unpack beside it and move it there in one step, so that nobody ever sees half of it."""
    os.makedirs(home, mode=0o700, exist_ok=True)
    work = tempfile.mkdtemp(prefix="new-", dir=home)
    try:
        _extract(archive, tree, work)
        with contextlib.suppress(OSError):
            os.rename(work, place)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return _is_own(place)


def _extract(archive: zipfile.ZipFile, tree: "dict[str, str]", place: str) -> None:
    for path, digest in tree.items():
        target = os.path.join(place, *path.split("/"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(archive.read("files/" + digest))


main()
