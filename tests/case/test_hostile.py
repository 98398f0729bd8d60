"""Input that wants out of its case, or wants to fill memory and disk."""

from __future__ import annotations

import io
import os
import socket
import struct
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from arcdiag.case.limits import MAX_LEFT_OUT, MAX_MEMBERS, MAX_NAME
from arcdiag.case.open import open_case
from arcdiag.errors import InputError
from tests.case.archives import LOG, packed, tar_link, tar_of, zip_link, zip_of
from tests.case.hostile_zips import endless_members, two_ends

BAD_NAMES = [
    "/etc/passwd",
    "../up.log",
    "a/../../up.log",
    "..\\up.log",
    "C:\\up.log",
    "c:up.log",
    "\\\\server\\up.log",
    "x" * 501,
]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def opened(path: Path) -> tuple[list[str], dict[str, str]]:
    with open_case(str(path)) as case:
        for file in case.files:
            with file.open() as stream:
                stream.read()
        return [file.path for file in case.files], {item.what: item.why for item in case.left_out}


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("kind", ["zip", "tar", "tgz"])
def test_names_that_lead_elsewhere(tmp_path: Path, name: str, kind: str) -> None:
    files = [("good.log", LOG), (name, b"evil\n")]
    tar = tar_of(files)
    data = {"zip": zip_of(files), "tar": tar, "tgz": packed(tar)}[kind]
    (tmp_path / "case").write_bytes(data)
    paths, left_out = opened(tmp_path / "case")
    assert paths == ["good.log"]
    assert len(left_out) == 1
    assert list(tmp_path.parent.rglob("up.log")) == []


def test_links_and_devices_in_archives(tmp_path: Path) -> None:
    extra = [
        tar_link("link.log", "/etc/passwd"),
        tar_link("hard.log", "good.log", tarfile.LNKTYPE),
        tar_link("null", "", tarfile.CHRTYPE),
        tar_link("pipe", "", tarfile.FIFOTYPE),
    ]
    tar = tar_of({"good.log": LOG}, extra)
    for name, data in (
        ("a.tar", tar),
        ("a.tgz", packed(tar)),
        ("a.zip", zip_of([("good.log", LOG), zip_link("link.log", "/etc/passwd")])),
    ):
        (tmp_path / name).write_bytes(data)
        paths, left_out = opened(tmp_path / name)
        assert paths == ["good.log"]
        assert left_out["link.log"] == "it is a link"
        assert len(left_out) == (1 if name == "a.zip" else 4)


def test_control_characters_in_names(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_of({"a\x1b[31m\u202egol.log": LOG, "b\nc.log": LOG}))
    paths, _ = opened(tmp_path / "a.zip")
    assert paths == ["a\ufffd[31m\ufffdgol.log", "b\ufffdc.log"]


