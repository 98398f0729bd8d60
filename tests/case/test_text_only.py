"""Where a file stops being text it ends; what logs have in them beside letters goes through."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from arcdiag.case.redacted import redact_case
from arcdiag.case.text_only import TextOnly
from arcdiag.case.write import CaseWriter
from arcdiag.model.case import Manifest
from tests.case.archives import LOG, zip_of

SECRET = b"client_secret=abC8Q~dEfGhIjKlMnOpQrStUvWxYz0123456.-_9\n"
HEAD = LOG * 100
PACKED = {
    "zip": zip_of({"a.log": SECRET}),
    "gzip": gzip.compress(SECRET, mtime=0),
    "xz": lzma.compress(SECRET),
    "bzip2": bz2.compress(SECRET),
    "zstd": b"\x28\xb5\x2f\xfd\x24" + SECRET,
    "7z": b"7z\xbc\xaf\x27\x1c\0\4" + SECRET,
}
TEXTS = {
    "zeros of a crash": HEAD + bytes(20_000) + HEAD,
    "orders to a terminal": HEAD + b"\x1b[31mred\x1b[0m\r\n" * 2_000,
    "code page 949": HEAD + ("서비스를 시작할 수 없습니다.\r\n" * 2_000).encode("cp949"),
    "wide": b"\xff\xfe" + ("서비스 시작 실패 0x80070005 謟ࠀ\r\n" * 2_000).encode("utf-16-le"),
    "wide behind narrow": HEAD + ("서비스 시작 실패: himds 12:00:01\r\n" * 2_000).encode("utf-16-le"),
    "names of archives": HEAD + b"PK BZh91 7z Rar! MSCF 1AY&SY\n" * 100,
}


def passed(data: bytes, size: int = 1 << 20) -> tuple[bytes, int | None]:
    gate = TextOnly()
    out = b"".join(gate.feed(data[at : at + size]) for at in range(0, len(data), size))
    return out + gate.finish(), gate.ended_at


@pytest.mark.parametrize("size", [1, 3, 7, 4096, 1 << 20])
@pytest.mark.parametrize("name", PACKED)
def test_a_file_ends_where_something_packed_begins(name: str, size: int) -> None:
    assert passed(HEAD + PACKED[name] + LOG, size) == (HEAD, len(HEAD))


@pytest.mark.parametrize("size", [4096, 50_000, 1 << 20])
def test_a_stream_without_a_beginning_of_its_own_ends_it_too(size: int) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    noise = random.Random(5)
    secrets = b"".join(b"%032x " % noise.getrandbits(128) + SECRET for _ in range(2_000))
    raw = packer.compress(secrets) + packer.flush()
    out, ended = passed(HEAD + raw + LOG, size)
    assert ended is not None and abs(ended - len(HEAD)) <= 4096
    assert len(out) == ended


@pytest.mark.parametrize("size", [7, 4096, 1 << 20])
@pytest.mark.parametrize("name", TEXTS)
def test_text_goes_through_as_it_is(name: str, size: int) -> None:
    assert passed(TEXTS[name], size) == (TEXTS[name], None)


def blocks(path: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield archive.read(name)


@pytest.mark.parametrize("name", PACKED)
def test_it_is_in_no_redacted_file_and_that_is_said(tmp_path: Path, name: str) -> None:
    source, target = tmp_path / "a.log", tmp_path / "out.log"
    source.write_bytes(HEAD + PACKED[name] + LOG)
    removed = redact_case(str(source), target, None)
    assert target.read_bytes() == HEAD
    assert removed.left_out == [
        ("a.log", f"the rest of it: from byte {len(HEAD):,} on there is something packed in it")
    ]


@pytest.mark.parametrize("name", PACKED)
def test_it_is_in_no_bundle_and_that_is_said(tmp_path: Path, name: str) -> None:
    source = tmp_path / "a.log"
    source.write_bytes(HEAD + PACKED[name] + LOG)
    manifest = Manifest("1.0", "0", "0", "web01", "linux", "2024-10-01T09:12:44Z", 0, None, False)
    with CaseWriter(tmp_path / "case.zip", manifest) as writer:
        writer.add_file("logs/a.log", "log", source, 1 << 30)
    with zipfile.ZipFile(tmp_path / "case.zip") as archive:
        assert archive.read("logs/a.log") == HEAD
        assert b"from byte 7,200 on there is something packed in it" in archive.read("manifest.json")
