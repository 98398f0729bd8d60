"""Folders, files, archives and standard input open as the same case."""

from __future__ import annotations

import gzip
import io
import os
import re
from pathlib import Path

import pytest

from arcdiag.case.open import OpenCase, open_case
from arcdiag.errors import InputError
from tests.case.archives import FILES, LOG, packed, tar_of, zip_of


def contents(case: OpenCase) -> dict[str, bytes]:
    found = {}
    for file in case.files:
        with file.open() as stream:
            found[file.path] = stream.read()
    return found


def write_folder(root: Path) -> Path:
    for name, data in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def refused(path: Path | str, stdin: io.BytesIO | None = None) -> str:
    with pytest.raises(InputError) as caught:
        open_case(str(path), stdin)
    text = str(caught.value)
    assert caught.value.exit_code == 2
    assert "\n" not in text
    return text


ARCHIVES = {
    "case.zip": zip_of(FILES),
    "case.tar": tar_of(FILES),
    "case.tar.gz": packed(tar_of(FILES)),
    "case.tgz": packed(tar_of(FILES)),
}


def test_a_folder(tmp_path: Path) -> None:
    with open_case(str(write_folder(tmp_path / "web01"))) as case:
        assert case.name == "web01"
        assert contents(case) == dict(sorted(FILES.items()))
        assert [file.size for file in case.files] == [len(FILES[file.path]) for file in case.files]
        assert (case.manifest, case.facts, case.left_out) == (None, (), ())


@pytest.mark.parametrize("name", ARCHIVES)
@pytest.mark.parametrize("given", ["", "misnamed.log"])
def test_an_archive_by_its_content(tmp_path: Path, name: str, given: str) -> None:
    path = tmp_path / (given or name)
    path.write_bytes(ARCHIVES[name])
    with open_case(str(path)) as case:
        assert case.name == path.name
        assert contents(case) == dict(sorted(FILES.items()))
        assert contents(case) == dict(sorted(FILES.items())), "each open() is a fresh stream"
        assert case.left_out == ()


@pytest.mark.parametrize("name", ARCHIVES)
def test_two_streams_of_one_archive_at_the_same_time(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(ARCHIVES[name])
    with open_case(str(tmp_path / name)) as case:
        data = FILES[case.files[0].path]
        with case.files[0].open() as first, case.files[0].open() as second, case.files[1].open() as third:
            assert first.read(10) == second.read(10) == data[:10]
            assert third.read(5) == FILES[case.files[1].path][:5]
            assert first.read() == second.read() == data[10:]


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_on_standard_input(name: str) -> None:
    with open_case("-", io.BytesIO(ARCHIVES[name])) as case:
        assert case.name == "stdin"
        assert contents(case) == dict(sorted(FILES.items()))


def test_text_on_standard_input() -> None:
    with open_case("-", io.BytesIO(LOG)) as case:
        assert contents(case) == {"stdin": LOG}
        assert contents(case) == {"stdin": LOG}


def test_a_single_log_by_any_name(tmp_path: Path) -> None:
    (tmp_path / "output").write_bytes(LOG)
    with open_case(str(tmp_path / "output")) as case:
        assert contents(case) == {"output": LOG}


def test_a_packed_log_is_handed_on_packed(tmp_path: Path) -> None:
    (tmp_path / "himds.log.gz").write_bytes(packed(LOG))
    with open_case(str(tmp_path / "himds.log.gz")) as case:
        assert contents(case) == {"himds.log.gz": packed(LOG)}


def test_wide_text_is_text(tmp_path: Path) -> None:
    for codec in ("utf-16", "utf-16-le", "utf-16-be"):
        (tmp_path / codec).write_bytes("Ärger mit dem Proxy\r\n".encode(codec) * 9)
    (tmp_path / "cp932").write_bytes("プロキシ認証が必要です\r\n".encode("cp932") * 9)
    (tmp_path / "torn").write_bytes(LOG * 9 + b"\0" * 200)
    with open_case(str(tmp_path)) as case:
        assert len(case.files) == 5


def test_a_zip_in_a_zip_is_opened_and_no_deeper(tmp_path: Path) -> None:
    inner = zip_of({"deep.log": LOG})
    middle = zip_of({"deeper.zip": inner, "middle.log": LOG, "packed.tgz": packed(tar_of({"x.log": LOG}))})
    (tmp_path / "outer.zip").write_bytes(zip_of({"agent/logs.zip": middle, "outer.log": LOG}))
    with open_case(str(tmp_path / "outer.zip")) as case:
        assert list(contents(case)) == ["agent/logs.zip/middle.log", "outer.log"]
        assert [item.what for item in case.left_out] == ["agent/logs.zip/deeper.zip", "agent/logs.zip/packed.tgz"]
        assert all("archive inside an archive" in item.why for item in case.left_out)


def test_archives_in_a_folder_are_opened(tmp_path: Path) -> None:
    for name, data in ARCHIVES.items():
        (tmp_path / name).write_bytes(data)
    with open_case(str(tmp_path)) as case:
        assert len(case.files) == len(ARCHIVES) * len(FILES)
        assert contents(case)["case.tar.gz/logs/himds.log"] == FILES["logs/himds.log"]


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    (tmp_path / "System.evtx").write_bytes(b"ElfFile\0" + b"\0" * 5000)
    (tmp_path / "system.journal").write_bytes(b"LPKSHHRH" + b"\0" * 5000)
    (tmp_path / "shot.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0\1\2" * 500)
    (tmp_path / "old.log.xz").write_bytes(b"\xfd7zXZ\0" + b"\1\2\3" * 500)
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "packed.gz").write_bytes(packed(b"\x7fELF" + b"\0" * 3000))
    with open_case(str(tmp_path)) as case:
        assert list(contents(case)) == ["a.log"]
        reasons = {item.what: item.why for item in case.left_out}
        assert set(reasons) == {"System.evtx", "system.journal", "shot.png", "old.log.xz", "noise.bin", "packed.gz"}
        assert "event log" in reasons["System.evtx"] and "journal" in reasons["system.journal"]


