"""Builds a real Windows Python of this Python's minor version, from packages of PyPI and of the distribution alone.

The wheel of panda3d carries the interpreter's library for its own freezing tool; the standard library is this Python's.
"""

from __future__ import annotations

import compileall
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path

from tests.lab.windows.cache import cached

ROOT = Path(__file__).parents[3]
SOURCES = Path(__file__).parent / "c"
COMPILER = "x86_64-w64-mingw32-gcc"
OBJDUMP = "x86_64-w64-mingw32-objdump"
MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"
LIBRARY = f"python{MINOR.replace('.', '')}"
_BESIDE = {f"{LIBRARY}.dll", "VCRUNTIME140.dll"}
_NOT_NEEDED = ("_tkinter.pyd", "tcl86t.dll", "tk86t.dll", "winsound.pyd")
_WITHOUT = ("site-packages", "dist-packages", "lib-dynload", "__pycache__", "test", "tests", "idlelib", "tkinter",
            "turtledemo", "ensurepip", "lib2to3", "config-*")  # fmt: skip


def dependencies() -> list[str]:
    """What arcdiag needs, as pyproject.toml says; colorama comes with click on Windows, Babel with a checkout."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], "colorama", "babel"]


def windows_python() -> Path:
    """The folder with `python.exe`, `service.exe` and `azcmagent.exe`; built if it is not there (about a minute)."""
    sources = [path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.c"))]
    own = Path(__file__).read_text(encoding="utf-8")
    return cached("python", [sys.version, own, *dependencies(), *sources], _build)


def _build(folder: Path) -> None:
    wheels = folder / "wheels"
    _download(wheels, ["--no-deps", "panda3d"])
    _unpack_interpreter(next(wheels.glob("panda3d-*.whl")), folder)
    shutil.rmtree(wheels)
    _standard_library(folder / "Lib")
    _download(wheels, dependencies())
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder / "Lib" / "site-packages")
    shutil.rmtree(wheels)
    compileall.compile_dir(folder / "Lib", quiet=2, workers=0)
    _programs(folder)


def _download(folder: Path, wanted: Iterable[str]) -> None:
    only_windows = ["--only-binary=:all:", "--platform", "win_amd64", "--python-version", MINOR]
    pip = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "-d", str(folder)]
    done = subprocess.run([*pip, *only_windows, *wanted], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def _unpack_interpreter(wheel: Path, folder: Path) -> None:
    (folder / "DLLs").mkdir()
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            path = Path(entry.filename)
            if path.parts[0] != "deploy_libs" or path.name in _NOT_NEEDED or path.name.startswith("api-ms-"):
                continue
            target = folder if path.name in _BESIDE else folder / "DLLs"
            (target / path.name).write_bytes(archive.read(entry))


def _standard_library(target: Path) -> None:
    shutil.copytree(sysconfig.get_path("stdlib"), target, ignore=shutil.ignore_patterns(*_WITHOUT), symlinks=False)


def _programs(folder: Path) -> None:
    define = f'-DPYTHON_DLL=L"{LIBRARY}.dll"'
    _compile(folder / "python.exe", "-municode", define, str(SOURCES / "python.c"))
    _compile(folder / "service.exe", "-municode", str(SOURCES / "service.c"), "-lws2_32")
    _compile(folder / "azcmagent.exe", "-municode", str(SOURCES / "azcmagent.c"))
    _compile(folder / "bcryptprimitives.dll", "-shared", str(SOURCES / "bcryptprimitives.c"), "-ladvapi32")
    names = folder / "python3.def"
    exports = "".join(f"  {name} = {LIBRARY}.{name}\n" for name in _exports(folder / f"{LIBRARY}.dll"))
    names.write_text(f"LIBRARY python3.dll\nEXPORTS\n{exports}", encoding="ascii")
    _compile(folder / "python3.dll", "-shared", "-nostdlib", str(names), "-Wl,--entry,0")


def _exports(library: Path) -> list[str]:
    """Names that packages for every Python 3 look for in python3.dll, which sends them on."""
    told = subprocess.run([OBJDUMP, "-p", str(library)], check=True, capture_output=True, text=True).stdout
    table = told.partition("[Ordinal/Name Pointer] Table")[2]
    return sorted(set(re.findall(r"^\t\[ *\d+\].*?(_?Py\w+)$", table, re.MULTILINE)))


def _compile(target: Path, *arguments: str) -> None:
    subprocess.run([COMPILER, "-O1", "-o", str(target), *arguments], check=True)