def test_double_names_are_both_kept(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zip_of([("a.log", b"first\n"), ("a.log", b"second\n"), ("a.log", b"third\n")])
    (tmp_path / "a.zip").write_bytes(data)
    (tmp_path / "a.tar").write_bytes(tar_of([("a.log", b"first\n"), ("a.log", b"second\n"), ("a.log", b"third\n")]))
    for name in ("a.zip", "a.tar"):
        with open_case(str(tmp_path / name)) as case:
            assert [(f.path, f.open().read()) for f in case.files] == [
                ("a.log", b"first\n"),
                ("a.log#2", b"second\n"),
                ("a.log#3", b"third\n"),
            ]


@pytest.mark.parametrize("kind", ["zip", "gz", "tgz", "nested"])
def test_a_bomb_is_refused(tmp_path: Path, kind: str) -> None:
    bomb = b"a\n" + b" " * 30_000_000
    data = {
        "zip": lambda: zip_of({"bomb.log": bomb}),
        "gz": lambda: packed(bomb),
        "tgz": lambda: packed(tar_of({"bomb.log": bomb})),
        "nested": lambda: zip_of({"inner.zip": zip_of({"bomb.log": bomb})}),
    }[kind]()
    (tmp_path / "bomb").write_bytes(data)
    with pytest.raises(InputError, match="times its size"):
        open_case(str(tmp_path / "bomb"))
    (tmp_path / "good.log").write_bytes(LOG)
    paths, left_out = opened(tmp_path)
    assert paths == ["good.log"]
    assert len(left_out) == 1


@pytest.mark.parametrize("kind", ["folder", "zip", "tgz"])
def test_too_many_files(tmp_path: Path, kind: str) -> None:
    names = [f"{number:05}.log" for number in range(MAX_MEMBERS + 7)]
    path = tmp_path / "case"
    if kind == "folder":
        path.mkdir()
        for name in names:
            (path / name).write_bytes(b"x\n")
    else:
        files = dict.fromkeys(names, b"x\n")
        path.write_bytes(zip_of(files) if kind == "zip" else packed(tar_of(files)))
    with open_case(str(path)) as case:
        assert [file.path for file in case.files] == names[:MAX_MEMBERS]
        assert [item.what for item in case.left_out] == ["the other files"]
        assert "5,000" in case.left_out[0].why


def test_many_refusals_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_of({"a.log": LOG, **{f"../{n}": b"x" for n in range(MAX_LEFT_OUT + 50)}}))
    with open_case(str(tmp_path / "a.zip")) as case:
        assert len(case.left_out) == MAX_LEFT_OUT + 1
        assert case.left_out[-1].what == "50 more files"


def test_a_long_file_is_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arcdiag.case.contents.MAX_MEMBER_BYTES", 1000)
    monkeypatch.setattr("arcdiag.case.contents.MAX_PLAIN_BYTES", 1500)
    monkeypatch.setattr("arcdiag.case.packed.MAX_MEMBER_BYTES", 1000)
    long = os.urandom(2000).hex().encode()
    (tmp_path / "a.log").write_bytes(long)
    (tmp_path / "b.log.gz").write_bytes(packed(long))
    (tmp_path / "c.zip").write_bytes(zip_of({"c.log": long}))
    with open_case(str(tmp_path)) as case:
        assert {file.path: file.open().read() for file in case.files} == {
            "a.log": long[:1500],
            "b.log.gz": long[:1000],
            "c.zip/c.log": long[:1000],
        }
        assert {item.what for item in case.left_out} == {"a.log", "b.log.gz", "c.zip/c.log"}


def test_the_total_is_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arcdiag.case.spool.MAX_TOTAL_BYTES", 10_000)
    files = {f"{number}.log": os.urandom(2000).hex().encode() for number in range(4)}
    for name, data in (("a.zip", zip_of(files)), ("a.tgz", packed(tar_of(files)))):
        (tmp_path / name).write_bytes(data)
        paths, left_out = opened(tmp_path / name)
        assert paths == ["0.log", "1.log"]
        assert "unpacks to more than" in left_out["2.log"]


def test_standard_input_is_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arcdiag.case.open.MAX_STDIN_BYTES", 1000)
    monkeypatch.setattr("arcdiag.case.open.STDIN_IN_MEMORY", 100)
    with open_case("-", io.BytesIO(LOG * 100)) as case:
        assert case.files[0].open().read() == (LOG * 100)[:1000]
        assert [item.what for item in case.left_out] == ["stdin"]
    with open_case("-", io.BytesIO((LOG * 100)[:1000])) as case:
        assert case.left_out == ()


@pytest.mark.parametrize("make", [endless_members, two_ends], ids=lambda make: make.__name__)
def test_a_zip_with_an_endless_list_of_members(tmp_path: Path, make: Callable[[], bytes]) -> None:
    (tmp_path / "a.zip").write_bytes(make())
    with pytest.raises(InputError, match="list of members is too long"):
        open_case(str(tmp_path / "a.zip"))


