"""Wheel and sdist: the same from the same sources, also without a network, and installed by pip on Windows."""

from __future__ import annotations

import gettext
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.lab.windows.reports import here
from tests.lab.windows.wine import new_machine, windows_path
from tests.namespaces import NEW_NETWORK
from tests.packaging.built import built
from tests.packaging.test_linux import CASE
from tools.release.places import LOCKS
from tools.release.store import kept
from tools.release.tools_env import tools_python

SITE = r"C:\site"


@pytest.fixture(scope="module")
def folder() -> Path:
    return built("wheel")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def wheels_for_windows() -> Path:
    """What the wheel needs there, and pip itself."""
    lock = LOCKS / "pyz-windows.txt"

    def download(folder: Path) -> None:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "-d", str(folder)]
        there = ["--only-binary=:all:", "--platform", "win_amd64", "--python-version", "3.11", "--no-deps"]
        for wanted in (["--require-hashes", "-r", str(lock)], ["pip"]):
            done = subprocess.run([*pip, *there, *wanted], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr[-2000:]

    return kept("wheels-windows", [lock.read_text(encoding="utf-8")], download, keep=0)


def test_the_sdist_gives_the_same_wheel_without_a_network(folder: Path, tmp_path: Path) -> None:
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    source = next(tmp_path.glob("arcdiag-*"))
    build = [str(tools_python()), "-m", "build", "--no-isolation", "--wheel", "--outdir", str(tmp_path / "dist")]
    # Another seed of hashes, another place, another home: none of it is seen in the wheel.
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONHASHSEED": "7"}
    first = next(folder.glob("*.whl"))
    env["SOURCE_DATE_EPOCH"] = str(int(tarfile_time(next(folder.glob("*.tar.gz")))))
    done = subprocess.run([*NEW_NETWORK, *build, str(source)], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    again = next((tmp_path / "dist").glob("*.whl"))
    assert (again.name, sha256(again)) == (first.name, sha256(first))


def test_no_time_of_the_build_is_in_it(folder: Path) -> None:
    """Babel writes the present into a catalogue that names no times."""
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        for name in (name for name in archive.namelist() if name.endswith(".mo")):
            told = gettext.GNUTranslations(io.BytesIO(archive.read(name))).info()
            assert {told["pot-creation-date"][:10], told["po-revision-date"][:10]} == {"2000-01-01"}
        assert sum(name.endswith(".mo") for name in archive.namelist()) == 2


def tarfile_time(path: Path) -> float:
    with tarfile.open(path) as archive:
        return archive.getmembers()[0].mtime


def test_pip_installs_the_wheel_on_windows(folder: Path) -> None:
    wheels = wheels_for_windows()
    with new_machine() as machine:
        tool = machine.drive / "tool"
        shutil.copytree(CASE, tool / "evidence")
        pip = f"{windows_path(next(wheels.glob('pip-*.whl')))}\\pip"
        options = ["--no-index", "--find-links", windows_path(wheels), "--target", SITE, "--no-compile"]
        wheel = windows_path(next(folder.glob("*.whl")))
        done = machine.py("-S", pip, "install", "-q", *options, wheel)
        assert done.code == 0, done.output
        for arguments, code in ((("--version",), 0), (("explain", "AZCM0042"), 0)):
            python = [str(machine.python / "python.exe"), "-S", "-m", "arcdiag", *arguments]
            told = machine.run(*python, variables={"PYTHONPATH": SITE, "PYTHONUTF8": "1"}, apart=True, cwd=tool)
            assert (told.code, told.output) == (code, here(*arguments).output), told.errors
        python = [str(machine.python / "python.exe"), "-S", "-m", "arcdiag", "analyze", "evidence", "--format", "json"]
        told = machine.run(*python, variables={"PYTHONPATH": SITE}, apart=True, cwd=tool)
        ours = here("analyze", str(CASE), "--format", "json")
        assert (told.code, json.loads(told.raw)["causes"]) == (1, json.loads(ours.raw)["causes"]), told.errors
