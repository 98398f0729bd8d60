"""The pyz under a Python that has no packages, in an empty environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.lab.windows.reports import here
from tests.namespaces import NEW_NETWORK
from tests.packaging.bills import components
from tests.packaging.built import built
from tests.packaging.test_linux import CASE

PYTHON = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
LIMIT = 30 * 1024 * 1024


@pytest.fixture(scope="module")
def folder() -> Path:
    return built("pyz")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def run(program: Path, home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Without site-packages, without a network."""
    command = [*NEW_NETWORK, str(PYTHON), "-S", "-I", str(program), *arguments]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C.UTF-8", **variables}
    return subprocess.run(command, capture_output=True, env=env, timeout=240, check=False)


def test_it_is_small(folder: Path) -> None:
    assert (folder / "arcdiag.pyz").stat().st_size < LIMIT


def test_it_does_what_the_checkout_does(folder: Path, home: Path) -> None:
    for arguments in (("--version",), ("explain", "AZCM0042"), ("explain", "dns-failure", "--lang", "ko")):
        told = run(folder / "arcdiag.pyz", home, *arguments)
        assert (told.returncode, told.stdout) == (0, here(*arguments).raw), told.stderr
    told = run(folder / "arcdiag.pyz", home, "analyze", str(CASE), "--format", "json")
    assert told.returncode == 1, told.stderr
    assert json.loads(told.stdout) == json.loads(here("analyze", str(CASE), "--format", "json").raw)


def test_it_collects(folder: Path, home: Path, tmp_path: Path) -> None:
    told = run(folder / "arcdiag.pyz", home, "collect", "-o", str(tmp_path), "--timeout", "5")
    assert told.returncode in (1, 3) and b"Traceback" not in told.stderr, told.stderr
    assert len(list(tmp_path.glob("*.zip"))) == len(list(tmp_path.glob("*.html"))) == 1


def test_it_is_unpacked_once_and_only_for_its_owner(folder: Path, tmp_path: Path) -> None:
    assert run(folder / "arcdiag.pyz", tmp_path, "--version").returncode == 0
    (place,) = (tmp_path / ".cache" / "arcdiag").glob("pyz-*")
    first = place.stat()
    assert first.st_mode & 0o077 == 0
    assert run(folder / "arcdiag.pyz", tmp_path, "--version").returncode == 0
    assert [p.name for p in place.parent.iterdir()] == [place.name]
    assert place.stat().st_ino == first.st_ino


def test_what_others_could_have_written_is_not_run(folder: Path, tmp_path: Path) -> None:
    assert run(folder / "arcdiag.pyz", tmp_path, "--version").returncode == 0
    (place,) = (tmp_path / ".cache" / "arcdiag").glob("pyz-*")
    (place / "arcdiag" / "__init__.py").write_text("raise SystemExit('not ours')")
    place.chmod(0o777)
    told = run(folder / "arcdiag.pyz", tmp_path, "--version")
    assert (told.returncode, told.stdout) == (0, here("--version").raw)


def test_without_a_home_nothing_is_left(folder: Path, tmp_path: Path) -> None:
    told = run(folder / "arcdiag.pyz", Path("/proc/nowhere"), "--version", TMPDIR=str(tmp_path))
    assert (told.returncode, told.stdout) == (0, here("--version").raw)
    assert not list(tmp_path.iterdir())


def test_an_old_python_is_told_what_it_lacks(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(folder / "arcdiag.pyz") as archive:
        start = archive.read("__main__.py").decode()
    older = tmp_path / "start.py"
    older.write_text("import sys; sys.version_info = (3, 9, 2)\n" + start)
    told = subprocess.run([sys.executable, str(older)], capture_output=True, text=True, check=False)
    assert told.returncode == 1 and "needs Python 3.11 or newer, this is 3.9" in told.stderr


def test_it_has_parts_for_every_system_that_it_names(folder: Path) -> None:
    with zipfile.ZipFile(folder / "arcdiag.pyz") as archive:
        index = json.loads(archive.read("index.json"))
    systems = {f"{s}-3.{v}" for s in ("linux-x86_64", "linux-aarch64", "windows") for v in (11, 12, 13, 14)}
    assert set(index) == systems
    for name, tree in index.items():
        assert "arcdiag/_data/rules.msgpack" in tree and "click/__init__.py" in tree, name
        compiled = [path for path in tree if path.endswith((".so", ".pyd"))]
        assert len(compiled) >= 6, name
        assert all(path.endswith(".pyd") == name.startswith("windows") for path in compiled), name


def test_its_bill_names_what_is_inside(folder: Path) -> None:
    known = components(folder, "arcdiag.pyz")
    assert {"click", "cryptography", "ahocorasick_rs", "regipy"} <= set(known)
    assert not {"pyinstaller", "pytest", "pip"} & set(known)


def test_it_runs_as_a_program(folder: Path, home: Path, tmp_path: Path) -> None:
    (tmp_path / "python3").symlink_to(PYTHON)
    shutil.copy(folder / "arcdiag.pyz", tmp_path / "tool")
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(home)}
    told = subprocess.run([str(tmp_path / "tool"), "--version"], capture_output=True, env=env, check=False)
    assert (told.returncode, told.stdout) == (0, here("--version").raw), told.stderr
    assert os.access(folder / "arcdiag.pyz", os.X_OK)
