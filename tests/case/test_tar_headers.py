"""Tars are read as the standard library reads them, as long as they are honest."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from arcdiag.case.packed import CountedUnpacking
from arcdiag.case.spool import Budget, TooManyError
from arcdiag.case.tar_headers import DamagedTarError, Entry, TarStream
from tests.case.archives import LOG, packed
from tests.case.hostile_tars import attributes_for_all, pax, record, tar_header

_NAMES = ("a.log", "logs/" + "n" * 90 + "/" + "m" * 90 + "/x.log", "d" * 300 + ".log", "ü/日本.log", "b.log")


def made(form: int) -> bytes:
    """A tar of this form with all kinds of members."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=form) as archive:
        for number, name in enumerate(_NAMES):
            info = tarfile.TarInfo(name)
            info.size = len(LOG) * number
            archive.addfile(info, io.BytesIO(LOG * number))
        for kind in (tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo("other" + kind.decode())
            info.type, info.linkname = kind, "t" * 150 if form != tarfile.USTAR_FORMAT else "t"
            archive.addfile(info)
        info = tarfile.TarInfo("last.log")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"end"))
    return raw.getvalue()


def read(data: bytes, is_packed: bool = False) -> list[tuple[str, str, bytes]]:
    """Name, kind and content of every entry."""
    budget = Budget()
    stream = CountedUnpacking(io.BytesIO(packed(data)), len(data), budget) if is_packed else io.BytesIO(data)
    archive = TarStream(cast(BinaryIO, stream), not is_packed, budget)
    return [(e.name, e.kind, content(archive, e) if e.kind == "file" else b"") for e in archive.entries()]


def content(archive: TarStream, entry: Entry) -> bytes:
    """All of an entry's data, of which a stream may give less than asked for."""
    found = b""
    while piece := archive.read(entry.size - len(found)):
        found += piece
    return found


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_as_the_standard_library(form: int, is_packed: bool) -> None:
    data = made(form)
    found = read(data, is_packed)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        expected = archive.getmembers()
        assert [name for name, _, _ in found] == [info.name for info in expected]
        for (_, kind, data), info in zip(found, expected, strict=True):
            assert (kind == "file") == info.isreg()
            if info.isreg():
                assert data == archive.extractfile(info).read()  # type: ignore[union-attr]
    assert [kind for _, kind, _ in found[5:]] == ["folder", "link", "link", "special", "special", "file"]


def test_what_attributes_say() -> None:
    padded = b"hello".ljust(512, b"\0")
    assert read(pax(record("path", "new.log") + record("size", "5") + record("mtime", "1.5")))[0][0] == "new.log"
    raw = tar_header("x", 512, tarfile.XHDTYPE) + record("size", "5").ljust(512, b"\0") + tar_header("a.log", 0)
    assert read(raw + padded + bytes(1024)) == [("a.log", "file", b"hello")]
    assert read(pax(record("GNU.sparse.map", "0,5") + record("GNU.sparse.name", "real.log")))[0][:2] == (
        "real.log",
        "special",
    )
    assert [name for name, _, _ in read(attributes_for_all(3) + bytes(1024))] == ["a", "a", "a"]


@pytest.mark.parametrize(
    "data",
    [
        made(tarfile.GNU_FORMAT)[:700],
        made(tarfile.GNU_FORMAT).rstrip(b"\0"),
        made(tarfile.PAX_FORMAT)[:5000] + b"x" * 600,
        tar_header("a", 0),
        pax(record("size", "-5")),
        pax(record("size", "1" * 30)),
    ],
)
def test_damage_is_said(data: bytes) -> None:
    for is_packed in (False, True):
        with pytest.raises(DamagedTarError):
            read(data, is_packed)


def test_every_header_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("arcdiag.case.spool.MAX_ENTRIES", 20)
    assert len(read(tar_header("d", 0, tarfile.DIRTYPE) * 20 + bytes(1024))) == 20
    with pytest.raises(TooManyError):
        read(tar_header("d", 0, tarfile.DIRTYPE) * 21 + bytes(1024))
    name = tar_header("././@LongLink", 5, tarfile.GNUTYPE_LONGNAME) + b"name\0".ljust(512, b"\0")
    with pytest.raises(TooManyError):
        read((name + tar_header("d", 0)) * 11 + bytes(1024))
