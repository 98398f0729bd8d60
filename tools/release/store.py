"""What is slow to build is kept: folders of one place, each named after a hash of all that it was built from."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


def place() -> Path:
    """The folder of the store: ARCDIAG_LAB_CACHE, or a folder of the user's own cache."""
    return Path(os.environ.get("ARCDIAG_LAB_CACHE") or Path.home() / ".cache" / "arcdiag-lab") / "release"


def key_of(parts: Iterable[str]) -> str:
    """The hash that names what is built from `parts`."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def kept(name: str, parts: Iterable[str], build: Callable[[Path], None], keep: int = 2) -> Path:
    """The folder that `build` fills, under `name` and the hash of `parts`; of older ones of that name `keep` are left.

    Two processes that want it at once build it once. What a failed build left is removed.
    """
    home = place()
    home.mkdir(parents=True, exist_ok=True)
    target = home / f"{name}-{key_of(parts)}"
    with _locked(home / f"{name}.lock"):
        if not target.exists():
            # What a build that was killed left; whoever holds the lock builds alone.
            for left in home.glob(f"new-{name}-*"):
                shutil.rmtree(left, ignore_errors=True)
            with tempfile.TemporaryDirectory(dir=home, prefix=f"new-{name}-", ignore_cleanup_errors=True) as work:
                made = Path(work) / "made"
                made.mkdir()
                build(made)
                made.rename(target)
        os.utime(target)
        _forget(home, name, keep)
    return target


def _forget(home: Path, name: str, keep: int) -> None:
    known = [p for p in home.glob(f"{name}-*") if len(p.name) == len(name) + 17]
    for old in sorted(known, key=lambda p: p.stat().st_mtime, reverse=True)[keep + 1 :]:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        # The builds of a Windows machine run one after the other anyway.
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
