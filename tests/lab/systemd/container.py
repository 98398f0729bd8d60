"""A machine with a real systemd: a container with a network of its own, on a copy of the system that vanishes with it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.lab.systemd.rootfs import locked, rootfs

CHECKOUT = Path(__file__).parents[3]
BOOT_SECONDS = 180.0
_HERE, _PACKAGES = "/srv/arcdiag", "/srv/site-packages"
# The layer that can be written lies in memory: the file system below may be an overlay itself, which allows no other.
_START = """
mount -t tmpfs -o mode=0755,size=768m tmpfs "$1"
mkdir -p "$1/up/etc" "$1/work" "$1/root"
echo web01 > "$1/up/etc/hostname"
mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/up,workdir=$1/work" "$1/root"
folder=$1
shift 2
exec setpriv --pdeathsig KILL systemd-nspawn -D "$folder/root" "$@"
"""
_OPTIONS = (
    "--register=no",
    "--keep-unit",
    "--private-network",
    "--console=read-only",
    "--resolv-conf=off",
    "--link-journal=no",
    "--notify-ready=yes",
    "--boot",
)


class Container:
    """A booted machine."""

    def __init__(self, leader: int) -> None:
        self._leader = leader

    @property
    def leader(self) -> int:
        """Its process 1, as this machine numbers it."""
        return self._leader

    def popen(self, command: Sequence[str], **options: object) -> subprocess.Popen[str]:
        """A program inside, as root of the container."""
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root", "TERM": "dumb"}
        env["PYTHONPATH"] = f"{_HERE}:{_PACKAGES}"
        # A checkout keeps its compiled rules there; a release carries them.
        env["XDG_CACHE_HOME"] = "/run/lab-cache"
        argv = ["nsenter", "-t", str(self._leader), "-a", "--", *command]
        return subprocess.Popen(argv, text=True, env=env, **options)  # type: ignore[call-overload,no-any-return]

    def run(self, *command: str, user: str | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, as root or as an ordinary user."""
        if user:
            command = ("setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *command)
        with self.popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
            output, errors = process.communicate(timeout=120)
        assert not check or process.returncode == 0, f"{command}: {output[-2000:]}{errors[-2000:]}"
        return subprocess.CompletedProcess(command, process.returncode, output, errors)

    def shell(self, script: str) -> str:
        """Run lines of a shell; the first that fails ends them."""
        return self.run("sh", "-ec", script).stdout

    def put(self, path: str, text: str) -> None:
        """Write a file; its folder is made, owner and mode stay as they are."""
        with self.popen(["sh", "-ec", f'mkdir -p "$(dirname {path})"; cat > {path}'], stdin=subprocess.PIPE) as process:
            process.communicate(text, timeout=60)
        assert process.returncode == 0, path

    def unpack(self, archive: bytes) -> None:
        """Put a tar over the machine's files."""
        argv = ["nsenter", "-t", str(self._leader), "-a", "--", "tar", "-x", "-C", "/", "-f", "-"]
        subprocess.run(argv, input=archive, check=True, timeout=60)

    def wait_until(self, condition: str) -> None:
        """Wait until a command of the shell succeeds; fails after a minute."""
        self.run("timeout", "60", "sh", "-c", f"until {condition}; do sleep 0.1; done")

    def file(self, path: str) -> Path:
        """Where this machine sees a file of the container."""
        return Path(f"/proc/{self._leader}/root") / path.lstrip("/")

    @property
    def interpreter(self) -> str:
        """Its Python that runs the checkout."""
        return interpreter()

    def python(self, *arguments: str, user: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run the checkout's own code with the packages of the tests."""
        return self.run(interpreter(), *arguments, user=user, check=False)


def interpreter() -> str:
    """The Python inside: this one where it does not belong to the system, else the container's own of that version."""
    base = Path(sys.base_prefix)
    if base == Path("/usr"):
        return f"/usr/bin/python3.{sys.version_info.minor}"
    return str(base / "bin" / f"python3.{sys.version_info.minor}")


def _binds() -> list[str]:
    packages = sysconfig.get_paths()["purelib"]
    binds = [f"--bind-ro={CHECKOUT}:{_HERE}", f"--bind-ro={packages}:{_PACKAGES}"]
    if Path(sys.base_prefix) != Path("/usr"):
        binds.append(f"--bind-ro={sys.base_prefix}")
    return binds


@contextmanager
def booted() -> Iterator[Container]:
    """A machine that has come up; it is gone, with everything that was written there, when the block ends.

    One at a time: two would share the control groups of this process.
    """
    system = rootfs()
    with locked("systemd-container"), tempfile.TemporaryDirectory(prefix="arcdiag-lab-") as name:
        told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        told.bind(f"{name}/notify")
        told.settimeout(BOOT_SECONDS)
        place = Path(name) / "machine"
        place.mkdir()
        start = ["unshare", "-m", "--propagation", "private", "sh", "-ec", _START, "sh", str(place), str(system)]
        env = {**os.environ, "NOTIFY_SOCKET": f"{name}/notify"}
        with (Path(name) / "console").open("wb") as console, told:
            process = subprocess.Popen(
                [*start, *_OPTIONS, *_binds()], stdin=subprocess.DEVNULL, stdout=console, stderr=console, env=env
            )
            try:
                yield Container(_leader(told, process))
            finally:
                # Its first process takes all others with it; nspawn, the mounts and the copy go with them.
                for child in _children(process.pid):
                    os.kill(child, 9)
                process.wait(timeout=60)


def _leader(told: socket.socket, process: subprocess.Popen[bytes]) -> int:
    leader = 0
    while True:
        for line in told.recv(4096).decode().splitlines():
            name, _, value = line.partition("=")
            if name == "X_NSPAWN_LEADER_PID":
                leader = int(value)
            elif (name, value) == ("READY", "1"):
                assert leader and process.poll() is None
                return leader


def _children(pid: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