def test_a_folder_by_a_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_folder(tmp_path / "web02"))
    with open_case(".") as case:
        assert case.name == "web02"


def test_closing_removes_what_was_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))
    (tmp_path / "case.tgz").write_bytes(ARCHIVES["case.tgz"])
    with open_case(str(tmp_path / "case.tgz")) as case:
        unpacked = [path for path in room.rglob("*") if path.is_file()]
        assert sorted(path.name for path in unpacked) == ["1", "2", "3"]
        assert len(case.files) == 3
    assert list(room.iterdir()) == []


def test_errors_name_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "hollow").mkdir()
    (tmp_path / "hollow" / "a.log").touch()
    (tmp_path / "empty.log").touch()
    (tmp_path / "tool").write_bytes(b"\x7fELF" + b"\0\1" * 4000)
    (tmp_path / "shot.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0\1\2" * 500)
    (tmp_path / "none.zip").write_bytes(zip_of({}))
    (tmp_path / "none.gz").write_bytes(packed(b""))
    assert "no such file" in refused(tmp_path / "nowhere")
    # Windows does not tell one from the other.
    assert re.search("no folder|no such file", refused(tmp_path / "empty.log" / "x"))
    assert "is empty" in refused(tmp_path / "empty")
    assert "only empty files" in refused(tmp_path / "hollow")
    assert "it is empty" in refused(tmp_path / "empty.log")
    assert "neither text nor" in refused(tmp_path / "tool")
    assert "an image" in refused(tmp_path / "shot.png")
    assert "is empty" in refused(tmp_path / "none.zip")
    assert "nothing in it" in refused(tmp_path / "none.gz")
    assert "it is empty" in refused("-", io.BytesIO(b""))
    assert "standard input" in refused("-")
    assert "no possible path" in refused("a\0b") or "no such file" in refused("a\0b")
    assert "no such file" in refused("x" * 300) or "cannot be read" in refused("x" * 300)
    assert "\x1b" not in refused("\x1b[31mred")


@pytest.mark.parametrize("name", ARCHIVES)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.97])
def test_a_cut_off_archive(tmp_path: Path, name: str, share: float) -> None:
    files = {f"logs/{n}.log": os.urandom(2000).hex().encode() for n in range(5)}
    makers = {"case.zip": zip_of, "case.tar": lambda f: tar_of(f).rstrip(b"\0")}
    whole = makers.get(name, lambda f: packed(tar_of(f)))(files)
    (tmp_path / name).write_bytes(whole[: int(len(whole) * share)])
    assert "damaged or cut off" in refused(tmp_path / name).replace("cut-off", "cut off")


def test_a_cut_off_packed_log(tmp_path: Path) -> None:
    whole = packed(os.urandom(3000).hex().encode())
    (tmp_path / "himds.log.gz").write_bytes(whole[:1500])
    assert "damaged or cut off" in refused(tmp_path / "himds.log.gz")
    (tmp_path / "azcmagent.log").write_bytes(LOG)
    with open_case(str(tmp_path)) as case:
        assert [file.path for file in case.files] == ["azcmagent.log", "himds.log.gz"]
        assert [item.what for item in case.left_out] == ["himds.log.gz"]
        read = contents(case)["himds.log.gz"]
        assert len(read) > 1000 and gzip.decompress(whole).startswith(read)


def test_damage_inside_an_archive_is_an_end_of_file_error(tmp_path: Path) -> None:
    data = os.urandom(60_000).hex().encode()
    whole = bytearray(zip_of([("good.log", LOG), ("bad.log", data)]))
    whole[len(whole) // 2] ^= 0xFF
    (tmp_path / "case.zip").write_bytes(whole)
    with open_case(str(tmp_path / "case.zip")) as case:
        by_path = {file.path: file for file in case.files}
        with by_path["good.log"].open() as stream:
            assert stream.read() == LOG
        with by_path["bad.log"].open() as stream, pytest.raises(EOFError, match="damaged"):
            stream.read()


def test_a_file_that_vanishes_is_an_end_of_file_error(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    with open_case(str(tmp_path)) as case:
        (tmp_path / "a.log").unlink()
        with case.files[0].open() as stream, pytest.raises(EOFError, match="no longer there"):
            stream.read()
