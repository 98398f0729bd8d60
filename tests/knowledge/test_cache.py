"""The cache is the user's own or it is nothing: every way in which somebody else could have a hand in it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from arcdiag.knowledge.cache import KEPT, MOST_BYTES, cache_folder, read_cached, write_cached

NAME = "thing.bin"
NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    write_cached(NAME, b"mine")
    return tmp_path / "xdg" / "arcdiag"


def test_what_was_kept_is_read_again_and_is_for_its_owner_alone(folder: Path) -> None:
    assert cache_folder() == folder
    assert read_cached(NAME) == b"mine"
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600
    write_cached(NAME, b"newer")
    assert read_cached(NAME) == b"newer"
    assert [path.name for path in folder.iterdir()] == [NAME]


def test_the_oldest_of_a_kind_are_forgotten(folder: Path) -> None:
    for number in range(KEPT + 2):
        write_cached(f"own-{number}", b"rules")
        os.utime(folder / f"own-{number}", (number, number))
    write_cached("own-last", b"rules")
    assert {path.name for path in folder.iterdir()} == {
        NAME, "own-last", *(f"own-{number}" for number in range(3, KEPT + 2)),
    }  # fmt: skip


def give_away(path: Path) -> None:
    os.chown(path, NOBODY, NOBODY)


def as_link(path: Path) -> None:
    real = path.with_name("real")
    path.rename(real)
    path.symlink_to(real)


def as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def too_long(path: Path) -> None:
    os.truncate(path, MOST_BYTES + 1)


ON_FOLDER: list[Callable[[Path], None]] = [
    give_away, as_link, lambda p: p.chmod(0o770), lambda p: p.chmod(0o707), lambda p: p.chmod(0o1777),
    lambda p: p.chmod(0o755),
]  # fmt: skip
ON_FILE: list[Callable[[Path], None]] = [
    give_away, as_link, as_pipe, as_folder, too_long, Path.unlink, lambda p: p.chmod(0o620), lambda p: p.chmod(0o602),
]  # fmt: skip


@pytest.mark.parametrize("change", ON_FOLDER)
def test_a_folder_that_others_have_a_hand_in_is_neither_read_nor_written(
    folder: Path, change: Callable[[Path], None]
) -> None:
    change(folder)
    before = sorted((path.name, path.lstat().st_mtime_ns) for path in folder.iterdir())
    assert read_cached(NAME) is None
    write_cached(NAME, b"again")
    assert sorted((path.name, path.lstat().st_mtime_ns) for path in folder.iterdir()) == before


@pytest.mark.parametrize("change", ON_FILE)
def test_a_file_that_others_have_a_hand_in_is_not_read(folder: Path, change: Callable[[Path], None]) -> None:
    change(folder / NAME)
    assert read_cached(NAME) is None


def test_a_link_in_place_of_the_file_is_replaced_and_never_written_through(folder: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"keep")
    (folder / NAME).unlink()
    (folder / NAME).symlink_to(victim)
    write_cached(NAME, b"again")
    assert victim.read_bytes() == b"keep"
    assert read_cached(NAME) == b"again" and not (folder / NAME).is_symlink()


def test_in_the_home_of_somebody_else_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(home))
    write_cached(NAME, b"x")
    assert list(home.iterdir()) == []
    (home / ".cache").mkdir()
    os.chown(home / ".cache", NOBODY, NOBODY)
    write_cached(NAME, b"x")
    assert list((home / ".cache").iterdir()) == []
    assert read_cached(NAME) is None


@pytest.mark.parametrize("place", ["", "relative/place", "/proc/none/such", "/dev/null"])
def test_where_there_is_no_place_nothing_happens(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", place)
    monkeypatch.setenv("HOME", "/nonexistent")
    write_cached(NAME, b"x")
    assert read_cached(NAME) is None
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_what_was_there(folder: Path) -> None:
    # A limit on the size of files is a disk that is full after so many bytes, without the rights of root to ignore it.
    code = (
        "import resource, signal\n"
        "from arcdiag.knowledge.cache import write_cached\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        f"write_cached({NAME!r}, bytes(100_000))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert read_cached(NAME) == b"mine"
    assert [path.name for path in folder.iterdir()] == [NAME]


def test_an_ordinary_user_cannot_be_given_a_cache(tmp_path: Path) -> None:
    """The whole of it as nobody: a folder of root's with rights for all is not its own."""
    place = tmp_path / "open"
    (place / "arcdiag").mkdir(parents=True)
    for path in (tmp_path, *tmp_path.parents[:2], place, place / "arcdiag"):
        path.chmod(path.stat().st_mode | 0o777 if path.is_relative_to(place) else path.stat().st_mode | 0o011)
    (place / "arcdiag" / NAME).write_bytes(b"planted")
    code = (
        "import os, sys\n"
        "from arcdiag.knowledge import cache\n"
        f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        f"cache.write_cached({NAME!r}, b'mine')\n"
        f"sys.exit(cache.read_cached({NAME!r}) is not None)\n"
    )
    env = {**os.environ, "XDG_CACHE_HOME": str(place)}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode == 0
    assert (place / "arcdiag" / NAME).read_bytes() == b"planted"
