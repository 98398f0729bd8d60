"""Windows machines for tests: Wine prefixes, each in a network and a process tree of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab.windows.cache import cache_folder, cached
from tests.lab.windows.python import ROOT, windows_python
from tests.namespaces import NEW_NETWORK

_ENVIRONMENT = {"WINEDEBUG": "-all", "DISPLAY": "", "WINEDLLOVERRIDES": "mscoree,mshtml="}
_NEVER_WRITTEN = {".dll", ".exe", ".sys", ".drv", ".nls", ".ttf"}
_LIMIT = 240
_STARTS = 4


@dataclass(frozen=True)
class Ended:
    """A program that ended; `output` holds both of its streams unless they were asked for apart."""

    code: int
    raw: bytes
    errors: bytes = b""

    @property
    def output(self) -> str:
        """As UTF-8, with the line ends of this system."""
        return self.raw.decode("utf-8", "replace").replace("\r\n", "\n")


@dataclass(frozen=True)
class Machine:
    """A running Windows machine without any network but its own loopback."""

    prefix: Path
    python: Path
    holder: int

    @property
    def drive(self) -> Path:
        """Its drive C."""
        return self.prefix / "drive_c"

    def run(
        self, *argv: str, variables: Mapping[str, str] | None = None, apart: bool = False, cwd: Path = ROOT
    ) -> Ended:
        """Run a program of Windows through pipes: with anything else this Python finds no streams."""
        done = subprocess.run(
            self.inside("wine", *argv, cwd=cwd),
            input=b"",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if apart else subprocess.STDOUT,
            env=wine_variables(self.prefix) | dict(variables or {}),
            timeout=_LIMIT,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr or b"")

    def inside(self, *argv: str, cwd: Path = ROOT) -> list[str]:
        """The command that runs a program of this system in the machine's namespaces."""
        user = [] if os.geteuid() == 0 else ["-U", "--preserve-credentials"]
        return ["nsenter", "-t", str(self.holder), *user, "-n", "-p", "-m", f"--wd={cwd}", *argv]

    def settle(self) -> None:
        """Wait until the last program of Wine has ended: then it has written its registry."""
        environment = wine_variables(self.prefix)
        subprocess.run(self.inside("wineserver", "-w"), env=environment, check=True, timeout=_LIMIT)

    def done(self, *argv: str) -> str:
        """Run a program that must succeed. One that Wine did not even start, as on a busy machine, is started again."""
        for _ in range(_STARTS):
            ended = self.run(*argv)
            if ended.code == 0 or (ended.output.strip() and "ShellExecuteEx failed" not in ended.output):
                break
        assert ended.code == 0, f"{argv}: {ended.code}: {ended.output[-3000:]}"
        return ended.output

    def py(self, *arguments: str, variables: Mapping[str, str] | None = None, apart: bool = False) -> Ended:
        """Run the Windows Python."""
        return self.run(str(self.python / "python.exe"), *arguments, variables=variables, apart=apart)

    def arcdiag(self, *arguments: str, variables: Mapping[str, str] | None = None) -> Ended:
        """Run arcdiag, with its two streams apart."""
        return self.py("-m", "arcdiag", *arguments, variables=variables, apart=True)

    def reg(self, key: str, name: str, kind: str, data: str) -> None:
        """Set a value of the registry."""
        self.done("reg", "add", key, "/v", name, "/t", kind, "/d", data, "/f")

    def service(self, name: str, arguments: str, *settings: str) -> None:
        """Create a service of the little program; `arguments` as its source says."""
        program = f"{windows_path(self.python / 'service.exe')} {arguments}"
        self.done("sc", "create", name, "binPath=", program, *settings)


def windows_path(path: Path) -> str:
    """A path of this system as Wine's programs see it."""
    return "Z:" + str(path.resolve()).replace("/", "\\")


@contextmanager
def new_machine() -> Iterator[Machine]:
    """A fresh Windows machine; nothing of it is left afterwards."""
    python, template = windows_python(), _template()
    home = cache_folder() / "windows" / "machines"
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, ignore_cleanup_errors=True) as folder:
        prefix = Path(folder) / "prefix"
        shutil.copytree(template / "prefix", prefix, symlinks=True, copy_function=_link_or_copy)
        with _space() as holder:
            made = Machine(prefix, python, holder)
            with _kept_up(made):
                yield made


@contextmanager
def with_azure(machine: Machine) -> Iterator[None]:
    """The machine's network gets a name server and every endpoint of Azure, and the machine trusts their authority."""
    folder = machine.prefix.parent / "azure"
    folder.mkdir()
    argv = machine.inside(sys.executable, "-m", "tests.lab.windows.azure", str(folder))
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True) as servers:
        assert servers.stdin is not None and servers.stdout is not None
        assert servers.stdout.readline() == "up\n", "the servers do not start"
        trusted = machine.py("-m", "tests.lab.windows.trust_root", windows_path(folder / "ca.der"))
        assert trusted.code == 0, trusted.output
        yield
        servers.stdin.close()


@contextmanager
def _kept_up(machine: Machine) -> Iterator[None]:
    """Without a program that stays, Wine would shut its machine down and start it again for every command."""
    script = "import sys; print('up', flush=True); sys.stdin.read()"
    argv = machine.inside("wine", str(machine.python / "python.exe"), "-c", script)
    environment = wine_variables(machine.prefix)
    pipe, away = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(argv, env=environment, stdin=pipe, stdout=pipe, stderr=away, text=True) as resident:
        assert resident.stdin is not None and resident.stdout is not None
        assert resident.stdout.readline().strip() == "up", "the Windows Python does not start"
        yield
        resident.stdin.close()


def _template() -> Path:
    version = subprocess.run(["wine", "--version"], capture_output=True, text=True, check=True).stdout
    return cached("prefix", [version, Path(__file__).read_text(encoding="utf-8")], _first_start)


def _first_start(folder: Path) -> None:
    with _space() as holder:
        made = Machine(folder / "prefix", folder, holder)
        made.run("wineboot", "-i", cwd=folder)
        made.settle()
    assert (made.prefix / "system.reg").exists(), "Wine made no prefix"
    (made.prefix / "wineserver").unlink(missing_ok=True)


def _link_or_copy(source: str, target: str) -> None:
    """Programs and libraries, which Wine replaces but never writes into, become links to the template's."""
    if Path(source).suffix.lower() in _NEVER_WRITTEN:
        os.link(source, target)
    else:
        shutil.copy2(source, target, follow_symlinks=False)


@contextmanager
def _space() -> Iterator[int]:
    """A network and a process tree of its own; gives the process that holds them. All in it end with it."""
    script = "ip link set lo up && echo ready && exec sleep infinity"
    argv = [*NEW_NETWORK, "-p", "-m", "-f", "--mount-proc", "--kill-child", "sh", "-c", script]
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as unshare:
        assert unshare.stdout is not None
        try:
            assert unshare.stdout.readline() == "ready\n", "no namespace could be made"
            children = Path(f"/proc/{unshare.pid}/task/{unshare.pid}/children").read_text(encoding="ascii")
            yield int(children.split()[0])
        finally:
            unshare.kill()


def wine_variables(prefix: Path) -> dict[str, str]:
    """Nothing of the caller's proxies; a home of its own, as Wine makes links to folders of the user's home."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG") or k.startswith("LC_")}
    bytecode = f"Z:{prefix.parent}/bytecode".replace("/", "\\")
    return kept | _ENVIRONMENT | {"WINEPREFIX": str(prefix), "HOME": f"{prefix}-home", "PYTHONPYCACHEPREFIX": bytecode}
