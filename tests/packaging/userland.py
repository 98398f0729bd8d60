"""A Debian without Python and without any network, fresh for each command."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.namespaces import NEW_NETWORK
from tools.release.store import kept

SUITE = "bookworm"
MIRROR = "http://deb.debian.org/debian"
_LIMIT = 240
# The layer that can be written lies in memory; `chroot` and `env -i` leave nothing of the machine around it.
_INSIDE = """
mount -t tmpfs -o mode=0755,size=1g tmpfs "$1"
mkdir -p "$1/up" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/up,workdir=$1/work" "$1/root"
mount -t proc proc "$1/root/proc"
mkdir -p "$1/root/srv"
mount --rbind "$3" "$1/root/srv"
ip link set lo up
root=$1/root
shift 3
exec chroot "$root" env -i "$@"
"""


@dataclass(frozen=True)
class Userland:
    """A system below `root`, which nobody writes to; what programs leave in /srv is found in `shared`."""

    root: Path
    shared: Path

    def run(
        self, *argv: str, variables: Mapping[str, str] | None = None, before: str = "", data: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a program there with no variables but these; `before`: lines of its shell that come first."""
        with tempfile.TemporaryDirectory(prefix="arcdiag-userland-") as place:
            return subprocess.run(
                self._command(place, argv, variables or {}, before),
                input=data,
                capture_output=True,
                timeout=_LIMIT,
                check=False,
            )

    def _command(self, place: str, argv: Sequence[str], variables: Mapping[str, str], before: str) -> list[str]:
        space = [*NEW_NETWORK, "-m", "-p", "-f", "--kill-child", "--propagation", "private"]
        inside = ["sh", "-ec", _INSIDE, "sh", place, str(self.root), str(self.shared)]
        given = [f"{name}={value}" for name, value in variables.items()]
        shell = ["/bin/sh", "-ec", f'{before}\nexec "$@"', "sh"] if before else []
        return [*space, *inside, *given, *shell, *argv]


def system() -> Path:
    """The folder of the system, made by debootstrap if it is not there (a minute)."""
    return kept(f"userland-{SUITE}", [MIRROR, SUITE], _build)


def _build(folder: Path) -> None:
    command = ["debootstrap", "--variant=minbase", SUITE, str(folder), MIRROR]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-2000:]
    assert not list(folder.glob("usr/bin/python*"))
