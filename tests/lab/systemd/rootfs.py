"""A small Debian with systemd, built once and kept in the cache of the labs."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUITE = "bookworm"
MIRROR = "http://deb.debian.org/debian"
PACKAGES = ("systemd", "systemd-sysv", "dbus", "python3", "iproute2", "ca-certificates", "openssh-server")


def cache() -> Path:
    """Where labs keep what is slow to build."""
    folder = Path(os.environ.get("ARCDIAG_LAB_CACHE") or Path.home() / ".cache/arcdiag-lab")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Only one process of this machine at a time: the others wait."""
    with (cache() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def rootfs() -> Path:
    """The folder of the system; nobody may write to it."""
    made_of = " ".join((SUITE, MIRROR, *PACKAGES))
    target = cache() / f"systemd-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}"
    with locked("systemd-rootfs"):
        if not target.exists():
            half = target.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            command = ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", SUITE, str(half), MIRROR]
            result = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
            assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-2000:]
            # What was downloaded is unpacked by now; a machine's id must not be shared.
            shutil.rmtree(half / "var/cache/apt/archives", ignore_errors=True)
            (half / "etc/machine-id").write_text("")
            half.rename(target)
    return target
