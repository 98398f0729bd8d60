"""What is slow is built once: folders under the lab's cache, each keyed by a hash of what it is built from."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_DAY = 24 * 60 * 60


def cache_folder() -> Path:
    """Where the labs keep what they built: ARCDIAG_LAB_CACHE, or a folder of the user's own cache."""
    return Path(os.environ.get("ARCDIAG_LAB_CACHE") or Path.home() / ".cache" / "arcdiag-lab")


def cached(name: str, parts: list[str], build: Callable[[Path], None]) -> Path:
    """The folder that `build` fills, under `name` and a hash of `parts`; others that nobody used for a day are removed.

    Two processes that want it at once build it once: the second one waits for the first.
    """
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    home = cache_folder() / "windows"
    target = home / f"{name}-{key}"
    with _locked(home / f"{name}.lock"):
        if not target.exists():
            _remove_unused(home, name)
            with tempfile.TemporaryDirectory(dir=home, prefix=f"new-{name}-") as work:
                made = Path(work) / "made"
                made.mkdir()
                build(made)
                made.rename(target)
        os.utime(target)
    return target


def _remove_unused(home: Path, name: str) -> None:
    for old in home.glob(f"{name}-*"):
        if time.time() - old.stat().st_mtime > _DAY:
            shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