def test_a_tar_with_an_endless_name(tmp_path: Path) -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type = tarfile.GNUTYPE_LONGNAME
    header.size = 3_000_000_000
    (tmp_path / "a.tar").write_bytes(header.tobuf() + b"x" * 5120)
    with pytest.raises(InputError, match="damaged"):
        open_case(str(tmp_path / "a.tar"))


def test_a_tar_with_a_chain_of_names(tmp_path: Path) -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type = tarfile.GNUTYPE_LONGNAME
    header.size = 5
    link = header.tobuf() + b"name\0".ljust(512, b"\0")
    (tmp_path / "a.tar").write_bytes(link * 20_000)
    with pytest.raises(InputError, match="damaged"):
        open_case(str(tmp_path / "a.tar"))


def test_locked_archives(tmp_path: Path) -> None:
    data = bytearray(zip_of({"a.log": LOG}))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(magic) + offset
        data[at] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(InputError, match="password"):
        open_case(str(tmp_path / "a.zip"))


def test_an_unknown_packing(tmp_path: Path) -> None:
    data = bytearray(zip_of({"a.log": LOG}))
    for magic, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", data, data.index(magic) + offset, 93)
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(InputError, match="packed with zstd, which is not opened here"):
        open_case(str(tmp_path / "a.zip"))


@POSIX
def test_links_and_special_files_of_a_folder(tmp_path: Path) -> None:
    root = tmp_path / "case"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("outside\n")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.log").write_bytes(LOG)
    (root / "a.log").write_bytes(LOG)
    (root / "same.log").symlink_to("a.log")
    (root / "out.log").symlink_to("../secret.txt")
    (root / "outdir").symlink_to(tmp_path / "elsewhere")
    (root / "broken.log").symlink_to("nowhere")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe")
    plug = socket.socket(socket.AF_UNIX)
    plug.bind(str(root / "plug"))
    paths, left_out = opened(root)
    plug.close()
    assert paths == ["a.log"]
    assert set(left_out) == {"out.log", "outdir", "broken.log", "pipe", "plug"}
    assert "pipe" in left_out["pipe"] and "socket" in left_out["plug"] and "link" in left_out["out.log"]


@POSIX
def test_a_device_or_a_pipe_is_no_case(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in ("/dev/zero", str(tmp_path / "pipe")):
        with pytest.raises(InputError, match="no regular file"):
            open_case(path)


@POSIX
def test_files_that_may_not_be_read(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents:
        if folder.stat().st_uid == os.getuid() and folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            folder.chmod(0o755)
    (tmp_path / "a.log").write_bytes(LOG)
    (tmp_path / "b.log").write_bytes(LOG)
    (tmp_path / "b.log").chmod(0)
    (tmp_path / "dir").mkdir(mode=0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        paths, left_out = opened(tmp_path)
        with pytest.raises(InputError, match="no right to read"):
            open_case(str(tmp_path / "b.log"))
    finally:
        if root:
            os.seteuid(0)
    assert paths == ["a.log"]
    assert left_out == {"b.log": "no right to read it", "dir": "no right to read it"}


def test_a_deep_folder(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(70):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "x.log").write_bytes(LOG)
    (tmp_path / "a.log").write_bytes(LOG)
    paths, left_out = opened(tmp_path)
    assert paths == ["a.log"]
    assert len(left_out) == 1 and len(next(iter(left_out))) <= MAX_NAME
    assert "folders deep" in next(iter(left_out.values()))


@POSIX
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"bad\xff.log")).write_bytes(LOG)
    paths, _ = opened(tmp_path)
    assert paths == ["bad\ufffd.log"]
    paths[0].encode()


def test_a_zip_that_lies_about_sizes(tmp_path: Path) -> None:
    data = bytearray(zip_of({"a.log": LOG * 100}))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<L", data, central + 24, 100)
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(InputError, match="damaged"):
        open_case(str(tmp_path / "a.zip"))


def test_an_archive_is_never_trusted_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(LOG)
    paths, _ = opened(tmp_path)
    assert paths == ["a.zip"]
    assert not zipfile.is_zipfile(tmp_path / "a.zip")
